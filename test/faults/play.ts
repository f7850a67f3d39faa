import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "../server/support/ask";
import { type Engine, findEngines, type Workdir } from "../support/engines";
import { expected, foreignWorld, MesheryServer, remembered, type Seen, seen } from "../support/meshery";
import { foreignName, type Program } from "../support/programs";
import { workdir } from "../support/terraform";
import { CLAIMING } from "./answers";
import {
  CANARY,
  differences,
  holdsCanary,
  type Inventory,
  inventory,
  lost,
  recorded,
  twins,
  unrecorded,
} from "./checks";
import { command, type Outcome } from "./command";
import { importBlocksIn } from "./imports";
import { type Accident, interrupted, type Lifecycle, lifecycle, SIZE, type Step } from "./lifecycles";
import { type Exchange, FaultyProxy, worded } from "./proxy";
import { addressOf, rendered } from "./rendering";

const FLAGS = ["-input=false", "-no-color"];
const NONE: Accident = { kind: "none" };
/** Milliseconds that an engine may take to end after a Ctrl-C. */
export const ENDS_WITHIN = 4_000;

export interface Tally {
  faults: number;
  kills: number;
  interrupts: number;
  imports: number;
  /** The longest that an engine took to end after a Ctrl-C, in milliseconds. */
  longestStop: number;
}

export const newTally = (): Tally => ({ faults: 0, kills: 0, interrupts: 0, imports: 0, longestStop: 0 });

export function addTo(sum: Tally, { faults, kills, interrupts, imports, longestStop }: Tally): void {
  sum.faults += faults;
  sum.kills += kills;
  sum.interrupts += interrupts;
  sum.imports += imports;
  sum.longestStop = Math.max(sum.longestStop, longestStop);
}

/** Why a lifecycle failed; its message says how to repeat it, and where its trace is. */
export class LifecycleFailed extends Error {
  constructor(
    message: string,
    readonly tally: Tally,
  ) {
    super(message);
  }
}

/** Which lifecycle a seed stands for. */
export interface Kind {
  of(seed: number): Lifecycle;
  /** Argument of `npm run fuzz`. */
  flag: string;
}
export const LIFECYCLES: Kind = { of: lifecycle, flag: "" };
export const INTERRUPTS: Kind = { of: interrupted, flag: " --interrupts" };

/** Plays the lifecycle of a seed under a real engine. Throws `LifecycleFailed`. */
export async function play(seed: number, { of, flag }: Kind = LIFECYCLES, chosen?: Engine["name"]): Promise<Tally> {
  const life = { ...of(seed), ...(chosen ? { engine: chosen } : {}) };
  const engine = findEngines().find(({ name }) => name === life.engine) ?? findEngines()[0];
  if (!engine) throw new Error("neither terraform nor tofu is there");
  const folder = mkdtempSync(join(tmpdir(), `meshery-faults-${seed}-`));
  const server = await MesheryServer.start({
    era: life.era,
    quirks: life.quirks,
    token: CANARY,
    world: foreignWorld(SIZE),
  });
  const proxy = await FaultyProxy.start(server.url);
  const temporary = mkdtempSync(join(folder, "tmp-"));
  const signIn: Record<string, string> = life.local ? { MESHERY_TOKEN: "", MESHERY_PROVIDER: "Local" } : {};
  const dir = workdir(server, {}, { MESHERY_URL: proxy.url, TMPDIR: temporary, ...signIn }, folder);
  const stage = new Stage(life, engine, server, proxy, dir);
  try {
    await stage.play();
    rmSync(folder, { recursive: true, force: true });
    return stage.tally;
  } catch (error) {
    const trace = join(folder, "trace.txt");
    stage.note(`FAILED ${error instanceof Error ? error.message : String(error)}`);
    writeFileSync(trace, `${stage.trace.join("\n")}\n`);
    const why = error instanceof Error ? error.message : String(error);
    throw new LifecycleFailed(
      `seed ${seed} (${engine.name}, ${life.era}): ${why}\n  again: npm run fuzz -- --from ${seed} --seeds 1${flag}${chosen ? ` --engine ${chosen}` : ""}\n  trace: ${trace}`,
      stage.tally,
    );
  } finally {
    await proxy.close();
    await server.close();
  }
}

