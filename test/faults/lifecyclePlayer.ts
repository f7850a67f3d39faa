import { ask } from "../server/support/ask";
import { remembered } from "../support/meshery";
import { foreignName, type Program } from "../support/programs";
import { recorded, twins } from "./checks";
import { type EngineRunner, FLAGS, NO_ACCIDENT, type Scene } from "./engineRunner";
import { importBlocksIn } from "./imports";
import { type Accident, SIZE, type Step } from "./lifecycles";
import { addressOf, rendered } from "./rendering";
import { Requirements } from "./requirements";

/** Plays the steps of a lifecycle one after the other, and requires after each what must hold. */
export class LifecyclePlayer {
  private readonly scene: Scene;
  private readonly require: Requirements;
  private descriptions = new Map<string, string>();
  /** Whether programs changed since the last time that server and program were the same. */
  private unsettled = false;
  /** Whether nobody knows any more what descriptions were before they were managed no longer. */
  private unsure = false;

  constructor(private readonly runner: EngineRunner) {
    this.scene = runner.scene;
    this.require = new Requirements(runner.scene);
  }

  async play(): Promise<void> {
    const { steps } = this.scene.life;
    for (const [i, step] of steps.entries()) {
      this.runner.note(`\n=== step ${i + 1} ${JSON.stringify(step)}`);
      this.write(step);
      await this.applyWithAccidents(step);
      const settles = step.settles || (i === 0 && this.scene.life.foreignEdges !== undefined);
      if (settles) await this.settle(step);
      if (i === 0) this.tieEdgesOfOthers();
    }
    await this.end(steps.at(-1)!);
  }

  private write(step: Pick<Step, "program" | "moved">): void {
    for (const [name, text] of Object.entries(rendered(this.scene.life, step))) this.scene.dir.write(name, text);
    for (const { type, from, to } of step.moved) {
      const text = this.descriptions.get(`${type}s ${from}`);
      if (text !== undefined) this.descriptions.set(`${type}s ${to}`, text);
    }
    this.descriptions = remembered(step.program, this.descriptions);
  }

  /** An apply in which something goes wrong, and what must hold after it. */
  private async applyWithAccidents(step: Step): Promise<void> {
    let killed = false;
    let misled = false;
    for (const [i, accident] of step.accidents.entries()) {
      const missing = this.require.missing();
      const { code, endedAfter, stderr } = await this.runner.apply(accident, [
        ...this.scene.life.flags,
        ...(i === 0 ? this.replacing(step.replaced) : []),
      ]);
      killed ||= mayLeave(accident);
      this.require.othersUnharmed();
      this.require.stoppedInTime(accident, endedAfter);
      if (accident.kind === "interrupt" && !mayLeave(accident)) this.require.nothingRecordedIsMissing(missing);
      if (killed && code !== 0) this.followImports(stderr);
      if (!killed) this.require.everythingRecorded(step.program);
      // Without a refresh what was recorded by mistake stays recorded.
      misled = this.runner.wasMisled || (misled && this.scene.life.flags.includes("-refresh=false"));
      if (code === 0 && !misled) this.requireAsDeclared(step.program, "an apply that reported success");
    }
    this.unsettled ||= !step.settles;
  }

  private replacing(key: string | undefined): string[] {
    if (key === undefined) return [];
    const addresses = ["environment", "workspace", "connection_assignment"].flatMap((type) => [
      addressOf(this.scene.life, `meshery_${type}`, key),
      `meshery_connection_assignment.all["${key}"]`,
    ]);
    const address = [...recorded(this.scene.dir).values()].find((at) => addresses.includes(at));
    if (address === undefined) return [];
    // What is replaced has no description but the one that is declared; whether it was replaced nobody knows by now.
    this.unsure = true;
    return [`-replace=${address}`];
  }

  /** After a kill between a write and its record the next apply may ask for an import, and says which. */
  private followImports(stderr: string): boolean {
    const blocks = importBlocksIn(stderr);
    if (blocks === "") return false;
    this.runner.tally.imports += 1;
    this.scene.dir.write("imports.tf", blocks);
    this.runner.note(blocks);
    return true;
  }

