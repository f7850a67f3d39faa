import { connect } from "node:net";
import fc from "fast-check";
import { type EraName, MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

describe.each<EraName>(["E3", "docs"])("hostile input in %s", (era) => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ era, world: { environments: { production: {} } } });
  });
  afterEach(async () => {
    // Whatever was sent, the server still answers.
    expect((await ask(server, "/api/identity/orgs")).status).toBe(200);
    await server.close();
  });
  const organization = () => `orgId=${server.organizationId}`;

  test.each<[string, string | Buffer]>([
    ["no JSON", "{"],
    ["an array", "[]"],
    ["null", "null"],
    ["nothing", ""],
    ["no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ["a name that is a number", '{"name":5}'],
    ["a name that is an object", '{"name":{}}'],
  ])("a body that is %s is refused", async (_, rawBody) => {
    const { status } = await ask(server, "/api/environments", { method: "POST", rawBody });
    // Meshery Server answers 500 to a body it cannot decode.
    expect(status).toBe(era === "docs" ? 400 : 500);
    expect(server.store.environments.count()).toBe(1);
  });

  test("a body that is too long is refused", async () => {
    const rawBody = JSON.stringify({ name: "x".repeat(2 * 1024 * 1024) });
    // The server may close the connection before the client has sent all of it.
    const status = await ask(server, "/api/environments", { method: "POST", rawBody }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(server.store.environments.count()).toBe(1);
  });

  test("keys that programs trip over are only keys", async () => {
    const { status } = await ask(server, "/api/workspaces", {
      method: "POST",
      rawBody: `{"name":"w","organizationId":"${server.organizationId}","organization_id":"${server.organizationId}","__proto__":{"name":"p"},"metadata":{"__proto__":{"polluted":true},"constructor":1}}`,
    });
    expect(status).toBe(201);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    "page=-1",
    "page=x",
    "pagesize=-5",
    "pagesize=1e9",
    "page=99999999999999999999",
    "filter=%7B",
    "filter=%7B%22deleted_at%22%3A5%7D",
  ])("the query %s is a 4xx", async (query) => {
    const { status } = await ask(server, `/api/environments?${organization()}&${query}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test("ids are only values", async () => {
    for (const id of ["%27%20or%201=1", "..%2F..", "%00", "a%2Fb", "x".repeat(3000)]) {
      expect((await ask(server, `/api/environments/${id}?${organization()}`)).status).toBe(404);
      expect((await ask(server, `/api/environments/${id}`, { method: "DELETE" })).status).toBe(404);
    }
    expect(server.store.environments.count({ deletedAt: null })).toBe(1);
  });

  test("a path with a broken percent sign is a 400", async () => {
    expect((await ask(server, "/api/environments/%E0%A4%A?x=%zz")).status).toBe(400);
  });

  test.each([
    "nonsense\r\n\r\n",
    "GET\r\n\r\n",
    "GET http://evil.example.com/api/environments HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
  ])("the raw bytes %j get an answer", async (bytes) => {
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.on("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.on("error", reject);
      socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    });
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  test("any path, query and body gets an answer below 500, but for bodies that Meshery cannot decode", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE"),
        fc.constantFrom(
          "environments",
          "workspaces",
          "integrations/connections",
          "integrations/credentials",
          "identity/orgs",
        ),
        fc.array(fc.string({ maxLength: 12 }), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            "page",
            "pagesize",
            "pageSize",
            "order",
            "search",
            "filter",
            "kind",
            "name",
            "orgId",
            "credentialId",
          ),
          fc.oneof(fc.string(), fc.json()),
        ),
        fc.oneof(fc.json(), fc.string()),
        async (method, collection, rest, query, body) => {
          const path = ["/api", collection, ...rest.map(encodeURIComponent)].join("/");
          const { status } = await ask(server, `${path}?${new URLSearchParams(query)}`, {
            method,
            ...(method === "POST" || method === "PUT" ? { rawBody: body } : {}),
          });
          const undecoded = era === "E3" && (method === "POST" || method === "PUT") && status === 500;
          expect(status < 500 || undecoded).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
