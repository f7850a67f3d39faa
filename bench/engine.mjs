// Runs Terraform or OpenTofu with one peer's provider and measures the run: wall time, processor time of the engine and
// all it started, and the peak memory of the provider.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openTofuPath } from "../scripts/engines.mjs";

/** A run that takes longer hangs. */
const TIMEOUT_MS = 15 * 60 * 1000;
const SAMPLE_EVERY_MS = 20;
const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that runs Node

/** Terraform or OpenTofu, whichever is found first; undefined where there is none. */
export function findEngine() {
  const onPath = (name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  for (const path of [...onPath("terraform"), ...onPath("tofu"), openTofuPath()]) {
    if (!existsSync(path)) continue;
    const env = { ...clean(), TF_CLI_CONFIG_FILE: devNull };
    const said = JSON.parse(execFileSync(path, ["version", "-json"], { env, encoding: "utf8" }));
    const label = /tofu$/.test(path) ? "OpenTofu" : "Terraform";
    const host = label === "OpenTofu" ? "registry.opentofu.org" : "registry.terraform.io";
    return { path, label, host, version: said.terraform_version };
  }
  return undefined;
}

/** A folder with one peer's form of a program, run against one server. */
export class Workdir {
  constructor(engine, peer, server, files) {
    this.engine = engine;
    this.dir = mkdtempSync(join(tmpdir(), "bench-run-"));
    this.env = { ...clean(), TF_CLI_CONFIG_FILE: peer.cliConfigFile, ...server.env };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.dir, name), text);
  }

  /** Plans where nothing is to be done; a plan that shows something else would make its figures worthless. */
  async emptyPlan(...args) {
    const run = await this.plan(...args);
    if (!/^No changes\./m.test(run.text)) throw new Error(`the plan is not empty:\n${run.text.slice(-4000)}`);
    return run;
  }
  plan(...args) {
    return this.run("plan", "-lock=false", ...args);
  }
  apply(...args) {
    return this.run("apply", "-auto-approve", ...args);
  }
  destroy(...args) {
    return this.run("destroy", "-auto-approve", ...args);
  }

  /** Runs a command that has to succeed: `{ms, cpuMs, peakMb, text}`; figures the system does not tell are undefined. */
  async run(command, ...args) {
    const cpuBefore = childrenCpuMs();
    const started = performance.now();
    const child = spawn(this.engine.path, [command, "-input=false", "-no-color", ...args], {
      cwd: this.dir,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
    }
    const memory = watchMemory(child.pid, this.engine.path);
    const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    const ms = performance.now() - started;
    const peakMb = memory.stop();
    if (code !== 0) throw new Error(`${this.engine.label} ${command} ended with ${code}:\n${text.slice(-4000)}`);
    const cpuAfter = childrenCpuMs();
    const cpuMs = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
    return { ms, cpuMs, peakMb, text };
  }

  remove() {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/**
 * The environment without what must not decide a figure: what the user says to engines and to Meshery, and the authorities
 * that Node 20 reads at every start, a bare one included.
 */
export function clean() {
  const kept = Object.entries(process.env).filter(([name]) => !/^((TF|TOFU|MESHERY)_|NODE_EXTRA_CA_CERTS$)/.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

/** Processor time of all children of this process that have ended, and of theirs; undefined where the system has no /proc. */
function childrenCpuMs() {
  const stat = read("/proc/self/stat");
  if (stat === undefined) return undefined;
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15); // cutime, cstime
  return ((Number(user) + Number(system)) * 1000) / TICKS_PER_SECOND;
}

/**
 * Watches what a process starts. `stop` gives the greatest sum of peak resident memory of children alive at one time, in
 * megabytes (10^6 bytes); the system keeps each process's own peak, so little is lost between two looks.
 */
function watchMemory(engine, enginePath) {
  let peakKb = 0;
  const look = () => {
    const sum = childrenOf(engine).reduce((total, pid) => {
      // For a moment a new process still is the engine, with all of its memory.
      if ((read(`/proc/${pid}/cmdline`) ?? "").startsWith(enginePath)) return total;
      const status = read(`/proc/${pid}/status`) ?? "";
      return total + Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    }, 0);
    peakKb = Math.max(peakKb, sum);
  };
  const timer = setInterval(look, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peakKb === 0 ? undefined : (peakKb * 1024) / 1e6;
    },
  };
}

/** A process is listed under the thread that started it. */
function childrenOf(pid) {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).flatMap((task) => (read(join(tasks, task, "children")) ?? "").split(" ").filter(Boolean));
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
