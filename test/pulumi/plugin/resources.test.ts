import { lifecycles } from "../../../provider/resources";
import { MesheryServer } from "../../../provider/server";
import { type PropertyMap, RESOURCE_REFERENCE, SIGNATURE, secret, UNKNOWN, UNKNOWNS } from "../../pulumi-engine";
import { writes } from "../dynamic/support/requests";
import { failureOf, PluginClient } from "./support/client";
import { WORLD } from "./support/plugin";

const ASSET = "c44067f5952c0a294b673a41bacd8c17";

let server: MesheryServer;
let client: PluginClient;

beforeAll(async () => {
  server = await MesheryServer.start({ world: WORLD });
  client = await PluginClient.on(server);
});
afterAll(async () => {
  await client.stop();
  await server.close();
});
beforeEach(async () => {
  await server.reset();
  await client.configure({});
  client.messages.length = 0;
});

const connectionId = (name: string) => server.store.connections.list().find((row) => row.name === name)!.id;
const workspaceId = () => server.store.workspaces.list()[0]!.id;

describe("Check", () => {
  test("gives inputs back as they were written", async () => {
    const news = {
      name: "production",
      description: secret("hidden"),
      organizationId: UNKNOWN,
      adopt: false,
      forceDestroy: null,
    };
    expect(await client.check("Environment", news)).toEqual({ inputs: news, failures: [] });
  });

  test.each([
    ["Environment", {}, "name", /required/],
    ["Environment", { name: "" }, "name", /empty/],
    ["Environment", { name: " x" }, "name", /blank/],
    ["Environment", { name: "x".repeat(101) }, "name", /100 characters; it has 101/],
    ["Environment", { name: 7 }, "name", /string/],
    ["Environment", { name: "x", nmae: "y" }, "nmae", /no field "nmae".*name, description/],
    ["Environment", { name: "x", adopted: true }, "adopted", /set by the provider/],
    ["Environment", { name: "x", description: secret("[meshery-iac] x") }, "description", /\[meshery-iac\]/],
    ["ConnectionAssignment", { environmentId: "a/b", connectionId: "c" }, "environmentId", /alone/],
    ["Connection", { name: "x", kind: "k", type: "t", status: "odd" }, "status", /must be one of/],
    ["Connection", { name: "x", kind: "k", type: "t", metadata: { a: 1 } }, "metadata", /metadata\.a/],
    ["Connection", { name: "x", kind: "k", type: "t", metadataJson: "{" }, "metadataJson", /not JSON/],
  ] as [string, PropertyMap, string, RegExp][])("refuses %s %j", async (type, news, property, reason) => {
    expect((await client.check(type, news)).failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  test("takes any of the seven signs of an unknown value for any type, at any depth", async () => {
    for (const unknown of UNKNOWNS) {
      const connection = { name: unknown, kind: unknown, type: unknown, metadata: { a: unknown }, adopt: unknown };
      expect((await client.check("Connection", connection)).failures).toEqual([]);
      expect((await client.check("Connection", { ...connection, metadata: unknown })).failures).toEqual([]);
    }
  });

  test("takes a reference to a resource for its id", async () => {
    const reference = (id: string) => ({ [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:a", id });
    const news = { environmentId: reference("e"), connectionId: reference(UNKNOWN) };
    expect(await client.check("ConnectionAssignment", news)).toEqual({ inputs: news, failures: [] });
    const component = { [SIGNATURE]: RESOURCE_REFERENCE, urn: "urn:component" };
    const { failures } = await client.check("ConnectionAssignment", { environmentId: component, connectionId: "c" });
    expect(failures).toEqual([{ property: "environmentId", reason: expect.stringContaining("component") }]);
  });

  test("refuses files and other special values, and says where", async () => {
    const file = { [SIGNATURE]: ASSET, text: "x" };
    expect((await client.check("Environment", { name: file })).failures).toEqual([
      { property: "name", reason: expect.stringMatching(/^name is a file/) },
    ]);
    const metadata = { certificate: file };
    const connection = { name: "x", kind: "k", type: "t", metadata };
    expect((await client.check("Connection", connection)).failures).toEqual([
      { property: "metadata", reason: expect.stringMatching(/^metadata\.certificate is a file/) },
    ]);
  });

  test("an unknown type is an error that says what to do", async () => {
    expect(await failureOf(client.check("Nothing", {}))).toEqual({
      code: "INVALID_ARGUMENT",
      text: expect.stringMatching(/no resource meshery:index:Nothing.*same version/s),
    });
  });
});

describe("Diff", () => {
  const state = (outputs: PropertyMap, inputs: PropertyMap) => ({ outputs, inputs });
  const environment = state(
    {
      name: "production",
      description: "live",
      organizationId: "org",
      adopt: false,
      forceDestroy: false,
      adopted: false,
    },
    { name: "production", description: "live" },
  );
  const edge = state(
    { environmentId: "e", connectionId: "c", organizationId: "org", environmentName: "production" },
    { environmentId: "e", connectionId: "c" },
  );

  test("nothing where nothing differs, in whatever spelling", async () => {
    for (const news of [
      environment.inputs,
      { ...environment.inputs, adopt: false, forceDestroy: null },
      { name: "production" },
      { ...environment.inputs, organizationId: "org" },
      { name: secret("production"), description: "live" },
    ]) {
      expect(await client.diff("Environment", "id", environment, news)).toEqual({
        changes: "none",
        replaceKeys: [],
        diffs: [],
        detailedDiff: {},
        inputDiffs: {},
        deleteBeforeReplace: true,
      });
    }
  });

  test("an update of a name", async () => {
    const news = { name: "prod", description: "live" };
    expect(await client.diff("Environment", "id", environment, news)).toMatchObject({
      changes: "some",
      diffs: ["name"],
      replaceKeys: [],
      detailedDiff: { name: "update" },
      inputDiffs: { name: true },
      deleteBeforeReplace: false,
    });
  });

  test("a default that the server filled in is compared with the state, and shown against it", async () => {
    const news = { ...environment.inputs, organizationId: "other" };
    expect(await client.diff("Environment", "id", environment, news)).toMatchObject({
      changes: "some",
      diffs: ["organizationId"],
      replaceKeys: ["organizationId"],
      detailedDiff: { organizationId: "update-replace" },
      inputDiffs: { organizationId: false },
      deleteBeforeReplace: false,
    });
  });

  test("a flag that is taken away", async () => {
    const destroying = state(
      { ...environment.outputs, forceDestroy: true },
      { ...environment.inputs, forceDestroy: true },
    );
    expect(await client.diff("Environment", "id", destroying, environment.inputs)).toMatchObject({
      diffs: ["forceDestroy"],
      detailedDiff: { forceDestroy: "delete" },
    });
    expect(
      await client.diff("Environment", "id", environment, { ...environment.inputs, forceDestroy: true }),
    ).toMatchObject({ detailedDiff: { forceDestroy: "add" } });
  });

  test("no longer adopting what was adopted is an update, leaving it out is not", async () => {
    const adopted = state(
      { ...environment.outputs, adopt: true, adopted: true },
      { ...environment.inputs, adopt: true },
    );
    expect((await client.diff("Environment", "id", adopted, environment.inputs)).changes).toBe("none");
    expect(await client.diff("Environment", "id", adopted, { ...environment.inputs, adopt: false })).toMatchObject({
      diffs: ["adopt"],
      replaceKeys: [],
    });
  });

  test("another end of an edge replaces it, the new one first", async () => {
    const news = { environmentId: "other", connectionId: "c" };
    expect(await client.diff("ConnectionAssignment", "e/c", edge, news)).toMatchObject({
      replaceKeys: ["environmentId"],
      detailedDiff: { environmentId: "update-replace" },
      deleteBeforeReplace: false,
    });
  });

  test("an unknown value may differ", async () => {
    expect(
      await client.diff("ConnectionAssignment", "e/c", edge, { environmentId: UNKNOWN, connectionId: "c" }),
    ).toEqual(expect.objectContaining({ changes: "some", replaceKeys: ["environmentId"] }));
    expect(await client.diff("Environment", "id", environment, { name: UNKNOWN })).toMatchObject({
      detailedDiff: { name: "update" },
    });
  });

  test("of metadata only what the program says, key by key", async () => {
    const connection = state(
      {
        name: "x",
        kind: "k",
        type: "t",
        metadata: { a: "1", "b.c": "2", foreign: "3" },
        metadataJson: '{"port":1,"own":true}',
        status: "connected",
        adopted: false,
        owner: "",
      },
      { name: "x", kind: "k", type: "t", metadata: { a: "1", "b.c": "2" }, metadataJson: '{"port":1}' },
    );
    const same = {
      ...connection.inputs,
      metadata: { "b.c": "2", a: "1" },
      metadataJson: '{ "port": 1 }',
      status: "ignored",
    };
    expect((await client.diff("Connection", "id", connection, same)).changes).toBe("none");
    const news = {
      ...connection.inputs,
      metadata: { a: "1", "b.c": "4", foreign: "5", fresh: UNKNOWN },
      metadataJson: '{"port":2}',
    };
    expect(await client.diff("Connection", "id", connection, news)).toMatchObject({
      diffs: ["metadata", "metadataJson"],
      detailedDiff: {
        'metadata["b.c"]': "update",
        "metadata.foreign": "update",
        "metadata.fresh": "add",
        metadataJson: "update",
      },
      inputDiffs: { 'metadata["b.c"]': true, "metadata.foreign": false, "metadata.fresh": true },
    });
  });

  test("what dynamic providers and older versions kept in the state does not count", async () => {
    const dynamic = state(
      { ...environment.outputs, __provider: "exports.handler=...", updatedAt: "yesterday" },
      { ...environment.inputs, __provider: "exports.handler=..." },
    );
    expect((await client.diff("Environment", "id", dynamic, environment.inputs)).changes).toBe("none");
  });

  test("a replacement that only the user asks for deletes first, where the name would be in the way", async () => {
    const diff = await client.diff("Environment", "id", environment, { name: "production", description: "new" });
    expect(diff).toMatchObject({ replaceKeys: [], deleteBeforeReplace: true });
    const edgeDiff = await client.diff("ConnectionAssignment", "e/c", edge, edge.inputs);
    expect(edgeDiff.deleteBeforeReplace).toBe(false);
  });
});

describe("previews", () => {
  test("Create tells what is known, leaves out what is computed, and writes nothing", async () => {
    await client.configure({ organizationId: server.organizationId });
    expect(await client.create("Environment", { name: "x", description: UNKNOWN }, { preview: true })).toEqual({
      id: "",
      outputs: {
        name: "x",
        description: UNKNOWN,
        organizationId: server.organizationId,
        adopt: false,
        forceDestroy: false,
      },
    });
    await client.configure({});
    const edge = { environmentId: UNKNOWN, connectionId: "c" };
    expect((await client.create("ConnectionAssignment", edge, { preview: true })).outputs).toEqual(edge);
    expect(writes(server)).toEqual([]);
  });

  test("Update tells the state with the new inputs, secrets kept", async () => {
    const outputs = {
      name: "x",
      description: secret("old"),
      organizationId: "org",
      adopted: false,
      forceDestroy: false,
    };
    const old = { outputs, inputs: { name: "x", description: secret("old") } };
    const next = await client.update("Environment", "id", old, { name: secret("y") }, { preview: true });
    expect(next.outputs).toEqual({ ...outputs, name: secret("y"), forceDestroy: false });
    expect(writes(server)).toEqual([]);
  });
});

describe("Create, Update and Delete", () => {
  test("go through a life, with the outputs of the declarations and nothing else", async () => {
    const inputs = { name: "production", description: "live" };
    const { id, outputs } = await client.create("Environment", inputs);
    expect(outputs).toMatchObject({
      ...inputs,
      organizationId: server.organizationId,
      adopt: false,
      forceDestroy: false,
      adopted: false,
    });
    const { fields } = lifecycles.get("Environment")!.definition;
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(outputs)));
    const pair = { environmentId: id, connectionId: connectionId("gke") };
    const edge = await client.create("ConnectionAssignment", pair);
    expect(edge).toEqual({
      id: `${id}/${pair.connectionId}`,
      outputs: {
        ...pair,
        organizationId: server.organizationId,
        environmentName: "production",
        connectionName: "gke",
        connectionKind: "kubernetes",
        owner: expect.any(String),
      },
    });
    const binding = await client.create("WorkspaceBinding", { workspaceId: workspaceId(), environmentId: id });
    const news = { name: "prod", description: "" };
    const updated = await client.update("Environment", id, { outputs, inputs }, news);
    expect(updated.outputs).toMatchObject(news);
    await client.configure({});
    await client.delete("WorkspaceBinding", binding.id, binding.outputs);
    await client.delete("ConnectionAssignment", edge.id, edge.outputs);
    await client.delete("Environment", id, updated.outputs);
    await client.delete("Environment", id, updated.outputs);
    expect(server.store.environments.list().filter((row) => row.deletedAt === null)).toEqual([]);
  });

  test("secrets stay marked, whole fields and single keys", async () => {
    const metadata = { server: "https://one", key: secret("hush") };
    const inputs = { name: "c", kind: "kubernetes", type: "platform", subType: secret("orchestration"), metadata };
    const { id, outputs } = await client.create("Connection", inputs);
    expect(outputs).toMatchObject({ subType: secret("orchestration"), metadata });
    const read = await client.read("Connection", id, { properties: outputs, inputs });
    expect(read.outputs).toMatchObject({ subType: secret("orchestration"), metadata });
    expect(read.inputs).toEqual(inputs);
    const news = { ...inputs, subType: "orchestration" };
    const updated = await client.update("Connection", id, { outputs, inputs }, news);
    expect(updated.outputs).toMatchObject({ subType: "orchestration", metadata });
  });

  test("a delete of what others use is refused with their names", async () => {
    const { id, outputs } = await client.create("Environment", { name: "production" });
    server.store.environmentConnections.insert({ environmentId: id, connectionId: connectionId("gke") });
    await client.configure({});
    expect(await failureOf(client.delete("Environment", id, outputs))).toEqual({
      code: "FAILED_PRECONDITION",
      text: expect.stringMatching(/connection "gke".*forceDestroy/s),
    });
    const forced = await client.update(
      "Environment",
      id,
      { outputs, inputs: {} },
      { name: "production", forceDestroy: true },
    );
    await client.configure({});
    await client.delete("Environment", id, forced.outputs);
  });

  test("errors carry a code that tells the engine that nothing was changed", async () => {
    await client.create("Environment", { name: "production" });
    await client.configure({});
    expect(await failureOf(client.create("Environment", { name: "production" }))).toEqual({
      code: "ALREADY_EXISTS",
      text: expect.stringMatching(/`pulumi import meshery:index:\w+ <name> \S+`.*aliases.*adopt: true/s),
    });
    const nowhere = { environmentId: "nowhere", connectionId: connectionId("gke") };
    expect(await failureOf(client.create("ConnectionAssignment", nowhere))).toMatchObject({ code: "NOT_FOUND" });
    server.faults.add({ effect: { kind: "status", status: 401 }, times: Infinity });
    expect(await failureOf(client.configure({}))).toEqual({
      code: "UNAUTHENTICATED",
      text: expect.stringMatching(/MESHERY_TOKEN/),
    });
  });

  test("a token that the server echoes is in no error", async () => {
    const body = JSON.stringify({ error: `bad token ${server.token}` });
    server.faults.add({ effect: { kind: "status", status: 403, body }, times: Infinity });
    await client.configure({});
    const { text } = await failureOf(client.create("Environment", { name: "other" }));
    expect(text).toContain("[token]");
    expect(text).not.toContain(server.token);
  });
});

test("an edge that was made, but not confirmed, is kept; the next update confirms it or makes it", async () => {
  const { id } = await client.create("Environment", { name: "production" });
  const pair = { environmentId: id, connectionId: connectionId("gke") };
  // Neither the answer to the write nor the list after it says that the pair is there. What this run made is not read before.
  const edges = "/api/environments/{id}/connections";
  server.faults.add({ method: "GET", route: edges, effect: { kind: "status", status: 400 }, times: Infinity });
  const empty = { kind: "status", status: 200, when: "after", body: "{}" } as const;
  server.faults.add({ method: "POST", route: `${edges}/{connectionId}`, effect: empty });
  const partial = await client.create("ConnectionAssignment", pair);
  expect(partial).toMatchObject({
    id: `${id}/${pair.connectionId}`,
    inputs: pair,
    initErrors: [expect.stringContaining("400")],
    outputs: { ...pair, organizationId: server.organizationId, connectionName: "gke" },
  });
  server.faults.clear();
  const old = { outputs: partial.outputs, inputs: pair };
  await client.configure({});
  const confirmed = await client.update("ConnectionAssignment", partial.id, old, pair);
  expect(confirmed).toEqual({ id: partial.id, outputs: partial.outputs });
  for (const row of server.store.environmentConnections.list()) server.store.environmentConnections.delete(row.id);
  await client.configure({});
  const made = await client.update("ConnectionAssignment", partial.id, old, pair);
  expect(made).toEqual({ id: partial.id, outputs: partial.outputs });
  expect(server.store.environmentConnections.list()).toMatchObject([pair]);
});

test("an object in the state that the server never showed is not made twice: a refresh decides", async () => {
  const inputs = { name: "production" };
  const { id, outputs } = await client.create("Environment", inputs);
  server.store.environments.delete(id);
  await client.configure({});
  expect(await client.update("Environment", id, { outputs, inputs }, inputs)).toMatchObject({
    id,
    inputs,
    outputs,
    initErrors: [expect.stringContaining("pulumi refresh")],
  });
  expect(server.store.environments.list()).toEqual([]);
});

test("1,000 checks and diffs send nothing", async () => {
  const sent = server.requests.list.length;
  await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      const inputs = { environmentId: `e${i}`, connectionId: `c${i}` };
      const name = `edge${i}`;
      await client.check("ConnectionAssignment", inputs, { name });
      const outputs = { ...inputs, organizationId: "org", environmentName: "", connectionName: "", connectionKind: "" };
      const diff = await client.diff("ConnectionAssignment", `e${i}/c${i}`, { outputs, inputs }, inputs);
      expect(diff.changes).toBe("none");
    }),
  );
  expect(server.requests.list.length).toBe(sent);
});
