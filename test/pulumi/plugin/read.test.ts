import { lifecycles } from "../../../provider/resources";
import { MesheryServer } from "../../../provider/server";
import { type PropertyMap, secret } from "../../pulumi-engine";
import { failureOf, PluginClient, urn } from "./support/client";
import { WORLD } from "./support/plugin";

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

const newRun = () => client.configure({});
const connectionId = (name: string) => server.store.connections.list().find((row) => row.name === name)!.id;
const workspaceId = () => server.store.workspaces.list()[0]!.id;

/** An environment, in the state and on the server. */
async function production(inputs: PropertyMap = { name: "production", description: "live" }) {
  const created = await client.create("Environment", inputs);
  await newRun();
  return { ...created, inputs };
}

describe("Read for a refresh", () => {
  test("finds nothing new, and gives the inputs back as they stand in the program", async () => {
    const inputs = { name: secret("production"), description: "live", adopt: false, forceDestroy: null };
    const { id, outputs } = await production(inputs);
    expect(await client.read("Environment", id, { properties: outputs, inputs })).toEqual({ id, outputs, inputs });
  });

  test("finds drift, in outputs and in what the program had written, and nowhere else", async () => {
    const { id, outputs, inputs } = await production({ name: secret("production") });
    server.store.environments.update(id, { name: "renamed", description: "described by others" });
    const read = await client.read("Environment", id, { properties: outputs, inputs });
    expect(read).toMatchObject({ id, outputs: { name: secret("renamed") } });
    expect(read.inputs).toEqual({ name: secret("renamed") });
    // The engine then asks what the program would change back.
    const diff = await client.diff("Environment", id, { outputs: read.outputs!, inputs: read.inputs! }, inputs);
    expect(diff.detailedDiff).toEqual({ name: "update" });
  });

  test("of metadata shows only the program's keys", async () => {
    const inputs = {
      name: "c",
      kind: "kubernetes",
      type: "platform",
      metadata: { a: "1" },
      metadataJson: '{"b":{"c":1}}',
    };
    const { id, outputs } = await client.create("Connection", inputs);
    await newRun();
    server.store.connections.update(id, { metadata: { a: "1", b: { c: 1, d: 2 }, theirs: "x" } });
    expect(await client.read("Connection", id, { properties: outputs, inputs })).toEqual({ id, outputs, inputs });
    await newRun();
    server.store.connections.update(id, { metadata: { a: "2", b: { c: 1 }, theirs: "x" } });
    const read = await client.read("Connection", id, { properties: outputs, inputs });
    expect(read.inputs).toEqual({ ...inputs, metadata: { a: "2" } });
  });

  test("of what is gone gives nothing at all", async () => {
    const { id, outputs, inputs } = await production();
    server.store.environments.delete(id);
    expect(await client.read("Environment", id, { properties: outputs, inputs })).toEqual({
      id: "",
      outputs: undefined,
      inputs: undefined,
    });
    expect(client.messages).toEqual([]);
  });

  test("keeps the state where nothing can be concluded, and says so", async () => {
    const { id, outputs, inputs } = await production();
    server.forgetOrganization(server.organizationId);
    expect(await failureOf(client.read("Environment", id, { properties: outputs, inputs }))).toEqual({
      code: "FAILED_PRECONDITION",
      text: expect.stringContaining("Nothing was concluded"),
    });
    server.forgetOrganization(server.organizationId, false);
    await newRun();
    server.faults.add({ effect: { kind: "status", status: 403 }, times: Infinity });
    const refused = await failureOf(client.read("Environment", id, { properties: outputs, inputs }));
    expect(refused.code).toBe("PERMISSION_DENIED");
  });

  test("understands the state of the dynamic providers", async () => {
    const { id, outputs, inputs } = await production();
    const dynamic = { __provider: "exports.handler=()=>require('meshery-iac/dynamic').Environment;" };
    const old = { properties: { ...outputs, ...dynamic }, inputs: { ...inputs, ...dynamic } };
    expect(await client.read("Environment", id, old)).toEqual({ id, outputs, inputs });
  });
});

describe("Read for a get", () => {
  test.each([
    ["with what the program gave as properties too", true],
    ["without properties, as newer engines ask", false],
  ])("finds it, %s", async (_, both) => {
    const { id, outputs } = await production();
    const given = {};
    const read = await client.read("Environment", id, both ? { properties: given, inputs: given } : { inputs: given });
    expect(read).toMatchObject({ id, outputs });
  });

  test("takes a part of the state as help, and the name for an id", async () => {
    const { id, outputs } = await production();
    const given = { name: "production", organizationId: server.organizationId };
    expect(await client.read("Environment", id, { properties: given, inputs: given })).toMatchObject({ id, outputs });
    const byName = await client.read("Environment", "name:production", { properties: {}, inputs: {} });
    expect(byName).toMatchObject({ id, outputs });
  });

  test("leaves properties unset where there is none, and says why", async () => {
    expect(await client.read("Environment", "nowhere", { properties: {}, inputs: {} })).toEqual({
      id: "",
      outputs: undefined,
      inputs: undefined,
    });
    expect(client.messages).toEqual([
      {
        severity: "warning",
        urn: urn("Environment"),
        text: expect.stringContaining("no environment with the id nowhere"),
      },
    ]);
  });
});

