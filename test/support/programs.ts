import fc from "fast-check";

/**
 * Random topologies and random edits between them, for every front door. Objects stand under an address, which an edit may
 * change without changing the object; edges name the addresses of what they join.
 */
export interface Named {
  name: string;
  /** Left out: not managed. */
  description?: string;
  /** Set where it stands under a new address: an engine that is not told of the move meets the object it knows. */
  adopt?: true;
  /** The address that it had before the last edits, for an engine that is told of the move. */
  movedFrom?: string;
}
export interface Program {
  environments: Record<string, Named>;
  workspaces: Record<string, Named>;
  connections: Record<string, { name: string; kind: string }>;
  /** Address to pair; a connection may be one of the program's or a foreign one (`foreign:<n>`). */
  assignments: Record<string, Edge & { environment: string; connection: string }>;
  bindings: Record<string, Edge & { workspace: string; environment: string }>;
  /** Foreign connections, by number, of whose name there is a second one, of another kind. */
  twins?: number[];
}
export type Edge = {
  /** How the program says what it joins. Left out: by id. */
  by?: "id" | "name";
};

export interface Size {
  environments: number;
  workspaces: number;
  connections: number;
  edges: number;
  /** Connections that exist before the program and belong to others. */
  foreign: number;
}

export const LARGE: Size = { environments: 30, workspaces: 8, connections: 60, edges: 200, foreign: 10 };
export const SMALL: Size = { environments: 5, workspaces: 3, connections: 5, edges: 14, foreign: 4 };

export const foreignName = (n: number) => `foreign-${n}`;

type Edit =
  | { kind: "rename object"; pick: number; to: number }
  | { kind: "describe"; pick: number; text: string | undefined }
  | { kind: "swap names"; pick: number; other: number }
  | { kind: "remove object"; pick: number }
  | { kind: "add object"; to: number }
  | { kind: "add edge"; pick: number; other: number }
  | { kind: "remove edge"; pick: number }
  | { kind: "move edge"; pick: number; other: number }
  | { kind: "readdress edge"; pick: number; to: number }
  | { kind: "switch edge"; pick: number }
  | { kind: "twin"; pick: number }
  | { kind: "readdress object"; pick: number; to: number };

const index = fc.nat({ max: 10_000 });
const text = fc.oneof(
  fc.constant(""),
  fc.constant("über & <b>\n second line"),
  fc.string({ maxLength: 40, unit: "grapheme-ascii" }).map((s) => s.trim()),
);

/**
 * `adoption`: objects change their addresses, too, and are then adopted. `twins`: somebody else makes connections of the names of
 * foreign ones.
 */
export const edits = (most: number, { adoption = false, twins = false } = {}): fc.Arbitrary<Edit[]> =>
  fc.array(
    fc.oneof(
      ...(twins ? [fc.record({ kind: fc.constant("twin" as const), pick: index })] : []),
      ...(adoption ? [fc.record({ kind: fc.constant("readdress object" as const), pick: index, to: index })] : []),
      fc.record({ kind: fc.constant("rename object" as const), pick: index, to: index }),
      fc.record({ kind: fc.constant("describe" as const), pick: index, text: fc.option(text, { nil: undefined }) }),
      fc.record({ kind: fc.constant("swap names" as const), pick: index, other: index }),
      fc.record({ kind: fc.constant("remove object" as const), pick: index }),
      fc.record({ kind: fc.constant("add object" as const), to: index }),
      fc.record({ kind: fc.constant("add edge" as const), pick: index, other: index }),
      fc.record({ kind: fc.constant("remove edge" as const), pick: index }),
      fc.record({ kind: fc.constant("move edge" as const), pick: index, other: index }),
      fc.record({ kind: fc.constant("readdress edge" as const), pick: index, to: index }),
      fc.record({ kind: fc.constant("switch edge" as const), pick: index }),
    ),
    { minLength: 1, maxLength: most },
  );