  private async settle(step: Step): Promise<void> {
    let { code, stderr } = await this.runner.apply(NO_ACCIDENT);
    const killed = step.accidents.some(mayLeave);
    // One that was refused did nothing: it is not one of the two.
    if (code !== 0 && killed && this.followImports(stderr)) ({ code, stderr } = await this.runner.apply(NO_ACCIDENT));
    if (code !== 0) ({ code, stderr } = await this.runner.apply(NO_ACCIDENT));
    if (code !== 0) throw new Error(`does not converge: ${headsOf(stderr)}`);
    this.scene.dir.write("imports.tf", "");
    this.require.othersUnharmed();
    this.require.everythingRecorded(step.program);
    this.requireAsDeclared(step.program, "two clean applies");
    const twice = twins(this.scene.server);
    if (twice.length > 0) throw new Error(`twins: ${twice.join(", ")}`);
    const plan = await this.runner.run(["plan", "-detailed-exitcode", ...FLAGS]);
    if (plan.code !== 0) throw new Error(`the plan is not empty: ${plan.stdout}${plan.stderr}`);
    this.unsettled = false;
  }

  /** Others tie something of theirs to an environment of the program. */
  private tieEdgesOfOthers(): void {
    const { foreignEdges } = this.scene.life;
    if (foreignEdges === undefined) return;
    const { store } = this.scene.server;
    const address = addressOf(this.scene.life, "meshery_environment", foreignEdges);
    const environmentId = [...recorded(this.scene.dir)].find(([, at]) => at === address)![0];
    const connection = store.connections.find({ name: foreignName(SIZE.foreign - 1) })!;
    const workspace = store.workspaces.find({ name: "their workspace" })!;
    store.environmentConnections.insert({ environmentId, connectionId: connection.id });
    store.workspaceEnvironments.insert({ workspaceId: workspace.id, environmentId });
    this.require.others.edges.set(`${environmentId}/${connection.id}`, "a connection of others");
    this.require.others.edges.set(`${workspace.id}/${environmentId}`, "a workspace of others");
  }

  private async end(last: Step): Promise<void> {
    const { ending, foreignEdges } = this.scene.life;
    this.runner.note(`\n=== the end ${JSON.stringify(ending)}`);
    const program = ending.program ?? last.program;
    this.write({ program, moved: [] });
    if (ending.byHand !== undefined && foreignEdges === undefined) await this.deleteByHand(ending.byHand);
    const missing = this.require.missing();
    const { code, endedAfter } = await this.runner.destroy(ending.accident);
    this.require.othersUnharmed();
    this.require.stoppedInTime(ending.accident, endedAfter);
    if (ending.accident.kind === "interrupt" && !mayLeave(ending.accident))
      this.require.nothingRecordedIsMissing(missing);
    if (code === 0) this.require.nothingLeft("a destroy that reported success");
    if (foreignEdges !== undefined) await this.refusedForOthers();
    for (let i = 0; i < 2; i++) {
      const { code, stderr } = await this.runner.destroy(NO_ACCIDENT);
      if (code === 0) break;
      if (i === 1) throw new Error(`a destroy never ends: ${headsOf(stderr)}`);
    }
    this.require.othersUnharmed();
    this.require.nothingLeft("the last destroy");
  }

  /** While others use an environment it stays, and the destroy says so. */
  private async refusedForOthers(): Promise<void> {
    const { code, stderr } = await this.runner.destroy(NO_ACCIDENT);
    this.require.othersUnharmed();
    if (code === 0) throw new Error("a destroy reported success although others use an environment of the program");
    if (!stderr.includes("still used by")) throw new Error(`the refusal does not say who uses it: ${headsOf(stderr)}`);
    const { store } = this.scene.server;
    for (const table of [store.environmentConnections, store.workspaceEnvironments]) {
      for (const { id } of [...table.list()]) {
        const row = table.get(id) as { environmentId: string; connectionId?: string; workspaceId?: string };
        const key = row.connectionId
          ? `${row.environmentId}/${row.connectionId}`
          : `${row.workspaceId}/${row.environmentId}`;
        if (!this.require.others.edges.get(key)?.endsWith("of others")) continue;
        table.delete(id);
        this.require.others.edges.delete(key);
      }
    }
  }

  private async deleteByHand(key: string): Promise<void> {
    const found = [...recorded(this.scene.dir)].find(([, address]) =>
      ["environment", "workspace", "connection"].some(
        (type) =>
          address === addressOf(this.scene.life, `meshery_${type}`, key) || address === `meshery_${type}.${key}`,
      ),
    );
    if (!found) return;
    const [id, address] = found;
    const route = address.startsWith("meshery_environment")
      ? "environments"
      : address.startsWith("meshery_workspace")
        ? "workspaces"
        : "integrations/connections";
    const { status } = await ask(this.scene.server, `/api/${route}/${id}`, { method: "DELETE" });
    this.runner.note(`--- deleted by hand: ${address} (${id}): ${status}`);
  }

  private requireAsDeclared(program: Program, after: string): void {
    const descriptionsKnown = !this.unsettled && !this.unsure;
    this.require.asDeclared(program, after, { descriptions: this.descriptions, descriptionsKnown });
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
