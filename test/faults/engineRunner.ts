import type { Engine, Workdir } from "../support/engines";
import type { MesheryServer } from "../support/meshery";
import { CLAIMING } from "./answers";
import { holdsCanary } from "./checks";
import { command, type Outcome } from "./command";
import type { Accident, Lifecycle } from "./lifecycles";
import { type Exchange, type FaultyProxy, worded } from "./proxy";
import { newTally } from "./tally";

export const FLAGS = ["-input=false", "-no-color"];
export const NO_ACCIDENT: Accident = { kind: "none" };

/** Where a lifecycle is played. */
export interface Scene {
  life: Lifecycle;
  engine: Engine;
  server: MesheryServer;
  proxy: FaultyProxy;
  dir: Workdir;
}

/** Runs the commands of one lifecycle's engine, and keeps a trace of all that was said and sent. */
export class EngineRunner {
  readonly trace: string[] = [];
  readonly tally = newTally();
  private runs = 0;
  private lastRun: readonly Exchange[] = [];

  constructor(readonly scene: Scene) {
    this.note(JSON.stringify({ ...scene.life, steps: undefined, ending: undefined }));
  }

  note(text: string): void {
    this.trace.push(text);
  }

  async apply(accident: Accident, args: readonly string[] = []): Promise<Outcome> {
    if (!this.scene.life.savedPlan) return this.run(["apply", "-auto-approve", ...FLAGS, ...args], accident);
    return this.saved(args, accident);
  }

  async destroy(accident: Accident): Promise<Outcome> {
    const { how } = this.scene.life.ending;
    if (how === "saved plan") return this.saved(["-destroy"], accident);
    if (how === "destroy") return this.run(["destroy", "-auto-approve", ...FLAGS], accident);
    this.scene.dir.write("main.tf.json", "{}");
    return this.run(["apply", "-auto-approve", ...FLAGS], accident);
  }

  private async saved(args: readonly string[], accident: Accident): Promise<Outcome> {
    const planned = await this.run(["plan", "-out=plan.bin", ...args, ...FLAGS], accident);
    if (planned.code !== 0) return planned;
    const shown = await this.scene.dir.succeed(this.scene.engine, ["show", "-json", "plan.bin"]);
    if (holdsCanary(shown)) throw new Error("the token stands in the plan");
    return this.run(["apply", ...FLAGS, "plan.bin"], accident);
  }

  async run(args: readonly string[], accident: Accident = NO_ACCIDENT): Promise<Outcome> {
    const log = this.scene.life.log
      ? { TF_LOG_PROVIDER: "TRACE", TF_LOG_PATH: `${this.scene.dir.dir}/trace.log` }
      : undefined;
    const { seed } = this.scene.life;
    const { dir, engine, proxy } = this.scene;
    this.runs += 1;
    this.note(`\n--- ${args.join(" ")} with ${JSON.stringify(accident)}`);
    const before = proxy.exchanges.length;
    const outcome = await command({ dir, engine, proxy, seed: `${seed} ${this.runs}` }, args, accident, log);
    this.lastRun = proxy.exchanges.slice(before);
    for (const { number, method, path, fault, server, milliseconds } of this.lastRun)
      this.note(`${number} ${method} ${path} ${server ?? "-"} ${milliseconds} ms${fault ? `   ${worded(fault)}` : ""}`);
    this.count(accident, outcome);
    this.note(`exit code ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`);
    this.requireNoToken(outcome, log !== undefined);
    return outcome;
  }

  private count(accident: Accident, { struck, endedAfter = 0 }: Outcome): void {
    if (accident.kind === "faults") this.tally.faults += this.lastRun.filter(({ fault }) => fault !== undefined).length;
    if (accident.kind === "kill" && struck) this.tally.kills += 1;
    if (accident.kind !== "interrupt" || !struck) return;
    this.tally.interrupts += 1;
    this.tally.longestStop = Math.max(this.tally.longestStop, endedAfter);
  }

  private requireNoToken({ stdout, stderr }: Outcome, logged: boolean): void {
    const texts: Record<string, string> = { output: stdout, errors: stderr };
    for (const [name, file] of Object.entries({ state: "terraform.tfstate", backup: "terraform.tfstate.backup" }))
      texts[name] = optional(() => this.scene.dir.read(file));
    if (logged) texts.log = optional(() => this.scene.dir.read("trace.log"));
    const found = Object.keys(texts).filter((name) => holdsCanary(texts[name]!));
    if (found.length > 0) throw new Error(`the token stands in: ${found.join(", ")}`);
  }

  /** Whether the last run was told that something was made that was not: what is accepted is recorded, with a warning. */
  get wasMisled(): boolean {
    return this.lastRun.some(
      ({ method, fault }) =>
        method === "POST" && fault?.kind === "strange" && !fault.after && CLAIMING.includes(fault.answer),
    );
  }
}

function optional(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
