import { MesheryServer } from "../support/meshery";
import { eventually } from "../support/toyProvider";
import { ProviderProcess } from "./support/process";

const ENVIRONMENTS = "/api/environments";

let server: MesheryServer;
const running: ProviderProcess[] = [];
beforeEach(async () => {
  server = await MesheryServer.start({ world: { environments: { production: {} } } });
});
afterEach(async () => {
  server.faults.clear();
  for (const provider of running.splice(0)) await provider.end();
  await server.close();
});
const started = async () => {
  const provider = await ProviderProcess.on(server);
  running.push(provider);
  return provider;
};

describe("a provider that is told to stop", () => {
  const busy = { kind: "status", status: 503, retryAfter: "5" } as const;
  const always = { times: Number.POSITIVE_INFINITY };
  const answered = (method: string) =>
    server.requests.list.filter((request) => request.method === method && request.status === 503).length;

  test("does not wait for the next try of a list, and judges nothing by it", async () => {
    const { state } = await (await started()).apply("Environment", null, { name: "ours" });
    const next = await started();
    server.requests.clear();
    server.faults.add({ method: "GET", route: ENVIRONMENTS, effect: busy, ...always });
    const outcome = next.read("Environment", state!);
    await eventually("an answer to the first try", () => answered("GET") > 0);
    await next.stopWork();
    const { state: kept, diagnostics } = await outcome;
    expect(kept).toEqual(state);
    expect(diagnostics).toMatchObject([{ summary: expect.stringMatching(/./) }]);
    expect(answered("GET")).toBe(1);
  });

  test("does not wait for the next try of a change, and records none", async () => {
    const { state } = await (await started()).apply("Environment", null, { name: "ours" });
    const next = await started();
    server.faults.add({ method: "PUT", effect: busy, ...always });
    const outcome = next.apply("Environment", state, { name: "renamed" });
    await eventually("an answer to the first try", () => answered("PUT") > 0);
    await next.stopWork();
    const { state: kept, diagnostics } = await outcome;
    expect(kept).toEqual(state);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(answered("PUT")).toBe(1);
  });
});

test("a stop does not wait for a silent server, where an edge that was kept has to go", async () => {
  const other = await MesheryServer.start({
    world: { connections: { c: { kind: "kubernetes" } }, environments: { e: {} } },
  });
  const provider = await ProviderProcess.on(other);
  try {
    const ends = {
      environment_id: other.store.environments.find({ name: "e" })!.id,
      connection_id: other.store.connections.find({ name: "c" })!.id,
    };
    const first = await ProviderProcess.on(other);
    const { state } = await first.apply("ConnectionAssignment", null, ends);
    await first.end();
    await provider.plan("ConnectionAssignment", null, ends);
    await provider.apply("ConnectionAssignment", state, null);
    expect(other.store.environmentConnections.list({ deletedAt: null })).toHaveLength(1);
    other.faults.add({ effect: { kind: "latency", milliseconds: 30_000 }, times: Number.POSITIVE_INFINITY });
    const begun = performance.now();
    await provider.stopWork();
    expect(performance.now() - begun).toBeLessThan(4_000);
  } finally {
    await provider.end();
    await other.close();
  }
});

test("an edge that is told to stop between its new pair and its old one leaves only what the state has", async () => {
  const other = await MesheryServer.start({
    world: { connections: { c: { kind: "kubernetes" }, d: { kind: "kubernetes" } }, environments: { e: {} } },
  });
  const environment_id = other.store.environments.find({ name: "e" })!.id;
  const to = (name: string) => ({ environment_id, connection_id: other.store.connections.find({ name })!.id });
  const provider = await ProviderProcess.on(other);
  let ended: Promise<void> | undefined;
  try {
    const first = await ProviderProcess.on(other);
    const { state } = await first.apply("ConnectionAssignment", null, to("c"));
    await first.end();
    const written = () => other.requests.list.filter(({ method }) => method === "POST").length;
    other.requests.clear();
    const told = new Promise<void>((resolve) => {
      other.faults.add({ method: "POST", effect: { kind: "call", run: resolve } });
    });
    other.faults.add({ method: "POST", effect: { kind: "latency", milliseconds: 500 } });
    const moving = provider.apply("ConnectionAssignment", state, to("d"));
    await told;
    await provider.stopWork();
    const { state: kept, diagnostics } = await moving;
    expect(written()).toBe(1);
    expect(diagnostics).toMatchObject([{ severity: 1 }]);
    expect(kept).toEqual(state);
    ended = provider.end();
    await ended;
    await eventually("only the recorded pair", () => {
      const left = other.store.environmentConnections.list({ deletedAt: null });
      return left.length === 1 && left[0]!.connectionId === to("c").connection_id;
    });
  } finally {
    await (ended ?? provider.end());
    await other.close();
  }
});
