import type { State, Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// What a program leaves out is not managed: an update neither clears it on the server nor forgets it.

const world = {
  connections: {
    cluster: { kind: "kubernetes", type: "platform", subType: "orchestration", metadata: { theirs: "kept" } },
    grafana: { kind: "grafana" },
  },
  environments: { production: { description: "theirs" }, other: {} },
  workspaces: { team: { description: "theirs" } },
};

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({ world });
});
afterEach(() => server.close());

/** A new run of the engine. */
const run = () => benchFor(server);
const tables = { Environment: "environments", Workspace: "workspaces", Connection: "connections" } as const;
type Type = keyof typeof tables;
const live = (type: Type, id: string) => server.store[tables[type]].get(id)!;
const there: [Type, Values][] = [
  ["Environment", { name: "production" }],
  ["Workspace", { name: "team" }],
  ["Connection", { name: "cluster", kind: "kubernetes", type: "platform" }],
];
const named = there.slice(0, 2);
const differing = (type: string, state: State, inputs: Values) =>
  lifecycles
    .get(type)!
    .diff(state, inputs)
    .map(({ field }) => field);

describe.each(there)("%s: adopt, left out of a later program", (type, inputs) => {
  test("leaves what was adopted adopted by an update, so that a destroy releases it", async () => {
    const state = await run().create(type, { ...inputs, adopt: true });
    const renamed = await run().update(type, state, { ...inputs, name: "renamed" });
    expect(renamed).toMatchObject({ id: state.id, name: "renamed", adopted: true });
    await run().remove(type, renamed);
    expect(live(type, state.id)).toMatchObject({ name: "renamed", deletedAt: null });
  });

  test("does so too where nothing is sent", async () => {
    const state = await run().create(type, { ...inputs, adopt: true });
    const forced = await run().update(type, state, { ...inputs, forceDestroy: true });
    expect(forced).toMatchObject({ adopted: true, forceDestroy: true });
  });

  test("leaves what the program made its own", async () => {
    const own = { ...inputs, name: "ours" };
    const state = await run().create(type, { ...own, adopt: true });
    expect(state.adopted).toBe(false);
    const updated = await run().update(type, state, { ...own, name: "ours too", adopt: true });
    expect(updated.adopted).toBe(false);
    await run().remove(type, updated);
    expect(live(type, state.id)?.deletedAt ?? "gone").not.toBeNull();
  });
});

describe.each(there)("%s: forceDestroy, taken out of the program", (type, inputs) => {
  test("shows as a change and holds no longer: what others use is not deleted", async () => {
    const state = await run().create(type, { ...inputs, name: "ours", forceDestroy: true });
    const without = { ...inputs, name: "ours" };
    expect(differing(type, state, without)).toEqual(["forceDestroy"]);
    const careful = await run().update(type, state, without);
    expect(careful.forceDestroy).toBe(false);
    expect(differing(type, careful, without)).toEqual([]);
    const { store } = server;
    const environment = store.environments.find({ name: "other" })!.id;
    const connection = store.connections.find({ name: "grafana" })!.id;
    if (type === "Workspace") store.workspaceEnvironments.insert({ workspaceId: state.id, environmentId: environment });
    else if (type === "Connection")
      store.environmentConnections.insert({ environmentId: environment, connectionId: state.id });
    else store.environmentConnections.insert({ environmentId: state.id, connectionId: connection });
    await expect(run().remove(type, careful)).rejects.toMatchObject({ code: "in-use" });
    expect(live(type, state.id).deletedAt).toBeNull();
  });

  test("stays away through a refresh", async () => {
    const state = await run().create(type, { ...inputs, name: "ours" });
    expect((await run().read(type, state))?.forceDestroy).toBe(false);
    const forced = await run().update(type, state, { ...inputs, name: "ours", forceDestroy: true });
    expect((await run().read(type, forced))?.forceDestroy).toBe(true);
  });
});

