import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { authenticationHeaders, refreshedToken } from "../../provider/client/http/authentication";
import { retryAfterSeconds } from "../../provider/client/http/retry";
import { readPage } from "../../provider/client/lists/page";
import { connections } from "../../provider/resources/connection";
import { environments } from "../../provider/resources/environment";
import { front } from "../support/front";
import { MesheryServer } from "../support/meshery";
import { benchFor, openSession } from "../support/session";
import { typed } from "../support/typedMeshery";

const ENVIRONMENTS = "/api/environments";
const always = { times: Number.POSITIVE_INFINITY };

describe("what is sent", () => {
  test.each([
    ["plain", "plain"],
    ["a+b/c==", "a+b/c=="],
    ["a;b, c", "a%3Bb%2C%20c"],
    ['a"b\\c', "a%22b%5Cc"],
    ["line\r\nset-cookie: x", "line%0D%0Aset-cookie:%20x"],
    ["é", "%C3%A9"],
  ])("a token %j stands in the cookie so that it ends where it ends", (token, expected) => {
    const { cookie, authorization } = authenticationHeaders({ token, mesheryProvider: "Meshery" });
    expect(cookie).toBe(`token=${expected}; meshery-provider=Meshery`);
    expect(authorization).toMatch(/^Bearer /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
    expect(authorization).not.toMatch(/[\u0000-\u001f]/);
  });

  test("a stored token goes whole into the cookie, and its access token into the header", () => {
    const stored = Buffer.from(JSON.stringify({ access_token: "inner-token", token_type: "bearer" })).toString(
      "base64",
    );
    const { cookie, authorization } = authenticationHeaders({ token: stored });
    expect(cookie).toBe(`token=${stored}`);
    expect(authorization).toBe("Bearer inner-token");
    const jwt = "eyJhbGciOiJub25lIn0.eyJhY2Nlc3NfdG9rZW4iOiJub3QgdGhpcyJ9.sig";
    expect(authenticationHeaders({ token: jwt }).authorization).toBe(`Bearer ${jwt}`);
  });

  test("nothing is sent of a token that there is not", () => {
    expect(authenticationHeaders({})).toEqual({});
    expect(authenticationHeaders({ mesheryProvider: "Local" })).toEqual({ cookie: "meshery-provider=Local" });
  });

  test.each([
    ["a host of its own", (other: string) => other],
    ["the very same host", (_: string, own: string) => own],
  ])("nothing follows a redirect to %s, and it is no answer", async (_, to) => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(String(request.url));
      response.writeHead(200, { "content-type": "application/json" }).end('{"environments":[],"totalCount":0}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const server = await MesheryServer.start();
    try {
      const location = `${to(other, server.url)}/api/environments/elsewhere`;
      server.faults.add({ route: ENVIRONMENTS, effect: { kind: "redirect", location }, ...always });
      const rows = typed(benchFor(server).session.client).environments(server.organizationId).read("cached");
      await expect(rows).rejects.toMatchObject({ name: "ApiError" });
      expect(asked).toEqual([]);
      expect(server.requests.list.filter(({ path }) => path.endsWith("/elsewhere"))).toEqual([]);
    } finally {
      await server.close();
      await new Promise((resolve) => elsewhere.close(resolve));
    }
  });
});

describe("a renewed token", () => {
  test.each([
    [["token=new; Path=/"], "new"],
    [["other=1; Path=/", "token=a%3Bb; HttpOnly"], "a;b"],
    [["token=; Path=/; Max-Age=0"], undefined],
    [["token=new; Max-Age=0"], undefined],
    [["token=new; Max-Age=-1"], undefined],
    [["token=new; Max-Age=3600"], "new"],
    [["my-token=new"], undefined],
    [["token=50%-off"], "50%-off"],
    [undefined, undefined],
  ])("of %j is %j", (lines, token) => {
    expect(refreshedToken(lines)).toBe(token);
  });
});

describe("when a call is tried again", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  test.each([
    ["7", 7],
    [" 7 ", 7],
    ["Tue, 24 Nov 2026 12:00:09 GMT", 9],
    ["Tue, 24 Nov 2026 11:59:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("a Retry-After of %j means %j seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });

  test("a date in Retry-After is waited for", async () => {
    const server = await MesheryServer.start();
    try {
      const retryAfter = new Date(Date.now() + 1000).toUTCString();
      server.faults.add({ route: ENVIRONMENTS, effect: { kind: "status", status: 503, retryAfter } });
      expect(
        (await typed(benchFor(server).session.client).environments(server.organizationId).read("cached")).size,
      ).toBe(0);
    } finally {
      await server.close();
    }
  });

  test("a delete that the server failed is sent once, of whatever it is", async () => {
    const server = await MesheryServer.start({ world: { connections: { cluster: { kind: "kubernetes" } } } });
    try {
      const bench = benchFor(server);
      const environment = await bench.create("Environment", { name: "ours" });
      const workspace = await bench.create("Workspace", { name: "ours" });
      const connection = await bench.create("Connection", { name: "ours", kind: "github", type: "collaboration" });
      const environmentId = server.store.environments.insert({
        name: "other",
        organizationId: server.organizationId,
        owner: server.store.environments.get(environment.id)!.owner,
      }).id;
      const edge = await bench.create("ConnectionAssignment", {
        environmentId,
        connectionId: server.store.connections.find({ name: "cluster" })!.id,
      });
      server.faults.add({ method: "DELETE", effect: { kind: "status", status: 500 }, ...always });
      const made = {
        Environment: environment,
        Workspace: workspace,
        Connection: connection,
        ConnectionAssignment: edge,
      };
      const ends = await Promise.allSettled(
        Object.entries(made).map(([type, state]) => benchFor(server).remove(type, state)),
      );
      expect(ends.map(({ status }) => status)).toEqual(ends.map(() => "rejected"));
      expect(server.requests.list.filter(({ method }) => method === "DELETE")).toHaveLength(4);
    } finally {
      await server.close();
    }
  });
});

describe("how many requests are under way", () => {
  /** Asks for so many lists at once; tells the most that the server had to do at a time. */
  async function atOnce(count: number, status: number): Promise<{ most: number; failed: number }> {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    // Answers when nothing more comes.
    const slow = createServer((_, response) => {
      most = Math.max(most, ++now);
      waiting.push(() => {
        now--;
        response.writeHead(status, { "content-type": "application/json" }).end("[]");
      });
      setImmediate(() => setImmediate(() => waiting.shift()?.()));
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const client = typed(openSession({ url, token: "t", mesheryProvider: "Meshery", origins: {} }).client);
    try {
      const lists = Array.from({ length: count }, (_, i) => client.assigned("o", `e${i}`).read("cached"));
      const ends = await Promise.allSettled(lists);
      return { most, failed: ends.filter((end) => end.status === "rejected").length };
    } finally {
      await new Promise((resolve) => {
        slow.close(resolve);
        slow.closeAllConnections();
      });
    }
  }

  test("is bounded, and all are answered", async () => {
    const { most, failed } = await atOnce(60, 200);
    expect(failed).toBe(0);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(16);
  });

  test("is not used up by those that fail", async () => {
    expect((await atOnce(60, 400)).failed).toBe(60);
  });
});

test("a timeout is given in seconds, and told in seconds", async () => {
  const server = await MesheryServer.start();
  try {
    server.faults.add({ effect: { kind: "latency", milliseconds: 3_000 }, ...always });
    const client = typed(
      openSession({
        url: server.url,
        token: server.token,
        mesheryProvider: server.mesheryProvider,
        timeout: 0.2,
        origins: {},
      }).client,
    );
    const write = client.createEnvironment({ name: "x", description: "", organizationId: server.organizationId });
    await expect(write).rejects.toMatchObject({ code: "timeout", message: expect.stringMatching(/\b0\.2 s/) });
    expect(server.requests.count(`POST ${ENVIRONMENTS}`)).toBe(1);
  } finally {
    await server.close();
  }
});

describe("an answer that states another thing than what was sent", () => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({
      world: { connections: { cluster: { kind: "kubernetes" } }, environments: { theirs: {} } },
    });
  });
  afterEach(() => server.close());

  // They look again for a while before they give up, so they do it side by side.
  test("is not believed: neither another text, nor another id, nor another pair", async () => {
    const bench = benchFor(server);
    const states = await Promise.all(
      ["a", "b"].map((name) => bench.create("Environment", { name, description: "old" })),
    );
    const [text, id] = states as [(typeof states)[0], (typeof states)[0]];
    const { organizationId } = server;
    const answer = (method: string, path: string, row: object) =>
      server.faults.add({
        method,
        path,
        effect: { kind: "status", status: 200, body: JSON.stringify(row) },
        ...always,
      });
    answer("PUT", `${ENVIRONMENTS}/${text.id}`, { id: text.id, name: "a", description: "old", organizationId });
    answer("PUT", `${ENVIRONMENTS}/${id.id}`, { id: text.id, name: "b", description: "new", organizationId });
    const environmentId = server.store.environments.find({ name: "theirs" })!.id;
    const connectionId = server.store.connections.find({ name: "cluster" })!.id;
    const path = `${ENVIRONMENTS}/${environmentId}/connections/${connectionId}`;
    answer("POST", path, { id: "m", environmentId, connectionId: "another", environment_id: environmentId });
    const next = benchFor(server);
    const ends = await Promise.allSettled([
      next.update("Environment", text, { name: "a", description: "new" }),
      next.update("Environment", id, { name: "b", description: "new" }),
      next.create("ConnectionAssignment", { environmentId, connectionId }),
    ]);
    expect(ends).toMatchObject([
      { status: "rejected", reason: { code: "unconfirmed" } },
      { status: "rejected", reason: { code: "unconfirmed" } },
      { status: "rejected", reason: { name: "PartialError" } },
    ]);
    expect(server.store.environments.get(text.id)?.description).toBe("old");
  });

  test("is made up for by the list where that shows what was sent", async () => {
    const bench = benchFor(server);
    const state = await bench.create("Environment", { name: "a", description: "old" });
    const other = JSON.stringify({ id: state.id, name: "zzz", description: "zzz" });
    server.faults.add({ method: "PUT", effect: { kind: "status", status: 200, body: other, when: "after" } });
    expect(await benchFor(server).update("Environment", state, { name: "a", description: "new" })).toMatchObject({
      description: "new",
    });
  });
});

