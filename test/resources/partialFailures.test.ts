import { TIMING } from "../../provider/client";
import type { State, Values } from "../../provider/framework";
import type { FaultEffect } from "../../provider/server";
import { MesheryServer, seen } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";
import { typed } from "../support/typedMeshery";

const ENVIRONMENTS = "/api/environments";
const ENVIRONMENT = "/api/environments/{id}";
const ASSIGNMENT = "/api/environments/{id}/connections/{connectionId}";
const CONNECTIONS = "/api/integrations/connections";

let server: MesheryServer;
let bench: Bench;
beforeEach(async () => {
  server = await MesheryServer.start({
    world: {
      connections: { cluster: { kind: "kubernetes" } },
      environments: { theirs: {} },
      workspaces: { team: {} },
    },
  });
  bench = benchFor(server);
});
afterEach(() => server.close());

const writes = (key: string) => server.requests.count(key);
const environments = () => Object.keys(seen(server).environments).sort();
const clusterId = () => server.store.connections.find({ name: "cluster" })!.id;
const theirsId = () => server.store.environments.find({ name: "theirs" })!.id;

/** Every way in which an answer says nothing of the work that was done. */
const lost: [string, FaultEffect][] = [
  ["the connection breaks after the work", { kind: "drop", when: "after" }],
  ["the server fails after the work", { kind: "status", status: 500, when: "after" }],
  ["a proxy gives up after the work", { kind: "status", status: 504, when: "after", body: "<html>gateway</html>" }],
  ["an older server says that it found nothing", { kind: "status", status: 404, when: "after" }],
];
/** Every way in which a write fails without any work. */
const undone: [string, FaultEffect][] = [
  ["the connection breaks before the work", { kind: "drop", when: "before" }],
  ["the server fails before the work", { kind: "status", status: 500 }],
  ["a proxy fails", { kind: "status", status: 502, body: "<html>bad gateway</html>" }],
  ["the request is refused", { kind: "status", status: 400 }],
];

describe("a create that was answered with an id, and cannot be read back", () => {
  test.each(["docs", "cloud"] as const)("keeps the id of the connection: %s", async (era) => {
    const other = await MesheryServer.start({ era });
    try {
      const next = benchFor(other);
      other.faults.add({
        method: "GET",
        route: CONNECTIONS,
        effect: { kind: "status", status: 403 },
        times: Number.POSITIVE_INFINITY,
        // The list is empty at first, and read twice before the create.
        skip: 2,
      });
      const failure = await next
        .create("Connection", { name: "new", kind: "github", type: "collaboration" })
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({
        name: "PartialError",
        id: other.store.connections.find({ name: "new" })?.id,
      });
    } finally {
      await other.close();
    }
  });
});

describe("a create whose answer is lost", () => {
  test.each(lost)("finds the environment that it made: %s", async (_, effect) => {
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect });
    const state = await bench.create("Environment", { name: "production", description: "x" });
    expect(state.id).toBe(server.store.environments.find({ name: "production" })?.id);
    expect(state.adopted).toBe(false);
    expect(writes(`POST ${ENVIRONMENTS}`)).toBe(1);
    expect(environments()).toEqual(["production", "theirs"]);
  });

  test.each(lost)("finds the connection that it made: %s", async (_, effect) => {
    server.faults.add({ method: "POST", route: CONNECTIONS, effect });
    const state = await bench.create("Connection", { name: "new", kind: "github", type: "collaboration" });
    expect(state.id).toBe(server.store.connections.find({ name: "new" })?.id);
    expect(writes(`POST ${CONNECTIONS}`)).toBe(1);
  });

  test.each(lost)("finds the assignment that it made: %s", async (_, effect) => {
    server.faults.add({ method: "POST", route: ASSIGNMENT, effect });
    const state = await bench.create("ConnectionAssignment", { environmentId: theirsId(), connectionId: clusterId() });
    expect(state.id).toBe(`${theirsId()}/${clusterId()}`);
    expect(writes(`POST ${ASSIGNMENT}`)).toBe(1);
    expect(server.store.environmentConnections.count()).toBe(1);
  });

  test("does not take an older object of the name for its own", async () => {
    server.store.environments.insert({ name: "production", organizationId: server.organizationId });
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect: { kind: "drop", when: "after" } });
    await expect(bench.create("Environment", { name: "production" })).rejects.toMatchObject({ code: "exists" });
    expect(writes(`POST ${ENVIRONMENTS}`)).toBe(0);
  });

  test.each([
    ["by another text", { description: "theirs" }],
    ["by its owner", { owner: "11111111-2222-4333-8444-555555555555" }],
  ])("does not take what somebody else made at that moment for its own, told %s", async (_, theirs) => {
    const another = () => {
      server.store.environments.insert({ name: "production", organizationId: server.organizationId, ...theirs });
    };
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect: { kind: "call", run: another } });
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect: { kind: "status", status: 404 } });
    await expect(bench.create("Environment", { name: "production" })).rejects.toMatchObject({ code: "not-found" });
    expect(writes(`POST ${ENVIRONMENTS}`)).toBe(1);
  });

  test("says so where somebody made another of the name at that moment", async () => {
    const another = () => {
      server.store.environments.insert({ name: "production", organizationId: server.organizationId });
    };
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect: { kind: "call", run: another } });
    server.faults.add({ method: "POST", route: ENVIRONMENTS, effect: { kind: "drop", when: "after" } });
    await expect(bench.create("Environment", { name: "production" })).rejects.toThrow(/2 .*"production" appeared.*id/s);
  });
});

