// What the figures were measured on, and what else the machine had to do meanwhile.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, platform, totalmem } from "node:os";

const TICKS_PER_SECOND = 100;

/** `text` says what the machine is; `surroundings()`, called at the end, what other programs did to it meanwhile. */
export function describeMachine(engine) {
  const cores = availableParallelism();
  const parts = [
    `${cores} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `${platform()} ${arch()}`,
    `Node ${process.versions.node}`,
    ...(engine ? [`${engine.label} ${engine.version}`] : []),
    ...goVersion(),
  ];
  const before = busy();
  const started = performance.now();
  return {
    text: parts.join(", "),
    surroundings() {
      const after = busy();
      if (before === undefined || after === undefined) return "What else the machine did meanwhile is not known.";
      const seconds = (performance.now() - started) / 1000;
      const others = Math.max(0, (after.all - before.all - (after.own - before.own)) / TICKS_PER_SECOND / seconds);
      const minutes = Math.max(1, Math.round(seconds / 60));
      const alone = others < 0.1 * cores;
      return `${alone ? "Nothing else was going on" : "The machine was shared: times are longer than on a quiet one"}. Other programs used ${others.toFixed(1)} of its ${cores} cores in the ${minutes} minutes this took.`;
    },
  };
}

function goVersion() {
  try {
    return [`Go ${execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim().replace(/^go/, "")}`];
  } catch {
    return [];
  }
}

/** Ticks of processor time: of the whole machine, and of this process with all its children that have ended. */
function busy() {
  try {
    const [user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "utf8")
      .split("\n")[0]
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const stat = readFileSync("/proc/self/stat", "utf8");
    const own = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0);
    return { all: user + nice + system + irq + softirq, own };
  } catch {
    return undefined;
  }
}