class Stage {
  readonly trace: string[] = [];
  readonly tally = newTally();
  private foreign: Inventory;
  private readonly theirs: Seen;
  private descriptions = new Map<string, string>();
  /** Whether programs changed since the last time that server and program were the same. */
  private unsettled = false;
  /** Whether nobody knows any more what descriptions were before they were managed no longer. */
  private unsure = false;
  private runs = 0;
  private lastRun: readonly Exchange[] = [];

  constructor(
    private readonly life: Lifecycle,
    private readonly engine: Engine,
    private readonly server: MesheryServer,
    private readonly proxy: FaultyProxy,
    private readonly dir: Workdir,
  ) {
    this.foreign = inventory(server);
    this.theirs = seen(server);
    this.note(JSON.stringify({ ...life, steps: undefined, ending: undefined }));
  }

  note(text: string): void {
    this.trace.push(text);
  }

  async play(): Promise<void> {
    const { steps } = this.life;
    for (const [i, step] of steps.entries()) {
      this.note(`\n=== step ${i + 1} ${JSON.stringify(step)}`);
      this.write(step);
      await this.afflicted(step);
      const settles = step.settles || (i === 0 && this.life.foreignEdges !== undefined);
      if (settles) await this.settle(step);
      if (i === 0) this.meddle();
    }
    await this.end(steps.at(-1)!);
  }

  private write(step: Pick<Step, "program" | "moved">): void {
    for (const [name, text] of Object.entries(rendered(this.life, step))) this.dir.write(name, text);
    for (const { type, from, to } of step.moved) {
      const text = this.descriptions.get(`${type}s ${from}`);
      if (text !== undefined) this.descriptions.set(`${type}s ${to}`, text);
    }
    this.descriptions = remembered(step.program, this.descriptions);
  }

  /** An apply in which something goes wrong, and what must hold after it. */
  private async afflicted(step: Step): Promise<void> {
    let killed = false;
    let misled = false;
    for (const [i, accident] of step.accidents.entries()) {
      const missing = this.missing();
      const { code, endedAfter, stderr } = await this.apply(accident, [
        ...this.life.flags,
        ...(i === 0 ? this.replacing(step.replaced) : []),
      ]);
      killed ||= mayLeave(accident);
      this.requireUnharmed();
      this.requireQuick(accident, endedAfter);
      if (accident.kind === "interrupt" && !mayLeave(accident)) this.requireOnServer(missing);
      if (killed && code !== 0) this.followImports(stderr);
      if (!killed) this.requireRecorded(step.program);
      // Without a refresh what was recorded by mistake stays recorded.
      misled = this.misled() || (misled && this.life.flags.includes("-refresh=false"));
      if (code === 0 && !misled) this.requireAsDeclared(step.program, "an apply that reported success");
    }
    this.unsettled ||= !step.settles;
  }

  private replacing(key: string | undefined): string[] {
    if (key === undefined) return [];
    const addresses = ["environment", "workspace", "connection_assignment"].flatMap((type) => [
      addressOf(this.life, `meshery_${type}`, key),
      `meshery_connection_assignment.all["${key}"]`,
    ]);
    const address = [...recorded(this.dir).values()].find((at) => addresses.includes(at));
    if (address === undefined) return [];
    // What is made anew has no description but the one that is declared; whether it was made anew nobody knows by now.
    this.unsure = true;
    return [`-replace=${address}`];
  }

  /** Whether the last run was told that something was made that was not: what is accepted is recorded, with a warning. */
  private misled(): boolean {
    return this.lastRun.some(
      ({ method, fault }) =>
        method === "POST" && fault?.kind === "strange" && !fault.after && CLAIMING.includes(fault.answer),
    );
  }

  /** After a kill between a write and its record the next apply may ask for an import, and says which. */
  private followImports(stderr: string): boolean {
    const blocks = importBlocksIn(stderr);
    if (blocks === "") return false;
    this.tally.imports += 1;
    this.dir.write("imports.tf", blocks);
    this.note(blocks);
    return true;
  }

