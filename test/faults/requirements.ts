import { expected, type Seen, seen } from "../support/meshery";
import { foreignName, type Program } from "../support/programs";
import { differences, type Inventory, inventory, lost, recorded, unrecorded } from "./checks";
import type { Scene } from "./engineRunner";
import { type Accident, SIZE } from "./lifecycles";
import { addressOf } from "./rendering";

/** Milliseconds that an engine may take to end after a Ctrl-C. */
export const ENDS_WITHIN = 4_000;

export interface Expected {
  /** Of objects that have a description which the program no longer states. */
  descriptions: ReadonlyMap<string, string>;
  /** Whether these are right: false where nobody knows what they were before they were managed no longer. */
  descriptionsKnown: boolean;
}

/** What must hold after every run of an engine. Each method throws where it does not. */
export class Requirements {
  /** What is not the program's, and edges that others tie to it. */
  readonly others: Inventory;
  /** The server before the first run. */
  private readonly before: Seen;

  constructor(private readonly scene: Scene) {
    this.others = inventory(scene.server);
    this.before = seen(scene.server);
  }

  othersUnharmed(): void {
    const gone = lost(this.scene.server, this.others);
    if (gone.length > 0) throw new Error(`lost of others: ${gone.join(", ")}`);
    const followed = this.scene.proxy.exchanges.find(({ path }) => path === "/auth/login");
    if (followed) throw new Error("a redirect was followed");
  }

  stoppedInTime(accident: Accident, endedAfter: number | undefined): void {
    if (accident.kind !== "interrupt" || endedAfter === undefined || endedAfter <= ENDS_WITHIN) return;
    throw new Error(`ended ${Math.round(endedAfter)} ms after Ctrl-C`);
  }

  everythingRecorded(program: Program): void {
    const { objects, edges } = unrecorded(this.scene.server, this.others, this.scene.dir);
    const moving = this.movingEdges(program);
    const left = [...objects, ...[...edges].filter(([pair]) => !moving.has(pair)).map(([, names]) => names)];
    if (left.length > 0) throw new Error(`on the server and not in the state: ${left.join(", ")}`);
  }

  /** Addresses in the state of what is not there. */
  missing(): string[] {
    const { objects, edges } = inventory(this.scene.server);
    return [...recorded(this.scene.dir)]
      .filter(([id]) => !objects.has(id) && !edges.has(id))
      .map(([, address]) => address);
  }

  /** The state of a run that was told to stop holds nothing that this run took away. */
  nothingRecordedIsMissing(missingBefore: readonly string[]): void {
    const missing = this.missing().filter((address) => !missingBefore.includes(address));
    if (missing.length > 0) throw new Error(`in the state and not on the server: ${missing.join(", ")}`);
  }

  /** Edges that the program declares where the state still has the pair from which they move. */
  private movingEdges({ assignments, bindings, connections }: Program): Set<string> {
    const at = new Map([...recorded(this.scene.dir)].map(([id, address]) => [address, id]));
    const id = (type: string, key: string) => at.get(addressOf(this.scene.life, type, key)) ?? at.get(`${type}.${key}`);
    const connection = (key: string) =>
      key in connections
        ? id("meshery_connection", key)
        : this.scene.server.store.connections.find({ name: foreignName(Number(key.slice("foreign:".length))) })?.id;
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

  asDeclared(program: Program, after: string, { descriptions, descriptionsKnown }: Expected): void {
    const should = this.withEdgesOfOthers(expected(program, this.before, descriptions), program);
    const is = seen(this.scene.server);
    if (!descriptionsKnown) for (const view of [is, should]) this.hideUnmanaged(view, program);
    const wrong = differences(is, should);
    if (wrong.length > 0) throw new Error(`after ${after} the server is not as declared:\n  ${wrong.join("\n  ")}`);
  }

  private withEdgesOfOthers(view: Seen, program: Program): Seen {
    const { foreignEdges } = this.scene.life;
    const tied = [...this.others.edges.values()].some((names) => names.endsWith("of others"));
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

  nothingLeft(after: string): void {
    const wrong = differences(seen(this.scene.server), this.before);
    if (wrong.length > 0) throw new Error(`${after} left something:\n  ${wrong.join("\n  ")}`);
    const left = [...recorded(this.scene.dir).values()];
    if (left.length > 0) throw new Error(`${after} left in the state: ${left.join(", ")}`);
  }
}
