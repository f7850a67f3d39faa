import * as z from "zod";
import {
  type AnyResource,
  type Context,
  flag,
  id,
  name,
  optional,
  output,
  PartialError,
  ResourceError,
  recorded,
  required,
  type State,
  UNKNOWN,
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

/** A thing of a house: what the functions of its declaration are called with is kept in `calls`. */
function lamp(behaviour: Partial<AnyResource> = {}) {
  const calls: [name: string, values: unknown][] = [];
  const definition: AnyResource = {
    name: "Lamp",
    description: "",
    importForms: [],
    identity: ["house", "label"],
    fields: {
      house: recorded(z.string(), { description: "" }),
      label: required(z.string(), { description: "" }),
      colour: optional(z.string(), { description: "" }),
      adopt: flag({ description: "", defaultValue: false }),
      dim: flag({ description: "", differs: () => false }),
      watts: output(z.number(), { description: "" }),
    },
    adoptable: async (_, inputs) => {
      calls.push(["adoptable", inputs]);
      return "7";
    },
    create: async (_, inputs) => {
      calls.push(["create", inputs]);
      return { ...inputs, id: "1", house: inputs.house ?? "first", label: "AS STORED", watts: 5 };
    },
    read: async () => undefined,
    update: async (_, state, inputs) => ({ ...state, ...inputs, watts: 6 }),
    delete: async (_, state) => void calls.push(["delete", state.id]),
    import: async (_, importId) => ({ id: importId, label: "found" }),
    ...behaviour,
  };
  return { lifecycle: new Lifecycle(definition), calls };
}

describe("an object", () => {
  test("is created from what the program says, and remembered as it was written", async () => {
    const { lifecycle, calls } = lamp();
    const { context } = contextOf();
    const state = await lifecycle.create(context, { label: "desk", colour: null, watts: 100, other: 1 });
    expect(calls).toEqual([
      ["create", { house: undefined, label: "desk", colour: undefined, adopt: undefined, dim: undefined }],
    ]);
    expect(state).toEqual({ id: "1", house: "first", label: "desk", adopt: false, watts: 5 });
    expect(context.run.isApplied("Lamp", "1")).toBe(true);
  });

  test("keeps what is left out by an update, but for a flag, which falls back to its default", async () => {
    const { lifecycle } = lamp();
    const { context } = contextOf();
    const state = { id: "1", house: "first", label: "desk", colour: "red", adopt: true, dim: true, watts: 5 };
    expect(await lifecycle.update(context, state, { label: "desk" })).toMatchObject({
      colour: "red",
      adopt: false,
      dim: true,
      watts: 6,
    });
    const next = { label: "shelf", colour: "", adopt: true, dim: false };
    expect(await lifecycle.update(context, state, next)).toMatchObject(next);
    expect(context.run.isApplied("Lamp", "1")).toBe(true);
  });

  test("is read as gone, and imported by an id without the blanks around it", async () => {
    const { lifecycle } = lamp();
    const { context } = contextOf();
    expect(await lifecycle.read(context, { id: "1" })).toBeUndefined();
    expect(await lifecycle.import(context, " 7\n")).toEqual({ id: "7", label: "found" });
  });

  test("may be taken over only where the program or the run says so, and it is known which", async () => {
    const { lifecycle, calls } = lamp();
    const { context } = contextOf();
    const ask = (inputs: Values, adoptAll?: boolean) =>
      lifecycle.adoptable(adoptAll === undefined ? context : { ...context, adoptAll }, inputs);
    for (const inputs of [
      { label: "desk" },
      { label: "desk", adopt: false },
      { label: UNKNOWN, adopt: true },
      { adopt: true },
      { label: "desk", house: UNKNOWN, adopt: true },
    ])
      expect(await ask(inputs)).toBeUndefined();
    expect(await ask({ label: "desk", adopt: false }, false)).toBeUndefined();
    expect(calls).toEqual([]);
    expect([await ask({ label: "desk", adopt: true }), await ask({ label: "desk" }, true)]).toEqual(["7", "7"]);
    expect(await lamp({ identity: [] }).lifecycle.adoptable(context, { label: "desk", adopt: true })).toBeUndefined();
    const { lifecycle: without } = lamp();
    delete without.definition.adoptable;
    expect(await without.adoptable(context, { label: "desk", adopt: true })).toBeUndefined();
  });

  test("is noticed by a plan from what is known; only an organization that is none stops the plan", async () => {
    const { context } = contextOf();
    const notice = { summary: "there already", detail: "" };
    const notices = (plannedNotices: AnyResource["plannedNotices"]) =>
      lamp({ plannedNotices: plannedNotices! }).lifecycle.plannedNotices(context, { label: "desk", colour: UNKNOWN });
    const error = (code: "organization" | "meshery") =>
      new ResourceError(code, { resource: "Lamp", what: "no", hint: "" });
    const given: Values[] = [];
    expect(
      await notices(async (_, inputs) => {
        given.push(inputs);
        return [notice];
      }),
    ).toEqual([notice]);
    expect(given[0]).toMatchObject({ label: "desk" });
    expect(given[0]).not.toHaveProperty("colour");
    expect(await notices(() => Promise.reject(error("meshery")))).toEqual([]);
    expect(await notices(() => Promise.reject(new Error("organization")))).toEqual([]);
    await expect(notices(() => Promise.reject(error("organization")))).rejects.toMatchObject({ code: "organization" });
    expect(await lamp().lifecycle.plannedNotices(context, { label: "desk" })).toEqual([]);
  });

  test("of one name is made one at a time, and others beside it", async () => {
    const events: string[] = [];
    const { lifecycle } = lamp({
      create: async (_, { label, house }) => {
        events.push(`+${house}`);
        await new Promise(setImmediate);
        events.push(`-${house}`);
        return { id: `${house}/${label}` };
      },
    });
    const { context } = contextOf();
    const make = (label: string | undefined, house: string) => lifecycle.create(context, { label, house });
    await Promise.all([make("desk", "1"), make("desk", "2"), make("shelf", "3"), make(undefined, "4")]);
    expect(events.slice(0, 3).sort()).toEqual(["+1", "+3", "+4"]);
    expect(events.indexOf("-1")).toBeLessThan(events.indexOf("+2"));
  });

  test("that is deleted is gone; one that was adopted, or cannot be deleted, stays", async () => {
    const { context } = contextOf();
    const remove = async (state: State, behaviour: Partial<AnyResource> = {}) => {
      await lamp(behaviour)
        .lifecycle.delete(context, state)
        .catch(() => undefined);
      return context.run.isNameFreed("Lamp", state.id, String(state.label), 0);
    };
    expect(await remove({ id: "1", label: "a" })).toBe(true);
    expect(await remove({ id: "2", label: "b", adopted: true })).toBe(false);
    expect(await remove({ id: "3", label: "c" }, { delete: () => Promise.reject(new Error("in use")) })).toBe(false);
    context.run.markForDeletion("Lamp", "4");
    await remove({ id: "4", label: "d" }, { delete: () => Promise.reject(new Error("in use")) });
    expect(context.run.isPendingDeletion("Lamp", "4")).toBe(false);
  });

  test("is kept, and said to be, where the program declares it and leaves out what is recorded", async () => {
    const { lifecycle, calls } = lamp();
    const { context, warnings } = contextOf();
    const state = { id: "1", house: "first", label: "desk" };
    context.run.declare("Lamp", lifecycle.targetIdentity({ label: "desk" })!);
    await lifecycle.delete(context, state);
    expect(calls).toEqual([]);
    expect(warnings).toMatchObject([{ summary: 'Lamp "desk" was kept', detail: expect.stringContaining("alias") }]);
    expect(lifecycle.targetIdentity({ label: "desk" }, state)).toBe(
      lifecycle.targetIdentity({ label: "desk", house: "first" }),
    );
  });

  test("goes in messages by what people call it, else by what is known", () => {
    const { lifecycle } = lamp({ inWords: ({ id }) => `number ${id}` });
    expect(lifecycle.inWords({ id: "1", label: "desk" })).toBe('Lamp "desk"');
    expect(lifecycle.inWords({ id: "1", label: UNKNOWN })).toBe("Lamp number 1");
    expect(lifecycle.inWords({})).toBe("Lamp");
    expect(lamp().lifecycle.inWords({ id: "1" })).toBe("Lamp 1");
  });
});

describe("an edge", () => {
  const ends = { room: "r", lamp: "l" };
  const inRoom = (behaviour: Partial<AnyResource> = {}) =>
    lamp({
      name: "LampInRoom",
      relation: "room-lamp",
      identity: [],
      ends: [
        { resource: "Room", id: "room", names: ["roomName"] },
        { resource: "Lamp", id: "lamp", names: ["lampName"] },
      ],
      fields: {
        room: required(z.string(), { description: "", onChange: "end" }),
        lamp: required(z.string(), { description: "", onChange: "end" }),
      },
      create: async (_, { room, lamp }) => ({ id: `${room}/${lamp}`, room, lamp }),
      update: async (_, __, { room, lamp }) => ({ id: `${room}/${lamp}`, room, lamp }),
      plannedOutputs: async (_, inputs) => ({ ...inputs, roomName: "hall" }),
      inWords: ({ room, lamp }) => `${lamp} in ${room}`,
      ...behaviour,
    });
  const failing = { create: () => Promise.reject(new Error("no")), update: () => Promise.reject(new Error("no")) };
  /** A run that put the removal of this edge off, and whether it is done by now. */
  const waiting = (run: RunState, fails = false) => {
    const done: string[] = [];
    run.declare("room-lamp", "r/l");
    run.postponeDeletion("room-lamp", "r/l", async () => {
      if (fails) throw new Error("down");
      done.push("r/l");
    });
    return done;
  };

  test("has an id of its ends once both are known, and a plan shows what is known of each", async () => {
    const { lifecycle } = inRoom();
    const { context } = contextOf();
    expect([lifecycle.edgeId(ends), lifecycle.edgeId({ room: "r", lamp: UNKNOWN }), lifecycle.edgeId({})]).toEqual([
      "r/l",
      undefined,
      undefined,
    ]);
    expect(lamp().lifecycle.edgeId(ends)).toBeUndefined();
    expect(await lifecycle.plannedOutputs(context, ends)).toEqual({ ...ends, roomName: "hall" });
    // What is known of one end is shown before the other is.
    expect(await lifecycle.plannedOutputs(context, { room: "r", lamp: UNKNOWN })).toEqual({
      room: "r",
      roomName: "hall",
    });
    expect(await lamp().lifecycle.plannedOutputs(context, ends)).toEqual({});
    const down = inRoom({ plannedOutputs: () => Promise.reject(new Error("down")) });
    expect(await down.lifecycle.plannedOutputs(context, ends)).toEqual({});
    expect([lifecycle.inWords(ends), lifecycle.inWords({ room: "r" })]).toEqual(["LampInRoom l in r", "LampInRoom"]);
    expect([lifecycle.label(ends), lifecycle.targetIdentity(ends)]).toEqual([undefined, undefined]);
  });

  test("that cannot be made protects no older record, and the removal that waited for it is done", async () => {
    for (const work of ["create", "update"] as const) {
      const { context } = contextOf();
      const done = waiting(context.run);
      const { lifecycle } = inRoom(failing);
      const before = { id: "r/other", room: "r", lamp: "other" };
      const failed = work === "create" ? lifecycle.create(context, ends) : lifecycle.update(context, before, ends);
      await expect(failed).rejects.toThrow("no");
      expect([done, context.run.isProtected("room-lamp", "r/l")]).toEqual([["r/l"], false]);
      expect(context.run.takeAllPostponedDeletions()).toEqual([]);
    }
  });

  test("whose removal fails then is tried once more at the end, and the user is told why it could not be made", async () => {
    const { context } = contextOf();
    waiting(context.run, true);
    await expect(inRoom(failing).lifecycle.create(context, ends)).rejects.toThrow("no");
    expect(context.run.takeAllPostponedDeletions()).toHaveLength(1);
  });

  test("that is where it was when its update fails stays protected, and so does one made by half", async () => {
    const { context } = contextOf();
    const done = waiting(context.run);
    await expect(inRoom(failing).lifecycle.update(context, { id: "r/l", ...ends }, ends)).rejects.toThrow("no");
    expect([done, context.run.isProtected("room-lamp", "r/l")]).toEqual([[], true]);
    const byHalf = inRoom({
      create: () => Promise.reject(new PartialError("r/l", { id: "r/l", ...ends }, new Error("half"))),
    });
    await expect(byHalf.lifecycle.create(context, ends)).rejects.toMatchObject({ id: "r/l", message: "half" });
    expect([done, context.run.isApplied("room-lamp", "r/l")]).toEqual([[], true]);
  });

  test("that is declared elsewhere is removed in the end only if nothing recorded it", async () => {
    const { lifecycle, calls } = inRoom();
    const { context, warnings } = contextOf();
    context.run.declare("room-lamp", "r/l");
    await lifecycle.delete(context, { id: "r/l", ...ends });
    expect([calls, warnings]).toMatchObject([[], [{ summary: "LampInRoom l in r was kept" }]]);
    for (const removal of context.run.takeAllPostponedDeletions()) await removal(context);
    expect(calls).toEqual([["delete", "r/l"]]);
  });

  test("that went before its turn is not removed a second time", async () => {
    const { lifecycle, calls } = inRoom();
    const { context } = contextOf();
    context.run.markDeletedEarly("room-lamp", "r/l");
    await lifecycle.delete(context, { id: "r/l", ...ends });
    expect(calls).toEqual([]);
  });
});
