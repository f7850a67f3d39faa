import * as z from "zod";
import {
  type AnyResource,
  type Context,
  id,
  name,
  optional,
  PartialError,
  required,
  type State,
  type Values,
  type Warning,
} from "../../provider/framework";
import { Lifecycle } from "../../provider/run/lifecycle";
import { RunState } from "../../provider/run/runState";

function contextOf(run = new RunState()): { context: Context; warnings: Warning[] } {
  const warnings: Warning[] = [];
  return { context: { run, warn: (warning: Warning) => warnings.push(warning) } as unknown as Context, warnings };
}

describe("a write-only value", () => {
  const SECRET = "hunter2-canary";
  const received: Values[] = [];
  const asIs = (values: Values): State => ({ ...values, id: "1" });
  const definition = (behaviour: Partial<AnyResource> = {}): AnyResource => ({
    name: "Vault",
    description: "",
    importForms: [],
    identity: ["name"],
    fields: {
      name: required(name(50), { description: "" }),
      secret: optional(z.string(), { description: "", secret: true, writeOnly: true, versionField: "secretVersion" }),
      secretVersion: optional(z.number(), { description: "" }),
    },
    create: async (_, inputs) => {
      received.push(inputs);
      return asIs(inputs);
    },
    read: async (_, state) => ({ ...state, secret: SECRET }),
    update: async (_, state, inputs) => {
      received.push(inputs);
      return { ...state, ...inputs };
    },
    delete: async () => undefined,
    import: async (_, importId) => ({ id: importId, name: "v", secret: SECRET }),
    ...behaviour,
  });
  const inputs = { name: "v", secret: SECRET, secretVersion: 1 };
  beforeEach(() => received.splice(0));

  test("reaches the resource, and no state: made, read, changed, imported", async () => {
    const lifecycle = new Lifecycle(definition());
    const { context, warnings } = contextOf();
    const state = await lifecycle.create(context, inputs);
    const states = [
      state,
      await lifecycle.read(context, state),
      await lifecycle.update(context, state, { ...inputs, secretVersion: 2 }),
      await lifecycle.import(context, "1"),
    ];
    expect(received).toMatchObject([{ secret: SECRET }, { secret: SECRET }]);
    expect(JSON.stringify([states, warnings])).not.toContain(SECRET);
  });

  test("nor what is remembered of something made by half", async () => {
    const failing = async (_: Context, values: Values): Promise<State> => {
      throw new PartialError("1", asIs(values), new Error("it broke"));
    };
    const lifecycle = new Lifecycle(definition({ create: failing }));
    const failure = await lifecycle.create(contextOf().context, inputs).catch((error: unknown) => error);
    expect(failure).toMatchObject({ id: "1", state: { name: "v", secretVersion: 1 } });
    expect(JSON.stringify((failure as PartialError).state)).not.toContain(SECRET);
  });

  test("is no difference by itself, but its version is", () => {
    const lifecycle = new Lifecycle(definition());
    const state = { name: "v", secretVersion: 1 };
    expect(lifecycle.diff(state, { ...inputs, secret: "another" })).toEqual([]);
    expect(lifecycle.diff(state, { ...inputs, secretVersion: 2 })).toEqual([
      { field: "secretVersion", change: "update" },
    ]);
  });
});

describe("a run", () => {
  const deleted: string[] = [];
  const edges = (resource: string, relation: string): AnyResource => ({
    name: resource,
    description: "",
    importForms: [],
    identity: [],
    relation,
    ends: [
      { resource: "Room", id: "roomId", names: ["roomName"] },
      { resource: "Chair", id: "chairId", names: ["chairName"] },
    ],
    fields: {
      roomId: required(id("a room"), { description: "", onChange: "end" }),
      chairId: required(id("a chair"), { description: "", onChange: "end" }),
    },
    create: async (_, { roomId, chairId }) => ({ id: `${roomId}/${chairId}`, roomId, chairId }),
    read: async (_, state) => state,
    update: async (_, state) => state,
    delete: async (_, state) => void deleted.push(`${resource} ${state.id}`),
    import: async (_, importId) => ({ id: importId }),
  });
  const pair = { roomId: "r", chairId: "c" };
  beforeEach(() => deleted.splice(0));

  test("knows a pair by its relation, whichever resource declares it", async () => {
    const { context, warnings } = contextOf();
    await new Lifecycle(edges("Chairs", "room-chair")).create(context, pair);
    await new Lifecycle(edges("Chair", "room-chair")).delete(context, { id: "r/c", ...pair });
    expect(deleted).toEqual([]);
    expect(warnings).toMatchObject([{ summary: expect.stringContaining("was kept") }]);
  });

  test("tells pairs of two relations apart", async () => {
    const { context } = contextOf();
    await new Lifecycle(edges("Chairs", "room-chair")).create(context, pair);
    await new Lifecycle(edges("Table", "room-table")).delete(context, { id: "r/c", ...pair });
    expect(deleted).toEqual(["Table r/c"]);
  });

  test("identifies an object by the values that its declaration names, left-out ones included", () => {
    const lifecycle = new Lifecycle({
      ...edges("Lamp", ""),
      ends: undefined as never,
      identity: ["house", "colour", "label"],
      fields: {
        house: { ...optional(z.string(), { description: "" }), role: "recorded" },
        colour: required(z.string(), { description: "" }),
        label: required(z.string(), { description: "" }),
      },
    });
    const state = { id: "1", house: "h", colour: "red", label: "x" };
    const keys = lifecycle.identities(state);
    for (const inputs of [
      { colour: "red", label: "x" },
      { house: "h", colour: "red", label: "x" },
    ])
      expect(keys).toContain(lifecycle.targetIdentity(inputs));
    for (const inputs of [
      { house: "other", colour: "red", label: "x" },
      { colour: "blue", label: "x" },
    ])
      expect(keys).not.toContain(lifecycle.targetIdentity(inputs));
    expect(lifecycle.targetIdentity({ colour: "red" })).toBeUndefined();
    expect(lifecycle.inWords(state)).toBe('Lamp "x"');
  });
});