describe("a list of an environment's connections that cannot be read", () => {
  const edgeOf = async (server: MesheryServer) =>
    benchFor(server).create("ConnectionAssignment", {
      environmentId: server.store.environments.find({ name: "theirs" })!.id,
      connectionId: server.store.connections.find({ name: "cluster" })!.id,
    });
  const world = { connections: { cluster: { kind: "kubernetes" } }, environments: { theirs: {} } };
  const HELD = `${ENVIRONMENTS}/{id}/connections`;

  test.each([400, 403, 409])("is an error after %i, and nothing else is asked instead", async (status) => {
    const server = await MesheryServer.start({ world });
    try {
      const state = await edgeOf(server);
      server.faults.add({ method: "GET", route: HELD, effect: { kind: "status", status }, ...always });
      const next = benchFor(server);
      await expect(next.read("ConnectionAssignment", state)).rejects.toMatchObject({ details: { status } });
      await expect(next.remove("ConnectionAssignment", state)).rejects.toMatchObject({ details: { status } });
    } finally {
      await server.close();
    }
  });

  test("is an error after 500 too, where rows of connections do not name their environments", async () => {
    const server = await MesheryServer.start({ world });
    const before = await front(server, (answer, { path }) => {
      if (!/\/connections$/.test(path) || !answer.text.startsWith("{")) return answer;
      if (path.startsWith(ENVIRONMENTS)) return { ...answer, status: 500, text: "boom" };
      const body = JSON.parse(answer.text) as { connections?: object[] };
      const connections = body.connections?.map((row) => ({ ...row, environments: undefined }));
      return { ...answer, text: JSON.stringify({ ...body, connections }) };
    });
    try {
      const state = await edgeOf(server);
      const client = typed(
        openSession({
          url: before.url,
          token: server.token,
          mesheryProvider: server.mesheryProvider,
          origins: {},
        }).client,
      );
      const held = client.assigned(server.organizationId, String(state.environmentId)).read("cached");
      await expect(held).rejects.toMatchObject({ code: "server-error" });
    } finally {
      await before.close();
      await server.close();
    }
  });

  test("is made up for by the connections' own rows where those name them", async () => {
    const server = await MesheryServer.start({ world, quirks: { brokenEdgeList: true } });
    try {
      const state = await edgeOf(server);
      expect(await benchFor(server).read("ConnectionAssignment", state)).toEqual(state);
      await benchFor(server).remove("ConnectionAssignment", state);
      expect(server.store.environmentConnections.count()).toBe(0);
    } finally {
      await server.close();
    }
  });
});

