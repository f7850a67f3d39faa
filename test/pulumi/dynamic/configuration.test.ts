import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MesheryServer } from "../../../provider/server";
import { changes, type RunResult, type StackDriver } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { type EngineName, engines, exampleWorld, Workbench } from "./support/workbench";

const CANARY = "canary-3f9a1c77-token";

const ONE_EDGE = `
const environment = new meshery.Environment("e", { name: "e" });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }).id;
new meshery.ConnectionAssignment("e/rds", { environmentId: environment.id, connectionId });
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open({ token: CANARY });
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

const shown = (result: RunResult): string => JSON.stringify([result, result.preview]);
const warned = (result: RunResult) =>
  result.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);

describe.each(engines())("the token on the %s", (engine: EngineName) => {
  const environment = () => ({ ...bench.environment(), MESHERY_TOKEN: undefined });

  async function life(stack: StackDriver): Promise<{ results: RunResult[]; state: string }> {
    const results = [await stack.up()];
    expect(results[0]!.error).toBeUndefined();
    const state = await stack.exportText();
    // An error in which the server says the token back.
    bench.server.faults.add({
      route: "/api/environments",
      effect: { kind: "status", status: 400, body: `who is ${CANARY}? Bearer ${CANARY}` },
      times: Number.POSITIVE_INFINITY,
    });
    const failed = await stack.refresh({ skipPreview: true });
    expect(failed.error).toMatch(/answered 400/);
    bench.server.faults.clear();
    results.push(failed, await stack.refresh({ skipPreview: true }), await stack.destroy({ skipPreview: true }));
    expect(results.slice(2).map(({ ok }) => ok)).toEqual([true, true]);
    return { results, state };
  }

  test("given by the environment stands nowhere", async () => {
    const stack = await bench.stack(engine, bench.program(ONE_EDGE));
    const { results, state } = await life(stack);
    expect(state).not.toContain(CANARY);
    for (const result of results) expect(shown(result)).not.toContain(CANARY);
    expect(results.flatMap(warned)).toEqual([]);
  });

  test("given as a secret of the stack stands nowhere in clear, and reaches previews, refresh and destroy", async () => {
    const stack = await bench.stack(engine, bench.program(ONE_EDGE), {
      env: environment(),
      secretConfig: { "meshery:token": CANARY },
    });
    const { results, state } = await life(stack);
    expect(state).not.toContain(CANARY);
    for (const result of results) expect(shown(result)).not.toContain(CANARY);
    expect(results.flatMap(warned)).toEqual([]);
  });

  test("given as plain text of the stack is warned about, once a run", async () => {
    const stack = await bench.stack(engine, bench.program(ONE_EDGE), {
      env: environment(),
      config: { "meshery:token": CANARY },
    });
    const { results } = await life(stack);
    for (const result of results) expect(shown(result)).not.toContain(CANARY);
    expect(warned(results[0]!)).toEqual([
      expect.stringMatching(/meshery:token stands in the stack configuration as plain text.*--secret.*MESHERY_TOKEN/),
    ]);
  });

  test("given to a MesheryProvider is a secret, however it is written", async () => {
    const source = `
const provider = new meshery.MesheryProvider("p", { token: ["canary", "3f9a1c77", "token"].join("-") });
const environment = new meshery.Environment("e", { name: "e" }, { provider });
const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }, { provider }).id;
new meshery.ConnectionAssignment("e/rds", { environmentId: environment.id, connectionId }, { provider });
export const looked = connectionId;
`;
    const stack = await bench.stack(engine, bench.program(source), { env: environment() });
    const { results, state } = await life(stack);
    expect(state).not.toContain(CANARY);
    for (const result of results) expect(shown(result)).not.toContain(CANARY);
    expect(results[0]!.outputs.looked).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("that grew stale in the stack gives way to MESHERY_TOKEN, in refresh and destroy too", async () => {
    const stack = await bench.stack(engine, bench.program(ONE_EDGE), {
      env: environment(),
      secretConfig: { "meshery:token": "long-gone-token" },
    });
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/the token from the stack configuration.*was refused/s);
    expect(shown(refused)).not.toContain("long-gone-token");
    const fresh = stack as StackDriver & { env: Record<string, string | undefined> };
    fresh.env = bench.environment();
    for (const result of [await stack.up({ skipPreview: true }), await stack.refresh({ skipPreview: true })]) {
      expect(result.error).toBeUndefined();
    }
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
  });
});

describe.each(engines())("several servers in one program, on the %s", (engine) => {
  let other: MesheryServer;
  beforeAll(async () => {
    other = await MesheryServer.start({ world: exampleWorld() });
  });
  afterAll(() => other.close());

  test("each resource and each lookup goes to its own", async () => {
    const source = `
