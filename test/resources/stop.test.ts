import { lifecycles } from "../../provider/resources";
import { FaultyProxy } from "../support/faultyProxy";
import { MesheryServer } from "../support/meshery";
import { openSession } from "../support/session";

const connection = { name: "c", kind: "kubernetes", type: "platform" };

/** A run that is told to stop as soon as the server has the first request of this kind, which it answers a little later. */
async function stoppedAt(method: string) {
  const server = await MesheryServer.start();
  const stopping = new AbortController();
  server.faults.add({ method, effect: { kind: "call", run: () => stopping.abort() } });
  server.faults.add({ method, effect: { kind: "latency", milliseconds: 200 } });
  const { url, token, mesheryProvider } = server;
  const session = openSession({ url, token, mesheryProvider, origins: {} }, { signal: stopping.signal });
  const close = () => server.close();
  return { server, context: session.context(() => undefined), [Symbol.asyncDispose]: close };
}
const of = (type: string) => lifecycles.get(type)!;

describe("a write that is answered after the run was told to stop", () => {
  test("is recorded, also where its answer names no id", async () => {
    await using made = await stoppedAt("POST");
    const { server, context } = made;
    const { id } = await of("Connection").create(context, connection);
    expect(server.store.connections.get(id)?.name).toBe("c");
  });

  test("is known to be done where it is a delete", async () => {
    await using made = await stoppedAt("DELETE");
    const { server, context } = made;
    const { url, token, mesheryProvider } = server;
    const before = openSession({ url, token, mesheryProvider, origins: {} }).context(() => undefined);
    await of("Connection").delete(context, await of("Connection").create(before, connection));
    expect(server.store.connections.list({ deletedAt: null })).toEqual([]);
  });

  test("is the last that is sent", async () => {
    await using made = await stoppedAt("POST");
    const { server, context } = made;
    await of("Connection").create(context, connection);
    server.requests.clear();
    await expect(of("Connection").create(context, { ...connection, name: "d" })).rejects.toMatchObject({
      code: "stopped",
    });
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("a look that is answered oddly shows nothing, and is followed by another", async () => {
  const server = await MesheryServer.start();
  const proxy = await FaultyProxy.start(server.url);
  try {
    const cut = { method: "GET", path: /\/api\/environments$/, when: "after", answer: "cut JSON", times: 1 } as const;
    server.faults.add({ method: "POST", effect: { kind: "call", run: () => proxy.fail(cut) } });
    proxy.fail({ method: "POST", path: /./, when: "after", answer: { status: 401 }, times: 1 });
    const { token, mesheryProvider } = server;
    const session = openSession({ url: proxy.url, token, mesheryProvider, origins: {} });
    const { id } = await of("Environment").create(
      session.context(() => undefined),
      { name: "e" },
    );
    expect(server.store.environments.list({ deletedAt: null }).map((row) => row.id)).toEqual([id]);
  } finally {
    await proxy.close();
    await server.close();
  }
});

test("an answer to a write that says it failed is no success, whatever its status", async () => {
  const server = await MesheryServer.start({
    world: { environments: { e: {} }, connections: { c: { kind: "kubernetes" } } },
  });
  const proxy = await FaultyProxy.start(server.url);
  try {
    const answer = { status: 200, headers: { "content-type": "application/json" }, body: '{"error":"upstream"}' };
    proxy.fail({ method: "POST", path: /./, when: "before", answer });
    const { token, mesheryProvider } = server;
    const session = openSession({ url: proxy.url, token, mesheryProvider, origins: {} });
    const edge = of("ConnectionAssignment").create(
      session.context(() => undefined),
      {
        environmentId: server.store.environments.find({ name: "e" })!.id,
        connectionId: server.store.connections.find({ name: "c" })!.id,
      },
    );
    await expect(edge).rejects.toMatchObject({ code: "unreadable", message: expect.stringContaining("upstream") });
  } finally {
    await proxy.close();
    await server.close();
  }
});
