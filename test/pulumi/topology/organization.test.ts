import { Workbench } from "../dynamic/support/workbench";

const component = (organizationId: string) => `
new meshery.EnvironmentTopology("topology", {
  organizationId: ${JSON.stringify(organizationId)},
  environments: { production: { connections: ["cluster"] } },
  workspaces: { team: { environments: ["production"] } },
});
`;

test("a topology's organization is that of its environments, its edges and the workspaces that it looks up", async () => {
  const bench = await Workbench.open();
  try {
    await bench.server.reset({
      organizations: { one: {}, two: {} },
      connections: { cluster: { kind: "kubernetes" } },
      workspaces: {
        theirs: { name: "team", organization: "one" },
        ours: { name: "team", organization: "two" },
      },
    });
    const { store } = bench.server;
    const [one, two] = ["one", "two"].map((name) => store.organizations.find({ name })!.id);
    const stack = await bench.stack("test engine", bench.program(component(two!)), {
      env: { ...bench.environment(), MESHERY_ORGANIZATION_ID: one },
    });
    const up = await stack.up({ skipPreview: true });
    expect(up.error).toBeUndefined();
    const environment = store.environments.find({ name: "production" })!;
    expect(environment.organizationId).toBe(two);
    const ours = store.workspaces.find({ name: "team", organizationId: two! })!;
    expect(store.workspaceEnvironments.list()).toMatchObject([{ workspaceId: ours.id, environmentId: environment.id }]);
    expect(store.environmentConnections.list()).toMatchObject([{ environmentId: environment.id }]);
    const recorded = (await stack.resources()).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    expect(recorded.map(({ outputs }) => outputs.organizationId)).toEqual([two, two, two]);
    expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    expect(store.environments.list({ deletedAt: null })).toEqual([]);
  } finally {
    await bench.close();
  }
});