describe.each(named)("%s: a description, left out of the program", (type, inputs) => {
  const described = (id: string) => (live(type, id) as { description: string }).description;

  test("stays on the server when the object is renamed", async () => {
    const state = await run().create(type, { ...inputs, name: "ours" });
    server.store[tables[type as "Environment"]].update(state.id, { description: "written by hand" });
    const renamed = await run().update(type, state, { ...inputs, name: "renamed" });
    expect(live(type, state.id).name).toBe("renamed");
    expect(described(state.id)).toBe("written by hand");
    // Not managed before, not managed after: nothing of it shows in a plan.
    expect(renamed.description).toBeUndefined();
    expect((await run().read(type, renamed))?.description).toBeUndefined();
  });

  test("stays when the object was adopted, or imported", async () => {
    const adopted = await run().create(type, { ...inputs, adopt: true });
    const once = await run().update(type, adopted, { ...inputs, name: "once" });
    expect(described(once.id)).toBe("theirs");
    const imported = await run().import(type, "name:once");
    await run().update(type, imported, { ...inputs, name: "twice" });
    expect(described(once.id)).toBe("theirs");
  });

  test("stays when the program once wrote it", async () => {
    const state = await run().create(type, { ...inputs, name: "ours", description: "once written" });
    const renamed = await run().update(type, state, { ...inputs, name: "renamed" });
    expect(described(state.id)).toBe("once written");
    expect(differing(type, renamed, { ...inputs, name: "renamed" })).toEqual([]);
  });

  test("is sent where it is first written, and cleared by an empty one", async () => {
    const state = await run().create(type, { ...inputs, name: "ours" });
    const written = await run().update(type, state, { ...inputs, name: "ours", description: "now" });
    expect([described(state.id), written.description]).toEqual(["now", "now"]);
    const cleared = await run().update(type, written, { ...inputs, name: "ours", description: "" });
    expect((await run().read(type, cleared))?.description).toBe("");
    expect(described(state.id)).toMatch(/^(\[meshery-iac\])?$/);
  });

  test("is cleared on a server that keeps a text where an empty one is sent, too", async () => {
    const stubborn = await MesheryServer.start({ quirks: { textsStay: true } });
    try {
      const state = await benchFor(stubborn).create(type, { ...inputs, name: "ours", description: "once" });
      const cleared = await benchFor(stubborn).update(type, state, { ...inputs, name: "ours", description: "" });
      expect(cleared.description).toBe("");
      expect(await benchFor(stubborn).read(type, cleared)).toEqual(cleared);
    } finally {
      await stubborn.close();
    }
  });

  test("is not sent where the server has it already", async () => {
    const state = await run().create(type, { ...inputs, name: "ours" });
    server.store[tables[type as "Environment"]].update(state.id, { description: "written by hand" });
    server.requests.clear();
    const managed = await run().update(type, state, { ...inputs, name: "ours", description: "written by hand" });
    expect(managed.description).toBe("written by hand");
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("is not touched by an update of a flag alone, for which nothing is sent", async () => {
    const state = await run().create(type, { ...inputs, name: "ours", description: "kept" });
    server.requests.clear();
    await run().update(type, state, { ...inputs, name: "ours", description: "kept", forceDestroy: true });
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("a connection", () => {
  const inputs = { name: "cluster", kind: "kubernetes", type: "platform" };

  test("keeps its subtype, its status and metadata of others through a rename", async () => {
    const state = await run().create("Connection", { ...inputs, adopt: true });
    const { status } = server.store.connections.get(state.id)!;
    const renamed = await run().update("Connection", state, { ...inputs, name: "renamed", metadata: { ours: "1" } });
    expect(live("Connection", state.id)).toMatchObject({
      name: "renamed",
      subType: "orchestration",
      status,
      metadata: { theirs: "kept", ours: "1" },
    });
    expect(renamed.subType).toBeUndefined();
  });

  test("keeps what lies beside a declared key inside nested metadata", async () => {
    const state = await run().create("Connection", { ...inputs, adopt: true });
    server.store.connections.update(state.id, { metadata: { deep: { theirs: [1], ours: 1 }, flag: true } });
    const changed = await run().update("Connection", state, { ...inputs, metadataJson: '{"deep":{"ours":2}}' });
    expect(live("Connection", state.id)).toMatchObject({ metadata: { deep: { theirs: [1], ours: 2 }, flag: true } });
    expect(changed.metadataJson).toBe('{"deep":{"ours":2}}');
  });

  test("is told its subtype where it is declared, and its type where that changes", async () => {
    const state = await run().create("Connection", { ...inputs, adopt: true });
    await run().update("Connection", state, { ...inputs, type: "cloud", subType: "managed" });
    expect(live("Connection", state.id)).toMatchObject({ type: "cloud", subType: "managed" });
  });
});
