import { Failure, Panic } from "../../http/failure";
import type { Reply } from "../../http/replies";
import type { PairRow } from "../../store/rows";
import type { SqlRow } from "../../store/sql";
import type { Store } from "../../store/store";
import type { Table } from "../../store/table";
import { encodeMapping } from "../encode/objects";
import { badUuid, type Call, isNewerLocal, isUuid, noRecord, parameter } from "./call";
import {
  deletionCondition,
  envelope,
  jsonFilter,
  type ListQuery,
  listRows,
  orderOf,
  type Page,
  pageOf,
} from "./listing";
import { type Condition, sees } from "./visibility";

type Parent = "environments" | "workspaces";
type Child = "connections" | "environments" | "teams";

/** One kind of edge: children of a parent, kept as rows of pairs. */
export interface EdgeKind<One extends string, Other extends string> {
  readonly parent: Parent;
  readonly child: Child;
  readonly one: One;
  readonly other: Other;
  table(store: Store): Table<PairRow<One, Other>>;
  /** Columns of the pair table. */
  readonly columns: readonly [string, string];
  /** Name of the array in a page of mappings. */
  readonly mappings: string;
  /** Path parameters. */
  readonly parameters: readonly [string, string];
  shown(call: Call, row: SqlRow): unknown;
}

/** The list of a parent's children, or with `filter={"assigned":false}` of all the others. */
export function listEdges<One extends string, Other extends string>(call: Call, kind: EdgeKind<One, Other>): Reply {
  if (kind.parent === "environments" && call.quirks.brokenEdgeList) {
    throw new Failure("other", 500, "failed to get the environment's connections", { code: "meshery-server-1034" });
  }
  const [parent] = checkedIds(call, kind, 1) as [string];
  const { child } = kind;
  // The Local provider reads its pairs and never asks whether the parent is still there.
  if (!call.viewer.local && !sees(call.view, call.viewer, kind.parent, parent))
    throw missing(kind.parent, parent, call);
  const filter = assignedFilter(call, kind);
  requirePage(call, kind);
  const assigned = filter.assigned !== false;
  const conditions = [deletionCondition(filter, child)];
  const page = pageOf(call, "edges");
  const { rows, total } = listRows(call.view, call, edgeQuery(call, kind, parent, assigned, conditions), page);
  // Two tables have these columns: the query fails, and nobody looks.
  const ambiguous =
    child === "connections" && assigned && isNewerLocal(call) && !/^name /.test(orderOf(call) ?? "name ");
  const shown = ambiguous ? [] : rows.map((row) => kind.shown(call, row));
  const json = edgeEnvelope(call, child, shown, total, page);
  if (ambiguous || (child === "connections" && call.quirks.assignedAreNull && total > 0)) json[child] = null;
  return { status: 200, json };
}

/** The filter in the query, whose `assigned` is true, false or left out. */
function assignedFilter<One extends string, Other extends string>(call: Call, kind: EdgeKind<One, Other>) {
  const filter = jsonFilter(call);
  if (filter.assigned === undefined || typeof filter.assigned === "boolean") return filter;
  if (call.era.badAssignedFilter === "panic") throw new Panic("assigned is not a bool");
  throw unreadable("assigned is not true or false", call.viewer.local && kind.parent === "workspaces");
}

/** Refuses a query without page or page size, where the era's Local provider does. */
function requirePage<One extends string, Other extends string>(call: Call, kind: EdgeKind<One, Other>): void {
  if (!call.era.local?.edgesNeedPage || !call.viewer.local || kind.parent !== "environments") return;
  if (call.query.get("page") && call.query.get("pagesize")) return;
  throw unreadable('strconv.ParseUint: parsing "": invalid syntax', true);
}

/** The children of one parent, or all the others; a pair that was stored twice shows twice where the era has it so. */
function edgeQuery<One extends string, Other extends string>(
  { view, era, quirks }: Call,
  { table, columns, child, parent: parents }: EdgeKind<One, Other>,
  parent: string,
  assigned: boolean,
  conditions: readonly Condition[],
): ListQuery {
  const pairs = table(view).name;
  const [parentColumn, childColumn] = columns;
  const showsTwice = parents === "environments" ? era.repeatedEdgesShow.environment : era.repeatedEdgesShow.workspace;
  if (assigned && (showsTwice || quirks.duplicateMappings)) {
    const sql = `join ${pairs} p on p.${childColumn} = ${child}.id and p.${parentColumn} = ?`;
    return { table: child, join: { sql, values: [parent] }, conditions };
  }
  const pair = `select 1 from ${pairs} p where p.${parentColumn} = ? and p.${childColumn} = ${child}.id`;
  const exists = { sql: `${assigned ? "" : "not "}exists (${pair})`, values: [parent] };
  return { table: child, conditions: [exists, ...conditions] };
}

