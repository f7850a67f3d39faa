import type { ProviderCall, RunResult } from "../../pulumi-engine";
import {
  applied,
  assignment,
  type EngineName,
  engines,
  environment,
  idOf,
  PluginBench,
  yamlProgram,
} from "./support/bench";

const only = (properties: Record<string, unknown>) => yamlProgram({ production: environment(properties) });

/** Requests about one resource, or about the provider itself. */
const about = (calls: readonly ProviderCall[], name: string) =>
  calls
    .filter(({ urn }) => (urn ? urn.endsWith(`::${name}`) : false))
    .map(({ method, preview }) => (preview ? `${method} (preview)` : method));
const ofProvider = ({ calls }: RunResult) =>
  calls.filter(({ urn }) => !urn || urn.includes("pulumi:providers:meshery")).map(({ method }) => method);

describe.each(engines())("what the engine asks, on the %s", (engine: EngineName) => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open();
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const started = async (yaml: string) => {
    const stack = await bench.stack(engine, yaml);
    return { stack, first: await applied(stack, {}) };
  };

  test("of a new resource: Check and Create, in the preview and in the run", async () => {
    const { first } = await started(only({ name: "production" }));
    expect(about(first.preview!.calls, "production")).toEqual(["Check", "Create (preview)"]);
    expect(about(first.calls, "production")).toEqual(["Check", "Create"]);
    const provider = ofProvider(first);
    for (const method of ["Handshake", "GetPluginInfo", "CheckConfig", "Configure"]) expect(provider).toContain(method);
    expect(provider.indexOf("CheckConfig")).toBeLessThan(provider.indexOf("Configure"));
  });

  test("of an unchanged one: Check and Diff; of a changed one Update too; of one that leaves Delete", async () => {
    const { stack } = await started(only({ name: "production" }));
    expect(about((await applied(stack)).calls, "production")).toEqual(["Check", "Diff"]);
    stack.setYaml(only({ name: "renamed" }));
    const updated = await applied(stack, {});
    expect(about(updated.preview!.calls, "production")).toEqual(["Check", "Diff", "Update (preview)"]);
    expect(about(updated.calls, "production")).toEqual(["Check", "Diff", "Update"]);
    stack.setYaml(yamlProgram({}));
    const removed = await applied(stack, {});
    expect(about(removed.preview!.calls, "production")).toEqual([]);
    expect(about(removed.calls, "production")).toEqual(["Delete"]);
  });

  test("of a replaced one: Check, Diff, a second Check, Create, and Delete at the end", async () => {
    const { stack } = await started(
      yamlProgram({
        a: environment({ name: "a" }),
        b: environment({ name: "b" }),
        edge: assignment(idOf("a"), bench.server.store.connections.list()[0]!.id),
      }),
    );
    stack.setYaml(
      yamlProgram({
        a: environment({ name: "a" }),
        b: environment({ name: "b" }),
        edge: assignment(idOf("b"), bench.server.store.connections.list()[0]!.id),
      }),
    );
    const result = await applied(stack);
    expect(about(result.calls, "edge")).toEqual(["Check", "Diff", "Check", "Create", "Delete"]);
  });

  test("of a refresh: Configure from the state, Read, and a Diff with the roles exchanged", async () => {
    const { stack } = await started(only({ name: "production" }));
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.ok).toBe(true);
    expect(ofProvider(refreshed)).not.toContain("CheckConfig");
    expect(ofProvider(refreshed)).toContain("Configure");
    expect(about(refreshed.calls, "production")[0]).toBe("Read");
    expect(about(refreshed.calls, "production")).not.toContain("Check");
  });

  test("of a destroy: Configure from the state, and Delete, dependents first", async () => {
    const { stack } = await started(
      yamlProgram({
        production: environment({ name: "production" }),
        edge: assignment(idOf("production"), bench.server.store.connections.list()[0]!.id),
      }),
    );
    const destroyed = await stack.destroy({ skipPreview: true });
    expect(ofProvider(destroyed)).not.toContain("CheckConfig");
    const deletes = destroyed.calls.filter(({ method }) => method === "Delete");
    expect(deletes.map(({ urn }) => urn?.split("::").at(-1))).toEqual(["edge", "production"]);
  });

  test("of an import: Read by id alone, and Check", async () => {
    const stack = await bench.stack(engine, yamlProgram({}));
    await applied(stack);
    bench.server.store.environments.insert({ name: "production", organizationId: bench.server.organizationId });
    const imported = await stack.import({
      type: "meshery:index:Environment",
      name: "production",
      id: "name:production",
    });
    expect(imported.error).toBeUndefined();
    expect(about(imported.calls, "production")).toEqual(["Read", "Check"]);
    stack.setYaml(only({ name: "production" }));
    expect(about((await applied(stack)).calls, "production")).toEqual(["Check", "Diff"]);
    const missing = await stack.import({ type: "meshery:index:Environment", name: "nothing", id: "name:nothing" });
    expect(missing.error).toMatch(/'name:nothing' does not exist/);
    expect((missing.preview ?? missing).messages.map(({ text }) => text).join("\n")).toContain(
      'no environment is named "nothing"',
    );
  });

  test("of the option import: Read by id alone, Check and Diff", async () => {
    bench.server.store.environments.insert({ name: "production", organizationId: bench.server.organizationId });
    const stack = await bench.stack(
      engine,
      yamlProgram({ production: environment({ name: "production" }, { import: "name:production" }) }),
    );
    const result = await applied(stack);
    expect(about(result.calls, "production").slice(0, 2)).toEqual(["Read", "Check"]);
    expect(result.steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)).toContain("import production");
    expect(about((await applied(stack)).calls, "production")).toEqual(["Check", "Diff"]);
  });

  test("of a get: Read, in previews too; what is not there is an error", async () => {
    bench.server.store.environments.insert({ name: "production", organizationId: bench.server.organizationId });
    const got = (id: string) =>
      `name: topology\nruntime: yaml\nresources:\n  production:\n    type: meshery:Environment\n    get: {id: "${id}"}\noutputs:\n  name: \${production.name}\n`;
    const stack = await bench.stack(engine, got("name:production"));
    const result = await applied(stack, {});
    expect(about(result.preview!.calls, "production")).toEqual(["Read"]);
    expect(about(result.calls, "production")).toEqual(["Read"]);
    expect(result.outputs).toEqual({ name: "production" });
    expect((await stack.refresh({ skipPreview: true })).ok).toBe(true);
    expect((await stack.destroy({ skipPreview: true })).calls.map(({ method }) => method)).not.toContain("Delete");
    stack.setYaml(got("nowhere"));
    expect((await stack.up({ skipPreview: true })).error).toMatch(/'nowhere' does not exist/);
  });

  test("after something was made but not confirmed: Update, though nothing differs", async () => {
    const [connection] = bench.server.store.connections.list();
    const program = yamlProgram({
      production: environment({ name: "production" }),
      edge: assignment(idOf("production"), connection!.id),
    });
    const edges = "/api/environments/{id}/connections";
    bench.server.faults.add({
      method: "GET",
      route: edges,
      effect: { kind: "status", status: 400 },
      times: Number.POSITIVE_INFINITY,
    });
    const empty = { kind: "status", status: 200, when: "after", body: "{}" } as const;
    bench.server.faults.add({ method: "POST", route: `${edges}/{connectionId}`, effect: empty });
    const stack = await bench.stack(engine, program);
    expect((await stack.up({ skipPreview: true })).ok).toBe(false);
    const record = (await stack.resources()).find(({ urn }) => urn.endsWith("::edge"));
    expect(record?.initErrors).toEqual([expect.stringContaining("400")]);
    bench.server.faults.clear();
    expect(about((await applied(stack)).calls, "edge")).toEqual(["Check", "Diff", "Update"]);
    expect((await stack.resources()).find(({ urn }) => urn.endsWith("::edge"))?.initErrors ?? []).toEqual([]);
  });

  test("of a provider whose settings are known only later: nothing before, everything then", async () => {
    const { url, token } = bench.server;
    // The id of an environment is known only after the update; it is no url, but the preview must go through.
    const explicit = `name: topology
runtime: yaml
resources:
  first:
    type: meshery:Environment
    properties: {name: first}
  later:
    type: pulumi:providers:meshery
    properties:
      url: ${url}
      token: {"fn::secret": ${token}}
      organizationId: \${first.organizationId}
  second:
    type: meshery:Environment
    properties: {name: second}
    options: {provider: "\${later}"}
`;
    const stack = await bench.stack(engine, explicit);
    const result = await applied(stack, {});
    expect(about(result.preview!.calls, "second")).toEqual([]);
    expect(about(result.calls, "second")).toEqual(["Check", "Create"]);
    expect(await stack.exportText()).not.toContain(token);
  });
});
