import { lookups } from "../../../provider/resources";
import { MesheryServer } from "../../../provider/server";
import { type PropertyMap, secret, UNKNOWN } from "../../pulumi-engine";
import { failureOf, PluginClient } from "./support/client";
import { schema } from "./support/schema";

let server: MesheryServer;
let client: PluginClient;

beforeAll(async () => {
  server = await MesheryServer.start({
    era: "cloud",
    world: {
      users: { ada: {} },
      teams: { operators: { members: ["ada"] } },
      credentials: { kube: { type: "token", secret: { token: "s" } } },
      connections: {
        gke: { kind: "kubernetes", type: "platform", subType: "orchestration", status: "connected" },
        "gke again": { name: "gke", kind: "kubernetes", type: "platform", status: "not found" },
        grafana: { kind: "grafana", type: "observability", status: "connected", metadata: { url: "x", port: 1 } },
      },
      environments: { production: { description: "live", connections: ["gke", "grafana"] } },
      workspaces: { platform: { environments: ["production"] } },
    },
  });
  client = await PluginClient.on(server);
});
afterAll(async () => {
  await client.stop();
  await server.close();
});

/** How each lookup is asked; the answers are what the schema promises. */
const questions: Record<string, PropertyMap> = {
  getEnvironment: { name: "production" },
  getEnvironments: {},
  getConnection: { name: "grafana" },
  getConnections: { kind: "kubernetes" },
  getCredential: { name: "kube" },
  getCredentials: { type: "token" },
  getWorkspace: { name: "platform" },
  getWorkspaces: {},
  getOrganization: {},
  getOrganizations: {},
  getTeam: { name: "operators" },
  getTeams: {},
};

describe("Invoke", () => {
  test("is tried with every lookup", () => {
    expect(Object.keys(questions).sort()).toEqual(lookups.map(({ name }) => name).sort());
  });

  test.each(Object.entries(questions))("%s answers with what the schema promises", async (name, args) => {
    const { result, failures } = await client.invoke(name, args);
    expect(failures).toEqual([]);
    const { outputs } = schema.functions[`meshery:index:${name}`]!;
    expect(Object.keys(result!)).toEqual(expect.arrayContaining(outputs.required ?? []));
    expect(Object.keys(outputs.properties)).toEqual(expect.arrayContaining(Object.keys(result!)));
    for (const [key, value] of Object.entries(result!)) {
      const { type } = outputs.properties[key]!;
      expect([key, Array.isArray(value) ? "array" : typeof value]).toEqual([key, type]);
    }
  });

  test("finds by id as well, and takes a secret argument", async () => {
    const { result } = await client.invoke("getEnvironment", { name: secret("production") });
    expect((await client.invoke("getEnvironment", { id: result!.id! })).result).toEqual(result);
    expect(result).toMatchObject({ state: "active", connections: [{ name: "gke" }, { name: "grafana" }] });
  });

  test("says which of several was taken, and warns", async () => {
    client.messages.length = 0;
    const { result } = await client.invoke("getConnection", { name: "gke" });
    expect(result).toMatchObject({ status: "connected" });
    expect(client.messages).toEqual([expect.objectContaining({ severity: "warning" })]);
  });

  test.each([
    ["getEnvironment", {}, "name", /name or id/],
    ["getEnvironment", { nmae: "x" }, "nmae", /no field/],
    ["getConnection", { name: 1 }, "name", /string/],
    ["getConnection", { name: UNKNOWN }, "name", /not known yet/],
  ] as [
    string,
    PropertyMap,
    string,
    RegExp,
  ][])("%s %j is refused at the argument", async (name, args, property, why) => {
    const { failures, result } = await client.invoke(name, args);
    expect(result).toBeUndefined();
    expect(failures).toContainEqual({ property, reason: expect.stringMatching(why) });
  });

  test("what is not there is an error with a hint", async () => {
    expect(await failureOf(client.invoke("getEnvironment", { name: "nothing" }))).toEqual({
      code: "NOT_FOUND",
      text: expect.stringContaining("If this run creates it, use its `id`"),
    });
    expect((await failureOf(client.invoke("getNothing", {}))).code).toBe("INVALID_ARGUMENT");
  });

  test("sees what this run has made", async () => {
    await client.create("Environment", { name: "fresh" });
    const { result } = await client.invoke("getEnvironment", { name: "fresh" });
    expect(result).toMatchObject({ name: "fresh", state: "empty", connections: [] });
  });
});