describe("Read for an import", () => {
  interface Imported {
    type: string;
    /** Made by others beforehand; gives the ids to import by. */
    make(): Promise<string[]>;
    /** What a program would write. */
    inputs: () => PropertyMap;
  }
  const made = async (type: string, inputs: PropertyMap) => {
    const { id } = await client.create(type, inputs);
    await newRun();
    return id;
  };
  let environment = "";
  const cases: Imported[] = [
    {
      type: "Environment",
      make: async () => [await made("Environment", { name: "production", description: "live" }), "name:production"],
      inputs: () => ({ name: "production", description: "live" }),
    },
    {
      type: "Workspace",
      make: async () => [workspaceId(), "name:platform"],
      inputs: () => ({ name: "platform", description: "the platform team" }),
    },
    {
      type: "Connection",
      make: async () => [connectionId("gke"), "name:gke"],
      inputs: () => ({ name: "gke", kind: "kubernetes", type: "platform", subType: "orchestration" }),
    },
    {
      type: "Credential",
      make: async () => [server.store.credentials.insert({ name: "c", type: "basic" }).id, "name:c"],
      inputs: () => ({ name: "c", type: "basic" }),
    },
    {
      type: "ConnectionAssignment",
      make: async () => {
        environment = await made("Environment", { name: "a/b" });
        return [
          await made("ConnectionAssignment", { environmentId: environment, connectionId: connectionId("gke") }),
          "name:a/b/gke",
        ];
      },
      inputs: () => ({ environmentId: environment, connectionId: connectionId("gke") }),
    },
    {
      type: "WorkspaceBinding",
      make: async () => {
        environment = await made("Environment", { name: "production" });
        return [
          await made("WorkspaceBinding", { workspaceId: workspaceId(), environmentId: environment }),
          "name:platform/production",
        ];
      },
      inputs: () => ({ workspaceId: workspaceId(), environmentId: environment }),
    },
  ];

  test("is tried with every resource", () => {
    // Teams are Meshery Cloud's, and this server has none: their import is tried in test/terraform/workspaceTeams.
    const others = [...lifecycles.keys()].filter((type) => type !== "WorkspaceTeam");
    expect(cases.map(({ type }) => type).sort()).toEqual(others.sort());
  });

  test.each(cases)("$type, by id and by name, and then nothing differs", async ({ type, make, inputs }) => {
    const [id, byName] = await make();
    const { fields } = lifecycles.get(type)!.definition;
    const organized = "organizationId" in fields ? { organizationId: server.organizationId } : {};
    for (const [importId, more] of [
      [id!, {}],
      [byName!, {}],
      [`${server.organizationId}/${id}`, organized],
    ] as const) {
      await newRun();
      const read = await client.read(type, importId);
      expect(read.id).toBe(id);
      expect(read.inputs).toEqual({ ...inputs(), ...more });
      const always = Object.keys(fields).filter((name) => fields[name]!.role !== "optional");
      expect(Object.keys(read.outputs!)).toEqual(expect.arrayContaining(always));
      const checked = await client.check(type, read.inputs!, { olds: read.inputs! });
      expect(checked).toEqual({ inputs: read.inputs, failures: [] });
      const old = { outputs: read.outputs!, inputs: read.inputs! };
      expect((await client.diff(type, id!, old, checked.inputs)).changes).toBe("none");
      const refreshed = await client.read(type, id!, { properties: old.outputs, inputs: old.inputs });
      expect(refreshed).toEqual(read);
    }
  });

  test.each([
    ["Environment", "name:nothing", /no environment is named "nothing"/],
    ["Environment", "nothing", /no environment with the id nothing/],
    ["ConnectionAssignment", "e/c", /does not hold/],
  ])("of %s %s gives nothing at all, and says why", async (type, importId, why) => {
    expect(await client.read(type, importId)).toEqual({ id: "", outputs: undefined, inputs: undefined });
    expect(client.messages.map(({ text }) => text)).toEqual([expect.stringMatching(why)]);
  });

  test("an id that is none is an error", async () => {
    expect(await failureOf(client.read("Environment", "a/b/c"))).toEqual({
      code: "INVALID_ARGUMENT",
      text: expect.stringContaining("name:<exact name>"),
    });
  });
});