  private async settle(step: Step): Promise<void> {
    let { code, stderr } = await this.apply(NONE);
    const killed = step.accidents.some(mayLeave);
    // One that was refused did nothing: it is not one of the two.
    if (code !== 0 && killed && this.followImports(stderr)) ({ code, stderr } = await this.apply(NONE));
    if (code !== 0) ({ code, stderr } = await this.apply(NONE));
    if (code !== 0) throw new Error(`does not converge: ${headsOf(stderr)}`);
    this.dir.write("imports.tf", "");
    this.requireUnharmed();
    this.requireRecorded(step.program);
    this.requireAsDeclared(step.program, "two clean applies");
    const twice = twins(this.server);
    if (twice.length > 0) throw new Error(`twins: ${twice.join(", ")}`);
    const plan = await this.run(["plan", "-detailed-exitcode", ...FLAGS]);
    if (plan.code !== 0) throw new Error(`the plan is not empty: ${plan.stdout}${plan.stderr}`);
    this.unsettled = false;
  }

  /** Others tie something of theirs to an environment of the program. */
  private meddle(): void {
    const { foreignEdges } = this.life;
    if (foreignEdges === undefined) return;
    const { store } = this.server;
    const address = addressOf(this.life, "meshery_environment", foreignEdges);
    const environmentId = [...recorded(this.dir)].find(([, at]) => at === address)![0];
    const connection = store.connections.find({ name: foreignName(SIZE.foreign - 1) })!;
    const workspace = store.workspaces.find({ name: "their workspace" })!;
    store.environmentConnections.insert({ environmentId, connectionId: connection.id });
    store.workspaceEnvironments.insert({ workspaceId: workspace.id, environmentId });
    this.foreign.edges.set(`${environmentId}/${connection.id}`, "a connection of others");
    this.foreign.edges.set(`${workspace.id}/${environmentId}`, "a workspace of others");
  }

  private async end(last: Step): Promise<void> {
    const { ending, foreignEdges } = this.life;
    this.note(`\n=== the end ${JSON.stringify(ending)}`);
    const program = ending.program ?? last.program;
    this.write({ program, moved: [] });
    if (ending.byHand !== undefined && foreignEdges === undefined) await this.deleteByHand(ending.byHand);
    const missing = this.missing();
    const { code, endedAfter } = await this.destroy(ending.accident);
    this.requireUnharmed();
    this.requireQuick(ending.accident, endedAfter);
    if (ending.accident.kind === "interrupt" && !mayLeave(ending.accident)) this.requireOnServer(missing);
    if (code === 0) this.requireEmpty("a destroy that reported success");
    if (foreignEdges !== undefined) await this.refusedForOthers();
    for (let i = 0; i < 2; i++) {
      const { code, stderr } = await this.destroy(NONE);
      if (code === 0) break;
      if (i === 1) throw new Error(`a destroy never ends: ${headsOf(stderr)}`);
    }
    this.requireUnharmed();
    this.requireEmpty("the last destroy");
  }

  /** While others use an environment it stays, and the destroy says so. */
  private async refusedForOthers(): Promise<void> {
    const { code, stderr } = await this.destroy(NONE);
    this.requireUnharmed();
    if (code === 0) throw new Error("a destroy reported success although others use an environment of the program");
    if (!stderr.includes("still used by")) throw new Error(`the refusal does not say who uses it: ${headsOf(stderr)}`);
    const { store } = this.server;
    for (const table of [store.environmentConnections, store.workspaceEnvironments]) {
      for (const { id } of [...table.list()]) {
        const row = table.get(id) as { environmentId: string; connectionId?: string; workspaceId?: string };
        const key = row.connectionId
          ? `${row.environmentId}/${row.connectionId}`
          : `${row.workspaceId}/${row.environmentId}`;
        if (!this.foreign.edges.get(key)?.endsWith("of others")) continue;
        table.delete(id);
        this.foreign.edges.delete(key);
      }
    }
  }

  private async deleteByHand(key: string): Promise<void> {
    const found = [...recorded(this.dir)].find(([, address]) =>
      ["environment", "workspace", "connection"].some(
        (type) => address === addressOf(this.life, `meshery_${type}`, key) || address === `meshery_${type}.${key}`,
      ),
    );
    if (!found) return;
    const [id, address] = found;
    const route = address.startsWith("meshery_environment")
      ? "environments"
      : address.startsWith("meshery_workspace")
        ? "workspaces"
        : "integrations/connections";
    const { status } = await ask(this.server, `/api/${route}/${id}`, { method: "DELETE" });
    this.note(`--- deleted by hand: ${address} (${id}): ${status}`);
  }