/** A first program: sizes within `size`, names unique per kind. */
export const program = (size: Size): fc.Arbitrary<Program> =>
  fc
    .record({
      environments: fc.array(fc.option(text, { nil: undefined }), {
        minLength: 1,
        maxLength: size.environments,
        size: "max",
      }),
      workspaces: fc.array(fc.option(text, { nil: undefined }), { maxLength: size.workspaces, size: "max" }),
      connections: fc.nat({ max: size.connections }),
      edges: fc.array(fc.record({ pick: index, other: index }), { maxLength: size.edges, size: "max" }),
    })
    .map(({ environments, workspaces, connections, edges }) => {
      const named = (prefix: string, texts: (string | undefined)[]) =>
        Object.fromEntries(
          texts.map((description, i) => [
            `${prefix}${i}`,
            { name: `${prefix} ${i}`, ...(description === undefined ? {} : { description }) },
          ]),
        );
      const result: Program = {
        environments: named("e", environments),
        workspaces: named("w", workspaces),
        connections: Object.fromEntries(
          Array.from({ length: connections }, (_, i) => [
            `c${i}`,
            { name: `c ${i}`, kind: i % 2 ? "prometheus" : "kubernetes" },
          ]),
        ),
        assignments: {},
        bindings: {},
      };
      for (const { pick, other } of edges) addEdge(result, size, pick, other);
      return result;
    });

const at = <T>(items: readonly T[], i: number): T | undefined =>
  items.length === 0 ? undefined : items[i % items.length];

function addEdge(program: Program, size: Size, pick: number, other: number): void {
  const environment = at(Object.keys(program.environments), pick);
  if (environment === undefined) return;
  const by = (pick + other) % 3 === 0 ? "id" : "name";
  const workspaces = Object.keys(program.workspaces);
  if (other % 4 === 0 && workspaces.length > 0) {
    const workspace = at(workspaces, other >> 2)!;
    const taken = Object.values(program.bindings).some(
      (b) => b.workspace === workspace && b.environment === environment,
    );
    if (!taken) program.bindings[freshAddress(program.bindings, "b")] = { workspace, environment, by };
    return;
  }
  const connections = [
    ...Object.keys(program.connections),
    ...Array.from({ length: size.foreign }, (_, i) => `foreign:${i}`),
  ];
  const connection = at(connections, other)!;
  const taken = Object.values(program.assignments).some(
    (a) => a.connection === connection && a.environment === environment,
  );
  if (!taken) program.assignments[freshAddress(program.assignments, "a")] = { environment, connection, by };
}

function freshAddress(taken: Record<string, unknown>, prefix: string): string {
  let i = Object.keys(taken).length;
  while (`${prefix}${i}` in taken) i++;
  return `${prefix}${i}`;
}

/**
 * The program after the edits; the given one is left as it is. `freed`: the engine knows beforehand what it removes, so that
 * other objects may have the names of that.
 */
export function edited(before: Program, list: readonly Edit[], size: Size, { freed = false } = {}): Program {
  const program = structuredClone(before);
  for (const object of [...Object.values(program.environments), ...Object.values(program.workspaces)])
    delete object.movedFrom;
  for (const edit of list) apply(program, edit, size);
  for (const group of ["environments", "workspaces"] as const) sparingNames(before[group], program[group], freed);
  for (const edit of list) if (edit.kind === "readdress object") readdress(before, program, edit);
  return program;
}

/** Other names for objects whose names are not free yet: many engines delete last, and what was adopted is released. */
function sparingNames(before: Record<string, Named>, after: Record<string, Named>, freed: boolean): void {
  const leaving = Object.entries(before).filter(([address]) => !(address in after));
  const names = (objects: [string, Named][]) => new Set(objects.map(([, { name }]) => name));
  const [all, letGo] = [names(leaving), names(leaving.filter(([, { adopt }]) => adopt))];
  for (const [address, object] of Object.entries(after)) {
    if ((freed && address in before ? letGo : all).has(object.name)) object.name = `${object.name} again`;
  }
}

