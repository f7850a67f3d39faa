import { type EraName, MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

const world = {
  users: { alice: {}, bob: {}, root: { admin: true } },
  teams: { sre: { members: ["bob"] } },
  credentials: { kube: { type: "token", secret: { token: "s" }, owner: "alice" } },
  connections: {
    shared: { kind: "kubernetes", owner: "alice", credential: "kube" },
    private: { kind: "kubernetes", owner: "alice" },
  },
  environments: { production: { owner: "alice", connections: ["shared"] }, sandbox: { owner: "alice" } },
  workspaces: { platform: { owner: "alice", environments: ["production"], teams: ["sre"] } },
};

describe.each<EraName>(["E3", "docs", "cloud"])("who sees what in %s", (era) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world });
  });
  afterEach(async () => {
    await server.close();
  });

  const names = async (user: string, collection: string) => {
    const query = `orgId=${server.organizationId}&orgID=${server.organizationId}&order=name`;
    const path = collection === "connections" ? "/api/integrations/connections" : `/api/${collection}`;
    const { json } = await ask(server, `${path}?${query}`, { token: server.tokenFor(user) });
    return ((json as Record<string, { name: string }[]>)[collection] ?? []).map(({ name }) => name);
  };
  const seen = async (user: string) => ({
    workspaces: await names(user, "workspaces"),
    environments: await names(user, "environments"),
    connections: await names(user, "connections"),
  });

  test("owners and administrators see everything of theirs", async () => {
    const all = {
      workspaces: ["platform"],
      environments: ["production", "sandbox"],
      connections: ["private", "shared"],
    };
    expect(await seen("alice")).toEqual(all);
    expect(await seen("root")).toEqual(all);
    expect(await seen("admin")).toEqual(all);
  });

  test("a team sees its workspace, the environments in it and the connections in those", async () => {
    expect(await seen("bob")).toEqual({
      workspaces: ["platform"],
      environments: ["production"],
      connections: ["shared"],
    });
  });

  test("a team that is taken out of a workspace sees nothing of it, until it is in it again", async () => {
    const workspace = server.store.workspaces.find({ name: "platform" })?.id ?? "";
    const path = `/api/workspaces/${workspace}/teams/${server.store.teams.find({ name: "sre" })?.id}`;
    const token = server.tokenFor("alice");
    expect((await ask(server, path, { method: "DELETE", token })).status).toBeLessThan(300);
    expect(await seen("bob")).toEqual({ workspaces: [], environments: [], connections: [] });
    expect((await ask(server, path, { method: "DELETE", token })).status).toBe(404);
    expect((await ask(server, path, { method: "POST", token })).status).toBe(200);
    expect(await seen("bob")).toMatchObject({ workspaces: ["platform"], connections: ["shared"] });
  });

  test("a credential is seen by its owner alone, also by nobody who shares its connections", async () => {
    const credentialsOf = async (user: string) => {
      const { json } = await ask(server, "/api/integrations/credentials", { token: server.tokenFor(user) });
      return (json as { credentials: { name: string; id: string }[] }).credentials;
    };
    const [own] = await credentialsOf("alice");
    expect(own).toMatchObject({ name: "kube" });
    expect(server.store.connections.find({ name: "shared" })?.credentialId).toBe(own?.id);
    for (const user of ["bob", "root"]) {
      expect(await credentialsOf(user)).toEqual([]);
      const token = server.tokenFor(user);
      const { status } = await ask(server, `/api/integrations/credentials/${own?.id}`, { token });
      expect(status).toBe(404);
      const path = `/api/integrations/credentials?credentialId=${own?.id}`;
      expect((await ask(server, path, { method: "DELETE", token })).status).toBe(404);
    }
  });

  test("whoever removes a binding may stop seeing what it led to", async () => {
    const workspace = server.store.workspaces.list()[0]?.id ?? "";
    const environment = server.store.environments.find({ name: "production" })?.id ?? "";
    const token = server.tokenFor("bob");
    const removed = await ask(server, `/api/workspaces/${workspace}/environments/${environment}`, {
      method: "DELETE",
      token,
    });
    expect(removed.status).toBe(era === "cloud" ? 204 : 200);
    expect(await seen("bob")).toEqual({ workspaces: ["platform"], environments: [], connections: [] });
    const hidden = await ask(server, `/api/environments/${environment}/connections`, { token });
    expect(hidden.status).toBe(404);
    expect(await names("alice", "environments")).toEqual(["production", "sandbox"]);
  });

  test("sharing gives leave to read a connection, not to change it", async () => {
    const id = server.store.connections.find({ name: "shared" })?.id ?? "";
    const token = server.tokenFor("bob");
    expect((await ask(server, `/api/integrations/connections/${id}`, { token })).status).toBe(200);
    const refused = await ask(server, `/api/integrations/connections/${id}`, { method: "DELETE", token });
    expect(refused.status).toBe(403);
    expect(server.store.connections.get(id)?.deletedAt).toBeNull();
  });

  test("what is invisible cannot be assigned", async () => {
    const environment = server.store.environments.find({ name: "production" })?.id ?? "";
    const connection = server.store.connections.find({ name: "private" })?.id ?? "";
    const { status } = await ask(server, `/api/environments/${environment}/connections/${connection}`, {
      method: "POST",
      token: server.tokenFor("bob"),
    });
    expect(status).toBe(404);
  });

  test("a forgotten organization is seen by nobody, and back when it is recalled", async () => {
    const environment = server.store.environments.list()[0]?.id ?? "";
    server.forgetOrganization(server.organizationId);
    expect((await ask(server, "/api/identity/orgs")).json).toMatchObject({ organizations: [] });
    expect(await names("admin", "environments")).toEqual([]);
    expect(await names("admin", "workspaces")).toEqual([]);
    const query = `orgId=${server.organizationId}`;
    expect((await ask(server, `/api/environments/${environment}?${query}`)).status).toBe(404);
    expect((await ask(server, `/api/environments/${environment}`, { method: "DELETE" })).status).toBe(404);
    server.forgetOrganization(server.organizationId, false);
    expect(await names("admin", "environments")).toEqual(["production", "sandbox"]);
  });
});

test("a user sees only the organizations that were named for them", async () => {
  const server = await MesheryServer.start({
    world: {
      organizations: { one: {}, two: {} },
      users: { carol: { organizations: ["two"] } },
      environments: {
        mine: { organization: "two", owner: "carol" },
        elsewhere: { organization: "one", owner: "carol" },
      },
    },
    as: "carol",
  });
  try {
    expect(server.token).toBe(server.tokenFor("carol"));
    const { json } = await ask(server, "/api/identity/orgs");
    expect(json).toMatchObject({ organizations: [{ name: "two" }], totalCount: 1 });
    const one = server.store.organizations.find({ name: "one" })?.id;
    expect((await ask(server, `/api/environments?orgId=${one}`)).json).toEqual({ pageSize: 0, totalCount: 0 });
  } finally {
    await server.close();
  }
});

test("a user who is unknown is named with those there are", async () => {
  await expect(MesheryServer.start({ as: "mallory", world: { users: { alice: {} } } })).rejects.toThrow(
    "no user mallory; there are: admin, alice",
  );
});