  private async apply(accident: Accident, args: readonly string[] = []): Promise<Outcome> {
    if (!this.life.savedPlan) return this.run(["apply", "-auto-approve", ...FLAGS, ...args], accident);
    return this.saved(args, accident);
  }

  private async destroy(accident: Accident): Promise<Outcome> {
    const { how } = this.life.ending;
    if (how === "saved plan") return this.saved(["-destroy"], accident);
    if (how === "destroy") return this.run(["destroy", "-auto-approve", ...FLAGS], accident);
    this.dir.write("main.tf.json", "{}");
    return this.run(["apply", "-auto-approve", ...FLAGS], accident);
  }

  private async saved(args: readonly string[], accident: Accident): Promise<Outcome> {
    const planned = await this.run(["plan", "-out=plan.bin", ...args, ...FLAGS], accident);
    if (planned.code !== 0) return planned;
    const shown = await this.dir.succeed(this.engine, ["show", "-json", "plan.bin"]);
    if (holdsCanary(shown)) throw new Error("the token stands in the plan");
    return this.run(["apply", ...FLAGS, "plan.bin"], accident);
  }

  private async run(args: readonly string[], accident: Accident = NONE): Promise<Outcome> {
    const log = this.life.log ? { TF_LOG_PROVIDER: "TRACE", TF_LOG_PATH: `${this.dir.dir}/trace.log` } : undefined;
    const { seed } = this.life;
    const { dir, engine, proxy } = this;
    this.runs += 1;
    this.note(`\n--- ${args.join(" ")} with ${JSON.stringify(accident)}`);
    const before = proxy.exchanges.length;
    const outcome = await command({ dir, engine, proxy, seed: `${seed} ${this.runs}` }, args, accident, log);
    this.lastRun = proxy.exchanges.slice(before);
    for (const { number, method, path, fault, server, milliseconds } of this.lastRun)
      this.note(`${number} ${method} ${path} ${server ?? "-"} ${milliseconds} ms${fault ? `   ${worded(fault)}` : ""}`);
    this.count(accident, outcome);
    this.note(`exit code ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`);
    this.requireSecret(outcome, log !== undefined);
    return outcome;
  }

  private count(accident: Accident, { struck, endedAfter = 0 }: Outcome): void {
    if (accident.kind === "faults") this.tally.faults += this.lastRun.filter(({ fault }) => fault !== undefined).length;
    if (accident.kind === "kill" && struck) this.tally.kills += 1;
    if (accident.kind !== "interrupt" || !struck) return;
    this.tally.interrupts += 1;
    this.tally.longestStop = Math.max(this.tally.longestStop, endedAfter);
  }

  private requireSecret({ stdout, stderr }: Outcome, logged: boolean): void {
    const texts: Record<string, string> = { output: stdout, errors: stderr };
    for (const [name, file] of Object.entries({ state: "terraform.tfstate", backup: "terraform.tfstate.backup" }))
      texts[name] = optional(() => this.dir.read(file));
    if (logged) texts.log = optional(() => this.dir.read("trace.log"));
    const found = Object.keys(texts).filter((name) => holdsCanary(texts[name]!));
    if (found.length > 0) throw new Error(`the token stands in: ${found.join(", ")}`);
  }

  private requireUnharmed(): void {
    const gone = lost(this.server, this.foreign);
    if (gone.length > 0) throw new Error(`lost of others: ${gone.join(", ")}`);
    const followed = this.proxy.exchanges.find(({ path }) => path === "/auth/login");
    if (followed) throw new Error("a redirect was followed");
  }

  private requireQuick(accident: Accident, endedAfter: number | undefined): void {
    if (accident.kind !== "interrupt" || endedAfter === undefined || endedAfter <= ENDS_WITHIN) return;
    throw new Error(`ended ${Math.round(endedAfter)} ms after Ctrl-C`);
  }