const config = new pulumi.Config("second");
const provider = new meshery.MesheryProvider("second", { url: config.require("url"), token: config.requireSecret("token") });
for (const [name, opts] of Object.entries({ first: {}, second: { provider } })) {
  const environment = new meshery.Environment(name, { name }, opts);
  const connectionId = meshery.getConnectionOutput({ name: "prod-rds" }, opts).id;
  new meshery.ConnectionAssignment(name + "/rds", { environmentId: environment.id, connectionId }, opts);
}
new meshery.EnvironmentTopology("t", {
  environments: { inside: { connections: ["prod-grafana"] } },
  workspaces: { "platform-team": { environments: ["inside"] } },
}, { provider });
`;
    const stack = await bench.stack(engine, bench.program(source), {
      config: { "second:url": other.url },
      secretConfig: { "second:token": other.token },
    });
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(Object.keys(seen(bench.server).environments)).toEqual(["first"]);
    expect(seen(other).environments).toEqual({
      second: { description: "", connections: ["prod-rds"] },
      inside: { description: "", connections: ["prod-grafana"] },
    });
    expect(seen(other).workspaces["platform-team"]!.environments).toEqual(["inside"]);
    expect(changes(await stack.up({ skipPreview: true }))).toEqual([]);
    expect((await stack.refresh({ skipPreview: true })).ok).toBe(true);
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
    expect(seen(other).environments).toEqual({});
  });

  test("one whose address is known only in the update", async () => {
    const source = `
const first = new meshery.Environment("first", { name: "first" });
const url = first.adopted.apply((adopted) => (adopted ? "" : process.env.MESHERY_URL!));
const provider = new meshery.MesheryProvider("late", { url });
const second = new meshery.Environment("second", { name: "second" }, { provider });
export const seenBy = meshery.getEnvironmentOutput({ id: second.id }, { provider }).name;
`;
    const stack = await bench.stack(engine, bench.program(source));
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(up.outputs.seenBy).toBe("second");
    const plain =
      source.replace("export const seenBy", "export const later") +
      "\nexport const now = meshery.getEnvironments({}, { provider });\n";
    const early = await bench.stack(engine, bench.program(plain));
    expect((await early.preview()).error).toMatch(/Use getEnvironmentsOutput/);
  });
});

test("what mesheryctl left is used where CI is not set", async () => {
  const home = join(bench.folder, "home");
  mkdirSync(join(home, ".meshery"), { recursive: true });
  writeFileSync(
    join(home, ".meshery", "config.yaml"),
    JSON.stringify({
      contexts: { local: { endpoint: bench.server.url, token: "default" } },
      "current-context": "local",
      tokens: [{ name: "default", location: "auth.json" }],
    }),
  );
  const authentication = { "meshery-provider": bench.server.mesheryProvider, token: CANARY };
  writeFileSync(join(home, ".meshery", "auth.json"), JSON.stringify(authentication));
  const bare = { ...bench.environment(), MESHERY_URL: undefined, MESHERY_TOKEN: undefined, HOME: home };
  const folder = bench.program(ONE_EDGE);
  const there = await bench.stack("test engine", folder, { env: { ...bare, CI: undefined } });
  expect((await there.up({ skipPreview: true })).error).toBeUndefined();
  expect(await there.exportText()).not.toContain(CANARY);
  const inCi = await bench.stack("test engine", folder, { env: { ...bare, CI: "true" } });
  expect((await inCi.up({ skipPreview: true })).error).toMatch(/no Meshery is named: url is missing/);
});
