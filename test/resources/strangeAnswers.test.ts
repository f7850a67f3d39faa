import type { State, Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { FaultyProxy, type StrangeAnswer } from "../support/faultyProxy";
import { MesheryServer, seen } from "../support/meshery";
import { openSession } from "../support/session";

const JSON_TYPE = { "content-type": "application/json" };
const page = "<!doctype html><html><body>Sign in</body></html>";

/** Every answer that does not state that a write was carried out. */
const strange: Record<string, StrangeAnswer> = {
  "no answer": "silence",
  "a broken connection": "broken",
  "a connection that breaks in the middle of the answer": "broken in the middle",
  "JSON that is cut": "cut JSON",
  "nothing with 200": { status: 200 },
  "nothing with 204": { status: 204 },
  "null with 200": { status: 200, headers: JSON_TYPE, body: "null" },
  "a text with 200": { status: 200, headers: { "content-type": "text/plain" }, body: "ok" },
  "a page with 200": { status: 200, headers: { "content-type": "text/html" }, body: page },
  "JSON as a page with 200": { status: 200, headers: { "content-type": "text/html" }, body: '{"id":"1"}' },
  "another object with 200": { status: 200, headers: JSON_TYPE, body: '{"name":"meshery","routes":[]}' },
  "an error with 200": { status: 200, headers: JSON_TYPE, body: '{"error":"upstream"}' },
  "a list with 200": { status: 200, headers: JSON_TYPE, body: "[]" },
  "a redirect": { status: 302, headers: { location: "/user/login" } },
  "a redirect to the choice of a provider": { status: 302, headers: { location: "/provider" } },
  "400": { status: 400, headers: JSON_TYPE, body: '{"error":"bad request"}' },
  "401": { status: 401 },
  "403": { status: 403, headers: JSON_TYPE, body: '{"error":"forbidden"}' },
  "404": { status: 404, headers: JSON_TYPE, body: '{"error":"not found"}' },
  "405": { status: 405, body: "method not allowed" },
  "408": { status: 408 },
  "409": { status: 409, headers: JSON_TYPE, body: '{"error":"conflict"}' },
  "429": { status: 429, headers: { "retry-after": "1" } },
  "499": { status: 499 },
  "500": { status: 500, body: "internal error" },
  "502": { status: 502, headers: { "content-type": "text/html" }, body: page },
  "502, record not found": { status: 502, headers: JSON_TYPE, body: '{"error":"record not found"}' },
  "503": { status: 503 },
  "503 with Retry-After": { status: 503, headers: { "retry-after": "1" } },
  "504": { status: 504 },
};

const WORLD = {
  connections: { cluster: { kind: "kubernetes" } },
  environments: { theirs: {} },
  workspaces: { team: {} },
};

/** A server behind a proxy, and a new run each time it is asked for. */
async function start(answer: StrangeAnswer) {
  const server = await MesheryServer.start({ world: WORLD });
  const proxy = await FaultyProxy.start(server.url);
  const configuration = { url: proxy.url, token: server.token, mesheryProvider: server.mesheryProvider, origins: {} };
  const session = (timeout: number) => openSession({ ...configuration, timeout }).context(() => {});
  return {
    server,
    proxy,
    /** A run while answers are strange. */
    run: () => session(answer === "silence" ? 0.5 : 30),
    later: () => session(30),
    close: () => Promise.all([proxy.close(), server.close()]),
  };
}
type Front = Awaited<ReturnType<typeof start>>;
type Run = ReturnType<Front["run"]>;

interface Made {
  type: string;
  inputs: Values;
  changed: Values;
}
/** One of each kind that has something to write, and how it changes. */
const objects: Made[] = [
  { type: "Environment", inputs: { name: "new", description: "x" }, changed: { name: "newer", description: "" } },
  { type: "Workspace", inputs: { name: "new", description: "x" }, changed: { name: "newer", description: "y" } },
  {
    type: "Connection",
    inputs: { name: "new", kind: "github", type: "collaboration", metadata: { a: "1" } },
    changed: { name: "newer", kind: "github", type: "collaboration", metadata: { a: "2" } },
  },
  {
    type: "Credential",
    inputs: { name: "new", type: "token", secret: { token: "s" } },
    changed: { name: "newer", type: "token", secret: { token: "s" } },
  },
];
function everything({ server: { store } }: Front): Made[] {
  const environmentId = store.environments.find({ name: "theirs" })!.id;
  const assignment = { environmentId, connectionId: store.connections.find({ name: "cluster" })!.id };
  const binding = { workspaceId: store.workspaces.find({ name: "team" })!.id, environmentId };
  return [
    ...objects,
    { type: "ConnectionAssignment", inputs: assignment, changed: assignment },
    { type: "WorkspaceBinding", inputs: binding, changed: binding },
  ];
}
const of = (type: string) => lifecycles.get(type)!;
const createAll = (run: Run, all: Made[]) => all.map(({ type, inputs }) => of(type).create(run, inputs));
const updateAll = (run: Run, states: State[]) =>
  objects.map(({ type, changed }, i) => of(type).update(run, states[i]!, changed));
const removeAll = (run: Run, all: Made[], states: State[]) =>
  all.map(({ type }, i) => of(type).delete(run, states[i]!));
const readAll = (run: Run, all: Made[], states: State[]) =>
  Promise.all(states.map((state, i) => of(all[i]!.type).read(run, state)));

/** Living rows, so that a twin counts and what was deleted does not. */
const alive = ({ server: { store } }: Front) =>
  (
    [
      "environments",
      "workspaces",
      "connections",
      "environmentConnections",
      "workspaceEnvironments",
      "credentials",
    ] as const
  ).map((table) => store[table].list().filter(({ deletedAt }) => deletedAt === null).length);
const ALL = [2, 2, 2, 1, 1, 1];
const NONE = [1, 1, 1, 0, 0, 0];
const changedNames = ({ server }: Front) => [
  Object.keys(seen(server).environments).sort(),
  Object.keys(seen(server).workspaces).sort(),
  seen(server).connections,
];
const CHANGED = [
  ["newer", "theirs"],
  ["newer", "team"],
  ["cluster", "newer"],
];

describe.each(Object.entries(strange))("after a write that was answered with %s", (_, answer) => {
  let front: Front;
  beforeEach(async () => {
    front = await start(answer);
  });
  afterEach(() => front.close());

  test("what was created is found, and nothing is made twice", async () => {
    const all = everything(front);
    front.proxy.fail({ method: "POST", path: /./, when: "after", answer });
    const states = await Promise.all(createAll(front.run(), all));
    expect(alive(front)).toEqual(ALL);
    front.proxy.heal();
    expect(await readAll(front.later(), all, states)).toEqual(states);
    expect(states.slice(0, 3)).toMatchObject([{ adopted: false }, { adopted: false }, { adopted: false }]);
  });

  test("what was changed is found changed", async () => {
    const states = await Promise.all(createAll(front.later(), objects));
    front.proxy.fail({ method: "PUT", path: /./, when: "after", answer });
    const next = await Promise.all(updateAll(front.run(), states));
    front.proxy.heal();
    expect(await readAll(front.later(), objects, next)).toEqual(next);
    expect(changedNames(front)).toEqual(CHANGED);
  });

  test("what was removed is found gone", async () => {
    const all = everything(front);
    const states = await Promise.all(createAll(front.later(), all));
    front.proxy.fail({ method: "DELETE", path: /./, when: "after", answer });
    await Promise.all(removeAll(front.run(), all, states));
    expect(alive(front)).toEqual(NONE);
  });
});

/** The same for every strange answer, side by side: each looks for a while before it gives up. */
async function withEach<T>(work: (front: Front, answer: StrangeAnswer) => Promise<T>): Promise<Record<string, T>> {
  const results = Object.entries(strange).map(async ([name, answer]) => {
    const front = await start(answer);
    try {
      return [name, await work(front, answer)] as const;
    } finally {
      await front.close();
    }
  });
  return Object.fromEntries(await Promise.all(results));
}
const forEach = <T>(value: T) => Object.fromEntries(Object.keys(strange).map((name) => [name, value]));
const failures = async (writes: Promise<unknown>[]) =>
  (await Promise.allSettled(writes)).filter(({ status }) => status === "rejected").length;

describe("after a write that never came through, whatever was answered", () => {
  test("nothing counts as created, and the next run makes everything once", async () => {
    const results = await withEach(async (front, answer) => {
      const all = everything(front);
      front.proxy.fail({ method: "POST", path: /./, when: "before", answer });
      const failed = await failures(createAll(front.run(), all));
      const before = alive(front);
      front.proxy.heal();
      await Promise.all(createAll(front.later(), all));
      return { failed, before, after: alive(front) };
    });
    expect(results).toEqual(forEach({ failed: 6, before: NONE, after: ALL }));
  });

  test("nothing counts as changed, and the next run changes it", async () => {
    const results = await withEach(async (front, answer) => {
      const states = await Promise.all(createAll(front.later(), objects));
      front.proxy.fail({ method: "PUT", path: /./, when: "before", answer });
      const failed = await failures(updateAll(front.run(), states));
      front.proxy.heal();
      await Promise.all(updateAll(front.later(), states));
      return { failed, after: changedNames(front) };
    });
    expect(results).toEqual(forEach({ failed: 4, after: CHANGED }));
  });

  test("nothing counts as removed, and the next run removes it", async () => {
    const results = await withEach(async (front, answer) => {
      const all = everything(front);
      const states = await Promise.all(createAll(front.later(), all));
      front.proxy.fail({ method: "DELETE", path: /./, when: "before", answer });
      const failed = await failures(removeAll(front.run(), all, states));
      const before = alive(front);
      front.proxy.heal();
      await Promise.all(removeAll(front.later(), all, states));
      return { failed, before, after: alive(front) };
    });
    expect(results).toEqual(forEach({ failed: 6, before: ALL, after: NONE }));
  });
});

test.each(["429", "503 with Retry-After"])("what the server had no time for is sent again: %s", async (name) => {
  const front = await start(strange[name]!);
  try {
    const all = everything(front);
    const busy = (method: string) => ({ method, path: /./, when: "before", answer: strange[name]!, times: 2 }) as const;
    front.proxy.fail(busy("POST"));
    const states = await Promise.all(createAll(front.run(), all));
    expect(alive(front)).toEqual(ALL);
    front.proxy.fail(busy("DELETE"));
    await Promise.all(removeAll(front.later(), all, states));
    expect(alive(front)).toEqual(NONE);
  } finally {
    await front.close();
  }
});

describe("where nobody can look what became of a write", () => {
  test.each(objects.map((made) => [made.type, made] as const))("the error says so: %s", async (type, made) => {
    const front = await start("broken");
    try {
      const run = front.run();
      const state = await of(type).create(run, { ...made.inputs, name: "other" });
      const unreachable = { path: /./, when: "after", answer: { status: 401 } } as const;
      front.proxy.fail({ ...unreachable, method: "POST" });
      // The create looks before it writes, and must be able to.
      const blind = () => front.proxy.fail({ ...unreachable, method: "GET" });
      front.server.faults.add({ method: "POST", effect: { kind: "call", run: blind } });
      await expect(of(type).create(run, made.inputs)).rejects.toMatchObject({
        code: "not-authenticated",
        message: expect.stringMatching(/may have been done all the same.*"new" is there.*take it over/s),
      });
      front.proxy.heal();
      const next = of(type).create(front.later(), made.inputs);
      await expect(next).rejects.toMatchObject({ code: "exists", message: expect.stringContaining("Import it") });
      expect(state.name).toBe("other");
    } finally {
      await front.close();
    }
  });
});