// These look again for a while before they give up, so they do it side by side.
test("a create that fails without any work is an error, is sent once, and succeeds in the next run", async () => {
  const creates: [string, string, Values, string][] = [
    ["Environment", "/api/environments", { name: "production" }, ENVIRONMENTS],
    ["Workspace", "/api/workspaces", { name: "production" }, "/api/workspaces"],
    ["Connection", CONNECTIONS, { name: "production", kind: "github", type: "collaboration" }, CONNECTIONS],
    [
      "ConnectionAssignment",
      `${ENVIRONMENTS}/${theirsId()}/connections/${clusterId()}`,
      { environmentId: theirsId(), connectionId: clusterId() },
      ASSIGNMENT,
    ],
  ];
  for (const [what, effect] of undone) {
    const before = seen(server);
    server.requests.clear();
    for (const [, path] of creates) server.faults.add({ method: "POST", path, effect });
    const failed = await Promise.allSettled(creates.map(([type, , inputs]) => bench.create(type, inputs)));
    expect([what, failed.map(({ status }) => status)]).toEqual([what, creates.map(() => "rejected")]);
    expect([what, seen(server)]).toEqual([what, before]);
    for (const [, , , route] of creates) expect([what, route, writes(`POST ${route}`)]).toEqual([what, route, 1]);
    bench = benchFor(server);
    const states = await Promise.all(creates.map(([type, , inputs]) => bench.create(type, inputs)));
    const later = benchFor(server);
    const reads = await Promise.all(creates.map(([type], i) => later.read(type, states[i]!)));
    expect([what, reads]).toEqual([what, states]);
    await server.reset();
    creates[3]![1] = `${ENVIRONMENTS}/${theirsId()}/connections/${clusterId()}`;
    creates[3]![2] = { environmentId: theirsId(), connectionId: clusterId() };
    bench = benchFor(server);
  }
});

describe("after a crash between create and state", () => {
  test("an environment that is there already stops the next run with the ways to take it over", async () => {
    await bench.create("Environment", { name: "production" });
    const next = benchFor(server).create("Environment", { name: "production" });
    await expect(next).rejects.toThrow(/already has "production".*Import it.*moved.*adopt = true.*MESHERY_ADOPT=1/s);
    expect(environments()).toEqual(["production", "theirs"]);
    const adopted = await benchFor(server, { env: { MESHERY_ADOPT: "1" } }).create("Environment", {
      name: "production",
    });
    expect(adopted.adopted).toBe(true);
    expect(environments()).toEqual(["production", "theirs"]);
  });

  test("an assignment that is there already is taken over", async () => {
    const inputs = { environmentId: theirsId(), connectionId: clusterId() };
    const first = await bench.create("ConnectionAssignment", inputs);
    expect(await benchFor(server).create("ConnectionAssignment", inputs)).toEqual(first);
    expect(writes(`POST ${ASSIGNMENT}`)).toBe(1);
  });
});

test("a create that the server accepted and does not list is kept by the id that the server stated", async () => {
  const id = "b0a0c1de-0000-4000-8000-000000000001";
  const inputs = { environmentId: theirsId(), connectionId: clusterId() };
  const stated = { id, name: "production", description: "other", organizationId: server.organizationId };
  const answered = (route: string, body: string) =>
    server.faults.add({ method: "POST", route, effect: { kind: "status", status: 201, body } });
  answered(ENVIRONMENTS, JSON.stringify(stated));
  answered("/api/workspaces", "");
  answered(ASSIGNMENT, "");
  const [environment, workspace, assignment] = await Promise.allSettled([
    bench.create("Environment", { name: "production", description: "x" }),
    bench.create("Workspace", { name: "production" }),
    bench.create("ConnectionAssignment", inputs),
  ]);
  expect(environment).toMatchObject({
    reason: { name: "PartialError", id, state: { name: "production", description: "x" } },
  });
  expect(workspace).toMatchObject({
    reason: { code: "unconfirmed", message: expect.stringMatching(/does not list it.*adopt = true/s) },
  });
  expect(assignment).toMatchObject({ reason: { name: "PartialError", id: `${theirsId()}/${clusterId()}` } });
});