  private requireRecorded(program: Program): void {
    const { objects, edges } = unrecorded(this.server, this.foreign, this.dir);
    const moving = this.movingEdges(program);
    const left = [...objects, ...[...edges].filter(([pair]) => !moving.has(pair)).map(([, names]) => names)];
    if (left.length > 0) throw new Error(`on the server and not in the state: ${left.join(", ")}`);
  }

  /** Addresses in the state of what is not there. */
  private missing(): string[] {
    const { objects, edges } = inventory(this.server);
    return [...recorded(this.dir)].filter(([id]) => !objects.has(id) && !edges.has(id)).map(([, address]) => address);
  }

  /** The state of a run that was told to stop holds nothing that this run took away. */
  private requireOnServer(missingBefore: readonly string[]): void {
    const missing = this.missing().filter((address) => !missingBefore.includes(address));
    if (missing.length > 0) throw new Error(`in the state and not on the server: ${missing.join(", ")}`);
  }

  /** Edges that the program declares where the state still has the pair from which they move. */
  private movingEdges({ assignments, bindings, connections }: Program): Set<string> {
    const at = new Map([...recorded(this.dir)].map(([id, address]) => [address, id]));
    const id = (type: string, key: string) => at.get(addressOf(this.life, type, key)) ?? at.get(`${type}.${key}`);
    const connection = (key: string) =>
      key in connections
        ? id("meshery_connection", key)
        : this.server.store.connections.find({ name: foreignName(Number(key.slice("foreign:".length))) })?.id;
    const result = new Set<string>();
    for (const [key, edge] of Object.entries(assignments)) {
      if (id("meshery_connection_assignment", key) !== undefined)
        result.add(`${id("meshery_environment", edge.environment)}/${connection(edge.connection)}`);
    }
    for (const [key, edge] of Object.entries(bindings)) {
      if (id("meshery_workspace_binding", key) !== undefined)
        result.add(`${id("meshery_workspace", edge.workspace)}/${id("meshery_environment", edge.environment)}`);
    }
    return result;
  }

  private requireAsDeclared(program: Program, after: string): void {
    const should = this.withForeignEdges(expected(program, this.theirs, this.descriptions), program);
    const is = seen(this.server);
    if (this.unsettled || this.unsure) for (const view of [is, should]) this.hideUnmanaged(view, program);
    const wrong = differences(is, should);
    if (wrong.length > 0) throw new Error(`after ${after} the server is not as declared:\n  ${wrong.join("\n  ")}`);
  }

  private withForeignEdges(view: Seen, program: Program): Seen {
    const { foreignEdges } = this.life;
    const tied = [...this.foreign.edges.values()].some((names) => names.endsWith("of others"));
    if (foreignEdges === undefined || !tied) return view;
    const { name } = program.environments[foreignEdges]!;
    const environment = view.environments[name]!;
    environment.connections = [...environment.connections, foreignName(SIZE.foreign - 1)].sort();
    const workspace = view.workspaces["their workspace"]!;
    workspace.environments = [...workspace.environments, name].sort();
    return view;
  }

  /** Where a program did not settle, nobody knows which description an object had before it was managed no longer. */
  private hideUnmanaged(view: Seen, program: Program): void {
    for (const group of ["environments", "workspaces"] as const) {
      for (const { name, description } of Object.values(program[group])) {
        const shown = view[group][name];
        if (shown && description === undefined) shown.description = "";
      }
    }
  }

  private requireEmpty(after: string): void {
    const wrong = differences(seen(this.server), this.theirs);
    if (wrong.length > 0) throw new Error(`${after} left something:\n  ${wrong.join("\n  ")}`);
    const left = [...recorded(this.dir).values()];
    if (left.length > 0) throw new Error(`${after} left in the state: ${left.join(", ")}`);
  }
}

/**
 * Whether a run may end between a write and its record: it was killed, or there was no time for the write's answer and for the list
 * that tells the id where the answer does not.
 */
const mayLeave = (accident: Accident): boolean =>
  accident.kind === "kill" || (accident.kind === "interrupt" && accident.latency > 1_500);

/** The first line of each error; the trace has the rest. */
const headsOf = (said: string) => (said.match(/^.*Error: .*$/gm) ?? [said]).join("\n  ");

function optional(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