function edgeEnvelope(call: Call, child: Child, shown: unknown[], total: number, page: Page): Record<string, unknown> {
  const rule = child === "environments" ? call.era.envelopes.environments : call.era.envelopes.others;
  // The schema of a workspace's teams is spelled in snake_case in every version.
  const spelling =
    child === "teams" && !call.viewer.local ? { ...call, era: { ...call.era, keys: "snake" as const } } : call;
  return envelope(spelling, isNewerLocal(call) ? { ...rule, size: "returned" } : rule, child, shown, total, page);
}

/** The ids in the path of an edge, `count` of them. */
function checkedIds<One extends string, Other extends string>(
  call: Call,
  kind: EdgeKind<One, Other>,
  count = 2,
): string[] {
  const ids = kind.parameters.slice(0, count).map((name) => parameter(call, name));
  const bad = isNewerLocal(call) ? ids.find((id) => !isUuid(id)) : undefined;
  if (bad === undefined) return ids;
  throw new Failure("topology", 400, `invalid id ${bad}`, {
    code: "meshery-server-1033",
    cause: badUuid(bad),
    withoutStatus: true,
  });
}

/** Adds one child to its parent. */
export function addEdge<One extends string, Other extends string>(call: Call, kind: EdgeKind<One, Other>): Reply {
  const [parent, child] = checkedIds(call, kind) as [string, string];
  const table = kind.table(call.store);
  if (!call.viewer.local) {
    if (!sees(call.store, call.viewer, kind.parent, parent)) throw missing(kind.parent, parent, call);
    if (!sees(call.store, call.viewer, kind.child, child)) throw missing(kind.child, child, call);
  }
  const pair = { [kind.one]: parent, [kind.other]: child } as Partial<PairRow<One, Other>>;
  const present =
    call.era.repeatedEdges === "same row" && !call.quirks.duplicateMappings ? table.find(pair) : undefined;
  const row = present ?? table.insert(pair);
  if (call.quirks.duplicateMappings) table.insert(pair);
  return mappingReply(
    call,
    kind,
    row,
    kind.parent === "environments" ? call.era.assigned.environment : call.era.assigned.workspace,
  );
}

/** Takes one row of a pair away; a second row of the same pair stays. */
export function removeEdge<One extends string, Other extends string>(call: Call, kind: EdgeKind<One, Other>): Reply {
  const [parent, child] = checkedIds(call, kind) as [string, string];
  const table = kind.table(call.store);
  const seen =
    call.viewer.local ||
    (sees(call.store, call.viewer, kind.parent, parent) && sees(call.store, call.viewer, kind.child, child));
  const row = seen
    ? table.find({ [kind.one]: parent, [kind.other]: child } as Partial<PairRow<One, Other>>)
    : undefined;
  if (row === undefined) {
    throw new Failure(
      "topology",
      404,
      `failed to remove ${kind.child.slice(0, -1)} ${child} from ${kind.parent.slice(0, -1)} ${parent}`,
      {
        code: "meshery-server-1033",
        cause: call.viewer.local ? noRecord : "record not found",
        withoutStatus: call.viewer.local,
      },
    );
  }
  table.delete(row.id);
  if (call.era.deleted === "no content") return { status: 204 };
  return mappingReply(call, kind, row, 200);
}

function mappingReply<One extends string, Other extends string>(
  call: Call,
  kind: EdgeKind<One, Other>,
  row: PairRow<One, Other>,
  status: number,
): Reply {
  if (call.quirks.emptyWriteBodies) return { status };
  const mapping = encodeMapping(call, row, kind.one, kind.other);
  if (call.era.assigned.form === "mapping") return { status, json: mapping };
  const page = { number: 0, size: 1, offset: 0 };
  return { status, json: envelope(call, call.era.envelopes.others, kind.mappings, [mapping], 1, page) };
}

const unreadable = (cause: string, withoutStatus: boolean) =>
  new Failure("topology", 400, "failed to read the query", { code: "meshery-server-1033", cause, withoutStatus });

/** The failure for an object that is not there or not to be seen. */
export function missing(table: string, id: string, call: Call): Failure {
  const one = table.slice(0, -1);
  return new Failure("topology", 404, `failed to get ${one} ${id}`, {
    code: "meshery-server-1033",
    cause: call.viewer.local ? "record not found" : `${one} ${id} not found`,
    withoutStatus: call.viewer.local,
  });
}
