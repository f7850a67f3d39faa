import { lifecycles } from "../../provider/resources";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

const world = {
  organizations: { one: {}, two: {} },
  connections: {
    cluster: {
      kind: "kubernetes",
      type: "platform",
      subType: "orchestration",
      status: "connected" as const,
      metadata: { server: "https://a", ports: [443], nested: { a: null } },
    },
    slashed: { name: "a/b", kind: "github" },
    "two of it": { kind: "github" },
  },
  credentials: { kube: { type: "token", secret: { token: "s" } } },
  environments: {
    production: { description: "live", connections: ["cluster"] },
    west: { name: "eu/west", connections: ["slashed"] },
  },
  workspaces: { team: { environments: ["production"] } },
};

let server: MesheryServer;
let ids: Record<"organization" | "environment" | "connection" | "credential" | "workspace", string>;
beforeAll(async () => {
  server = await MesheryServer.start({ world });
  const { store } = server;
  ids = {
    organization: store.organizations.find({ name: "one" })!.id,
    environment: store.environments.find({ name: "production" })!.id,
    connection: store.connections.find({ name: "cluster" })!.id,
    credential: store.credentials.find({ name: "kube" })!.id,
    workspace: store.workspaces.find({ name: "team" })!.id,
  };
  store.connections.insert({ name: "two of it", kind: "gitlab" });
});
afterAll(() => server.close());

const bench = () => benchFor(server, { organizationId: ids.organization });

/** Import ids by resource; `{environment}` stands for that id. */
const forms: [string, string, string][] = [
  ["Environment", "{environment}", "{environment}"],
  ["Environment", "{organization}/{environment}", "{environment}"],
  ["Environment", "name:production", "{environment}"],
  ["Environment", "  {environment}\n", "{environment}"],
  ["Workspace", "{workspace}", "{workspace}"],
  ["Workspace", "name:team", "{workspace}"],
  ["Connection", "{connection}", "{connection}"],
  ["Connection", "{organization}/{connection}", "{connection}"],
  ["Connection", "name:cluster", "{connection}"],
  ["Credential", "{credential}", "{credential}"],
  ["Credential", "name:kube", "{credential}"],
  ["ConnectionAssignment", "{environment}/{connection}", "{environment}/{connection}"],
  ["ConnectionAssignment", "{organization}/{environment}/{connection}", "{environment}/{connection}"],
  ["ConnectionAssignment", "name:production/cluster", "{environment}/{connection}"],
  ["WorkspaceBinding", "{workspace}/{environment}", "{workspace}/{environment}"],
  ["WorkspaceBinding", "name:team/production", "{workspace}/{environment}"],
];
const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: keyof typeof ids) => ids[key]);

describe("an import", () => {
  test.each(forms)("of %s by %j, and nothing of it shows in the next refresh or plan", async (type, form, id) => {
    const state = await bench().import(type, filled(form));
    expect(state.id).toBe(filled(id));
    expect(await bench().read(type, state)).toEqual(state);
    const lifecycle = lifecycles.get(type)!;
    expect(lifecycle.validate(inputsOf(type, state))).toEqual([]);
    expect(lifecycle.diff(state, inputsOf(type, state))).toEqual([]);
  });

  test("takes everything that a program could write", async () => {
    expect(await bench().import("Environment", "name:production")).toMatchObject({
      name: "production",
      description: "live",
      organizationId: ids.organization,
      adopt: false,
      forceDestroy: false,
      adopted: false,
    });
    const connection = await bench().import("Connection", "name:cluster");
    expect(connection).toMatchObject({
      name: "cluster",
      kind: "kubernetes",
      type: "platform",
      subType: "orchestration",
      metadata: { server: "https://a" },
    });
    expect(JSON.parse(String(connection.metadataJson))).toEqual({ ports: [443], nested: { a: null } });
    expect(await bench().import("ConnectionAssignment", "name:production/cluster")).toMatchObject({
      environmentName: "production",
      connectionName: "cluster",
      connectionKind: "kubernetes",
      organizationId: ids.organization,
    });
  });

  test("by names that hold a slash themselves", async () => {
    const state = await bench().import("ConnectionAssignment", "name:eu/west/a/b");
    expect(state).toMatchObject({ environmentName: "eu/west", connectionName: "a/b" });
  });

  const unknown = "6b1e8f60-0000-4000-8000-000000000000";
  test.each<[string, string, RegExp]>([
    ["Environment", "", /"" is no import id.*<id>, <organizationId>\/<id>, or name:<exact name>/s],
    ["Environment", "a/b/c", /is no import id/],
    ["Environment", "{environment}/", /is no import id/],
    ["Environment", unknown, new RegExp(`has no environment with the id ${unknown}.*name:<exact name>`, "s")],
    ["Environment", "name:Production", /no environment is named "Production".*must be exact/s],
    [
      "Environment",
      `${unknown}/{environment}`,
      new RegExp(`organization ${unknown} of .* is not visible.*It sees: one`, "s"),
    ],
    ["ConnectionAssignment", "{environment}", /is no import id.*<id>\/<id>/s],
    ["ConnectionAssignment", `{environment}/${unknown}`, /does not hold connection .*taken over as it is/s],
    ["ConnectionAssignment", "name:production/nothing", /no connection is named "nothing"/],
    ["WorkspaceBinding", "name:team", /"name:team" is no import id.*name:<exact name>\/<exact name>/s],
    ["Connection", unknown, new RegExp(`no connection with the id ${unknown}`)],
    ["Connection", "name:two of it", /2 connections are named "two of it".*by its id/s],
  ])("of %s by %j is refused with what would be right", async (type, form, message) => {
    await expect(bench().import(type, filled(form))).rejects.toThrow(message);
  });

  test("needs an organization where the token sees several", async () => {
    await expect(benchFor(server).import("Environment", "name:production")).rejects.toThrow(
      /sees 2 organizations.*MESHERY_ORGANIZATION_ID.*one \(.*two \(/s,
    );
    const { id } = await benchFor(server).import("Environment", filled("{organization}/{environment}"));
    expect(id).toBe(ids.environment);
  });
});

function inputsOf(type: string, state: Record<string, unknown>) {
  const { fields } = lifecycles.get(type)!.definition;
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => fields[name] !== undefined && fields[name].role !== "output"),
  );
}
