import type { State, Values } from "../../provider/framework";
import { lifecycles, resources } from "../../provider/resources";
import { eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// Whatever a program writes reaches the server, in every version of its API, and comes back by a refresh.

const world = {
  connections: { first: { kind: "kubernetes" }, second: { kind: "kubernetes" } },
  environments: { east: {}, west: {} },
  workspaces: { team: {}, crew: {} },
};
const id = (server: MesheryServer, table: "connections" | "environments" | "workspaces", name: string) =>
  server.store[table].find({ name })!.id;

interface Case {
  before: (server: MesheryServer) => Values;
  /** What an update makes of it. */
  after: (server: MesheryServer) => Values;
  /** Inputs of which a server holds nothing, or nothing that can be changed later. */
  notOnServer?: string[];
  /** The row that the server has of it. */
  row?: (server: MesheryServer, state: State) => object | undefined;
}
const flags = ["adopt", "forceDestroy"];
const cases: Record<string, Case> = {
  Environment: {
    before: ({ organizationId }) => ({
      name: "ours",
      description: "before",
      organizationId,
      adopt: true,
      forceDestroy: true,
    }),
    after: ({ organizationId }) => ({
      name: "renamed",
      description: "after",
      organizationId,
      adopt: false,
      forceDestroy: false,
    }),
    notOnServer: flags,
    row: ({ store }, state) => store.environments.get(state.id),
  },
  Workspace: {
    before: ({ organizationId }) => ({
      name: "ours",
      description: "before",
      organizationId,
      adopt: true,
      forceDestroy: true,
    }),
    after: ({ organizationId }) => ({
      name: "renamed",
      description: "after",
      organizationId,
      adopt: false,
      forceDestroy: false,
    }),
    notOnServer: flags,
    row: ({ store }, state) => store.workspaces.get(state.id),
  },
  Connection: {
    before: () => ({
      name: "ours",
      kind: "github",
      type: "collaboration",
      subType: "scm",
      status: "connected",
      metadata: { a: "1", b: "2" },
      metadataJson: '{"ports":[443],"deep":{"x":1}}',
      adopt: true,
      forceDestroy: true,
    }),
    after: () => ({
      name: "renamed",
      kind: "github",
      type: "platform",
      subType: "forge",
      status: "connected",
      metadata: { a: "one" },
      metadataJson: '{"ports":[80,8080]}',
      adopt: false,
      forceDestroy: false,
    }),
    notOnServer: [...flags, "metadataJson", "metadata"],
    row: ({ store }, state) => store.connections.get(state.id),
  },
  ConnectionAssignment: {
    before: (server) => ({
      environmentId: id(server, "environments", "east"),
      connectionId: id(server, "connections", "first"),
      organizationId: server.organizationId,
    }),
    after: (server) => ({
      environmentId: id(server, "environments", "west"),
      connectionId: id(server, "connections", "second"),
      organizationId: server.organizationId,
    }),
    notOnServer: ["organizationId"],
    row: ({ store }, { environmentId, connectionId }) =>
      store.environmentConnections.find({ environmentId: String(environmentId), connectionId: String(connectionId) }),
  },
  WorkspaceBinding: {
    before: (server) => ({
      workspaceId: id(server, "workspaces", "team"),
      environmentId: id(server, "environments", "east"),
      organizationId: server.organizationId,
    }),
    after: (server) => ({
      workspaceId: id(server, "workspaces", "crew"),
      environmentId: id(server, "environments", "west"),
      organizationId: server.organizationId,
    }),
    notOnServer: ["organizationId"],
    row: ({ store }, { workspaceId, environmentId }) =>
      store.workspaceEnvironments.find({ workspaceId: String(workspaceId), environmentId: String(environmentId) }),
  },
};

test("every resource is among them, with every input", async () => {
  const server = await MesheryServer.start({ world });
  try {
    for (const { name, fields } of resources) {
      const inputs = Object.keys(fields).filter((field) => fields[field]!.role !== "output");
      expect([name, Object.keys(cases[name]?.before(server) ?? {}).sort()]).toEqual([name, inputs.sort()]);
    }
  } finally {
    await server.close();
  }
});

const metadataOf = ({ metadata, metadataJson }: Values) => ({
  ...(metadata as Values | undefined),
  ...(metadataJson ? JSON.parse(String(metadataJson)) : {}),
});

describe.each(eraNames)("in %s", (era) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world });
  });
  afterEach(() => server.close());

  test.each(Object.entries(cases))("every input of %s is on the server, and in a refresh", async (type, {
    before,
    after,
    notOnServer = [],
    row,
  }) => {
    const onServer = (inputs: Values) =>
      Object.fromEntries(Object.entries(inputs).filter(([name]) => !notOnServer.includes(name)));
    const inputs = before(server);
    const state = await benchFor(server).create(type, inputs);
    expect(state).toMatchObject(inputs);
    expect(row!(server, state)).toMatchObject(onServer(inputs));
    expect(await benchFor(server).read(type, state)).toEqual(state);
    expect(lifecycles.get(type)!.diff(state, inputs)).toEqual([]);

    const changed = after(server);
    const next = await benchFor(server).update(type, state, changed);
    expect(next).toMatchObject(changed);
    expect(row!(server, next)).toMatchObject(onServer(changed));
    expect(await benchFor(server).read(type, next)).toEqual(next);
    if (type === "Connection")
      expect(row!(server, next)).toMatchObject({
        metadata: { ...metadataOf(inputs), ...metadataOf(changed) },
      });

    await benchFor(server).remove(type, next);
    expect(await benchFor(server).read(type, next)).toBeUndefined();
  });
});