describe("rows of a list", () => {
  const call = { method: "GET", path: ENVIRONMENTS };
  const alive = (row: object) =>
    readPage({ environments: [{ id: "e", name: "e", ...row }], totalCount: 1 }, "environments", environments.read, call)
      .rows.length;

  test.each([
    [{}, 1],
    [{ deletedAt: null }, 1],
    [{ deleted_at: "" }, 1],
    [{ deletedAt: "0001-01-01T00:00:00Z" }, 1],
    [{ deleted_at: { Time: "0001-01-01T00:00:00Z", Valid: false } }, 1],
    [{ deletedAt: { Time: "2026-01-01T00:00:00Z", Valid: true } }, 0],
    [{ deleted_at: "2026-01-01T00:00:00Z" }, 0],
  ])("are alive, or deleted: %j", (row, count) => {
    expect(alive(row)).toBe(count);
  });

  test.each([
    [{ ownerId: "u", owner: "Ulla" }, "u"],
    [{ owner_id: "u" }, "u"],
    [{ owner: "u" }, "u"],
    [{ owner: "00000000-0000-0000-0000-000000000000" }, ""],
    [{}, ""],
  ])("name their owner: %j", (row, owner) => {
    expect(environments.read({ id: "e", name: "e", ...row }).owner).toBe(owner);
  });

  test.each([
    [{ organizationId: "o", organization_id: "p" }, "o"],
    [{ organization_id: "o" }, "o"],
    [{ orgId: "o" }, "o"],
    [{ organizationId: "00000000-0000-0000-0000-000000000000" }, undefined],
    [{}, undefined],
  ])("name their organization: %j", (row, organizationId) => {
    expect(environments.read({ id: "e", name: "e", ...row }).organizationId).toBe(organizationId);
  });

  test.each([
    [{ environments: ["a", "b"] }, ["a", "b"]],
    [{ environments: [{ id: "a" }, { id: "" }, 5, null] }, ["a"]],
    [{ environments: [] }, []],
    [{}, undefined],
    [{ environments: null }, undefined],
  ])("name the environments that hold a connection: %j", (row, environments) => {
    expect(connections.read({ id: "c", name: "c", ...row }).environments).toEqual(environments);
  });
});

test("an error names the request without its query", async () => {
  const server = await MesheryServer.start();
  try {
    server.faults.add({ route: ENVIRONMENTS, effect: { kind: "status", status: 400, body: "no" }, ...always });
    const failed = await typed(benchFor(server).session.client)
      .environments(server.organizationId)
      .read("cached")
      .catch((error: Error) => error.message);
    expect(failed).toContain(`GET ${ENVIRONMENTS} answered 400`);
    expect(failed).not.toMatch(/pagesize|orgId|\?/i);
  } finally {
    await server.close();
  }
});