describe("reads", () => {
  const listing = () => typed(bench.session.client).environments(server.organizationId).read("cached");

  test.each([408, 429, 500, 502, 503, 504])("are repeated after %s", async (status) => {
    server.faults.add({ method: "GET", route: ENVIRONMENTS, effect: { kind: "status", status }, times: 2 });
    expect((await listing()).size).toBe(1);
    expect(writes(`GET ${ENVIRONMENTS}`)).toBe(3);
  });

  test.each([400, 401, 403, 404, 409])("are not repeated after %s", async (status) => {
    server.faults.add({ method: "GET", route: ENVIRONMENTS, effect: { kind: "status", status } });
    await expect(listing()).rejects.toMatchObject({ details: { status } });
    expect(writes(`GET ${ENVIRONMENTS}`)).toBe(1);
  });

  test("are repeated after a broken connection", async () => {
    server.faults.add({ method: "GET", route: ENVIRONMENTS, effect: { kind: "drop", when: "before" }, times: 2 });
    expect((await listing()).size).toBe(1);
  });

  test("wait as long as the server asks, and no longer than makes sense", async () => {
    bench = benchFor(server, { timing: { retryAfterSecond: TIMING.retryAfterSecond } });
    server.faults.add({
      method: "GET",
      route: ENVIRONMENTS,
      effect: { kind: "status", status: 429, retryAfter: "1" },
    });
    await listing();
    const [first, second] = server.requests.list.filter(({ route }) => route === ENVIRONMENTS);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
    server.faults.add({
      method: "GET",
      route: ENVIRONMENTS,
      effect: { kind: "status", status: 429, retryAfter: "3600" },
    });
    const other = typed(benchFor(server).session.client).environments(server.organizationId).read("cached");
    await expect(other).rejects.toMatchObject({ details: { status: 429 } });
  });

  test("end in an error, not in an empty list, when the server goes on failing", async () => {
    const state = await bench.import("Environment", theirsId());
    server.faults.add({
      method: "GET",
      route: ENVIRONMENTS,
      effect: { kind: "status", status: 500 },
      times: Number.POSITIVE_INFINITY,
    });
    await expect(benchFor(server).read("Environment", state)).rejects.toMatchObject({ code: "server-error" });
    expect(writes(`GET ${ENVIRONMENTS}`)).toBe(1 + 5);
  });
});

describe("updates and deletes whose answer is lost", () => {
  let state: State;
  beforeEach(async () => {
    state = await bench.create("Environment", { name: "production" });
  });

  test.each(lost)("the update is found done: %s", async (_, effect) => {
    server.faults.add({ method: "PUT", route: ENVIRONMENT, effect });
    const next = await bench.update("Environment", state, { name: "renamed", description: "new" });
    expect(next).toMatchObject({ id: state.id, name: "renamed", description: "new" });
    expect(environments()).toEqual(["renamed", "theirs"]);
  });

  test.each(lost)("the delete is found done: %s", async (_, effect) => {
    server.faults.add({ method: "DELETE", route: ENVIRONMENT, effect });
    await benchFor(server).remove("Environment", state);
    expect(writes(`DELETE ${ENVIRONMENT}`)).toBe(1);
    expect(environments()).toEqual(["theirs"]);
  });

  test.each(lost)("the end of an assignment is found done: %s", async (_, effect) => {
    const edge = await bench.create("ConnectionAssignment", { environmentId: state.id, connectionId: clusterId() });
    server.faults.add({ method: "DELETE", route: ASSIGNMENT, effect });
    await benchFor(server).remove("ConnectionAssignment", edge);
    expect(writes(`DELETE ${ASSIGNMENT}`)).toBe(1);
    expect(server.store.environmentConnections.count()).toBe(0);
  });

  test("a delete without any work is an error, and nothing is forgotten", async () => {
    server.faults.add({ method: "DELETE", route: ENVIRONMENT, effect: { kind: "status", status: 500 } });
    await expect(benchFor(server).remove("Environment", state)).rejects.toMatchObject({ code: "server-error" });
    expect(environments()).toEqual(["production", "theirs"]);
  });
});

describe("an edge that moves and whose old pair cannot be removed", () => {
  test.each([
    ["is refused", { kind: "status", status: 403 }],
    ["fails", { kind: "status", status: 500 }],
  ] as const)("leaves no new pair that no state knows: the delete %s", async (_, effect) => {
    const { id: environmentId } = await bench.create("Environment", { name: "ours" });
    const old = await bench.create("ConnectionAssignment", { environmentId, connectionId: clusterId() });
    server.faults.add({ method: "DELETE", route: ASSIGNMENT, effect });
    const moved = { environmentId: theirsId(), connectionId: clusterId() };
    await expect(benchFor(server).update("ConnectionAssignment", old, moved)).rejects.toThrow();
    expect(seen(server).environments).toMatchObject({
      ours: { connections: ["cluster"] },
      theirs: { connections: [] },
    });
  });
});
