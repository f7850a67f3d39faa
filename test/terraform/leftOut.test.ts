import { MesheryServer } from "../support/meshery";
import { ProviderProcess, UNKNOWN } from "./support/process";

// What the plan says of what a configuration leaves out, or does not know yet.

const world = {
  organizations: { one: {} },
  connections: { cluster: { kind: "kubernetes", type: "platform" } },
  environments: { production: { description: "theirs" } },
  workspaces: { team: { description: "theirs" } },
};

let server: MesheryServer;
let provider: ProviderProcess;
beforeEach(async () => {
  server = await MesheryServer.start({ world });
  provider = await ProviderProcess.on(server);
});
afterEach(async () => {
  await provider.end();
  await server.close();
});

const there: [string, Record<string, string>][] = [
  ["Environment", { name: "production" }],
  ["Workspace", { name: "team" }],
  ["Connection", { name: "cluster", kind: "kubernetes", type: "platform" }],
];
/** In a run of its own. */
const inNextRun = async <T>(work: (provider: ProviderProcess) => Promise<T>): Promise<T> => {
  const next = await ProviderProcess.on(server);
  try {
    return await work(next);
  } finally {
    await next.end();
  }
};

describe.each(there)("%s", (type, config) => {
  test("adopt, left out later, leaves adopted as it is, in the plan and after it", async () => {
    const { state } = await provider.apply(type, null, { ...config, adopt: true });
    expect(state).toMatchObject({ adopted: true });
    await inNextRun(async (next) => {
      expect(await next.plan(type, state, config)).toMatchObject({ planned: state, replaces: [], diagnostics: [] });
      const renamed = { ...config, name: "renamed" };
      const { planned } = await next.plan(type, state, renamed);
      expect(planned).toMatchObject({ id: state?.id, name: "renamed", adopt: true, adopted: true });
      expect((await next.apply(type, state, renamed)).state).toMatchObject({ name: "renamed", adopted: true });
    });
  });

  test("adopt = false shows that it is no longer let go", async () => {
    const { state } = await provider.apply(type, null, { ...config, adopt: true });
    await inNextRun(async (next) => {
      const { planned, replaces } = await next.plan(type, state, { ...config, adopt: false });
      expect({ ...planned, replaces }).toEqual({ ...state, adopt: false, adopted: false, replaces: [] });
    });
  });

  test("force_destroy, taken out, is planned false and is false", async () => {
    const { state } = await provider.apply(type, null, { ...config, name: "ours", force_destroy: true });
    expect(state).toMatchObject({ force_destroy: true });
    await inNextRun(async (next) => {
      const without = { ...config, name: "ours" };
      expect((await next.plan(type, state, without)).planned).toEqual({ ...state, force_destroy: false });
      expect((await next.apply(type, state, without)).state).toEqual({ ...state, force_destroy: false });
    });
  });
});

describe.each([
  ["Environment", { name: "ours" }, {}],
  ["Workspace", { name: "ours" }, {}],
  ["ConnectionAssignment", {}, { parent: ["environment_id", "environments"], child: ["connection_id", "connections"] }],
  ["WorkspaceBinding", {}, { parent: ["workspace_id", "workspaces"], child: ["environment_id", "environments"] }],
] as const)("%s", (type, named, ends) => {
  const config = () => {
    const pairs = Object.values(ends as Record<string, readonly [string, "environments" | "connections"]>);
    const ids = pairs.map(([attribute, table]) => [attribute, server.store[table].list()[0]!.id]);
    return { ...named, ...Object.fromEntries(ids) };
  };

  test("an organization that is known only after apply replaces nothing", async () => {
    const { state } = await provider.apply(type, null, config());
    await inNextRun(async (next) => {
      const { planned, replaces } = await next.plan(type, state, { ...config(), organization_id: UNKNOWN });
      expect(replaces).toEqual([]);
      expect(planned?.id).toBe(state?.id);
      const known = { ...config(), organization_id: server.organizationId };
      expect(await next.plan(type, state, known)).toMatchObject({ planned: state, replaces: [] });
    });
  });

  test("another organization replaces it, and one that is left out is that of before", async () => {
    const { state } = await provider.apply(type, null, config());
    const { id } = server.store.organizations.insert({ name: "another" });
    await inNextRun(async (next) => {
      const other = await next.plan(type, state, { ...config(), organization_id: id });
      expect(other.replaces).toEqual(["organization_id"]);
      expect((await next.plan(type, state, config())).planned).toEqual(state);
    });
  });
});

test("a provider with another organization moves nothing that is there", async () => {
  const { state } = await provider.apply("Environment", null, { name: "ours" });
  const other = server.store.organizations.insert({ name: "other" }).id;
  const next = await ProviderProcess.on(server, { MESHERY_ORGANIZATION_ID: other });
  try {
    expect(await next.read("Environment", state!)).toMatchObject({ state, diagnostics: [] });
    const { planned, replaces } = await next.plan("Environment", state, { name: "ours" });
    expect({ planned, replaces }).toEqual({ planned: state, replaces: [] });
    const renamed = await next.apply("Environment", state, { name: "renamed" });
    expect(renamed.state).toMatchObject({ id: state?.id, organization_id: server.organizationId });
  } finally {
    await next.end();
  }
});