function apply(program: Program, edit: Edit, size: Size): void {
  const objects = [...Object.entries(program.environments), ...Object.entries(program.workspaces)];
  const edges = [...Object.keys(program.assignments), ...Object.keys(program.bindings)];
  switch (edit.kind) {
    case "rename object": {
      const picked = at(objects, edit.pick);
      const name = `renamed ${edit.to}`;
      if (picked && !objects.some(([, o]) => o.name === name)) picked[1].name = name;
      return;
    }
    case "describe": {
      const picked = at(objects, edit.pick)?.[1];
      if (!picked) return;
      if (edit.text === undefined) delete picked.description;
      else picked.description = edit.text;
      return;
    }
    case "swap names": {
      const group = Object.values(edit.pick % 2 ? program.environments : program.workspaces);
      const [a, b] = [at(group, edit.pick), at(group, edit.other)];
      if (a && b && a !== b) [a.name, b.name] = [b.name, a.name];
      return;
    }
    case "remove object":
      removeObject(program, at(objects, edit.pick)?.[0]);
      return;
    case "add object": {
      const group = edit.to % 2 ? program.environments : program.workspaces;
      const address = freshAddress(group, edit.to % 2 ? "e" : "w");
      const name = `added ${edit.to}`;
      if (!Object.values(group).some((o) => o.name === name)) group[address] = { name };
      return;
    }
    case "add edge":
      addEdge(program, size, edit.pick, edit.other);
      return;
    case "remove edge": {
      const address = at(edges, edit.pick);
      if (address === undefined) return;
      delete program.assignments[address];
      delete program.bindings[address];
      return;
    }
    case "move edge": {
      const assignment = at(Object.values(program.assignments), edit.pick);
      const environment = at(Object.keys(program.environments), edit.other);
      if (!assignment || environment === undefined) return;
      const taken = Object.values(program.assignments).some(
        (a) => a.environment === environment && a.connection === assignment.connection,
      );
      if (!taken) assignment.environment = environment;
      return;
    }
    case "switch edge": {
      const address = at(edges, edit.pick);
      if (address === undefined) return;
      const edge = program.assignments[address] ?? program.bindings[address]!;
      edge.by = edge.by === "name" ? "id" : "name";
      return;
    }
    case "twin":
      if (size.foreign > 0) program.twins = [...new Set([...(program.twins ?? []), edit.pick % size.foreign])];
      return;
    case "readdress object":
      return;
    case "readdress edge": {
      const address = at(edges, edit.pick);
      if (address === undefined) return;
      const group = (address in program.assignments ? program.assignments : program.bindings) as Record<
        string,
        unknown
      >;
      const to = `${address[0]}moved${edit.to}`;
      if (to in group) return;
      group[to] = group[address];
      delete group[address];
    }
  }
}

/** Moves an object that is otherwise as it was to another address, and with it what its edges refer to. */
function readdress(before: Program, program: Program, { pick, to: number }: { pick: number; to: number }): void {
  const same = (["environments", "workspaces"] as const).flatMap((group) =>
    Object.keys(program[group]).filter((address) => before[group][address]?.name === program[group][address]!.name),
  );
  const from = at(same, pick);
  if (from === undefined) return;
  const group = from in program.environments ? program.environments : program.workspaces;
  const to = `${from[0]}moved${number}`;
  const groupBefore = from in before.environments ? before.environments : before.workspaces;
  if (to in group || to in groupBefore) return;
  group[to] = { ...group[from]!, adopt: true, movedFrom: from };
  delete group[from];
  for (const edge of [...Object.values(program.assignments), ...Object.values(program.bindings)] as Record<
    string,
    string
  >[]) {
    for (const end of ["environment", "workspace"]) if (edge[end] === from) edge[end] = to;
  }
}

function removeObject(program: Program, address: string | undefined): void {
  if (address === undefined) return;
  // What was adopted would be let go rather than deleted; the model keeps to what a program makes.
  if ((program.environments[address] ?? program.workspaces[address])?.adopt) return;
  // One environment always stays, so that edits have something to work on.
  if (address in program.environments && Object.keys(program.environments).length === 1) return;
  delete program.environments[address];
  delete program.workspaces[address];
  for (const [key, edge] of Object.entries(program.assignments)) {
    if (edge.environment === address) delete program.assignments[key];
  }
  for (const [key, edge] of Object.entries(program.bindings)) {
    if (edge.environment === address || edge.workspace === address) delete program.bindings[key];
  }
}
