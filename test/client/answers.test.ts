import type { IncomingMessage, ServerResponse } from "node:http";
import { Meshery } from "../../provider/client";
import { segment } from "../../provider/client/http/call";
import { type RawServer, rawServer, sendJson } from "../support/rawServer";
import { SHORT } from "../support/timing";
import { type TypedMeshery, typed } from "../support/typedMeshery";

const BODY = { name: "production", description: "", organizationId: "org-1" };
const CONNECTION = { id: "c-1", name: "cluster" } as never;
let server: RawServer;
afterEach(() => server.close());

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = await rawServer(answer);
}
const client = (options: Partial<ConstructorParameters<typeof Meshery>[0]> = {}) =>
  typed(new Meshery({ url: server.url, token: "secret-token", mesheryProvider: "Meshery", timing: SHORT, ...options }));
const failure = (work: Promise<unknown>): Promise<Error & { code: string; details: Record<string, unknown> }> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );

type Reply = { status: number; type?: string; body?: string; headers?: Record<string, string> };

/** Answers that say nothing certain of a write, and the code of each. */
const STRANGE: [string, Reply, string][] = [
  ["JSON cut short", { status: 200, body: '{"id":"e-' }, "unreadable"],
  ["a text", { status: 200, type: "text/plain", body: "OK" }, "unreadable"],
  ["a web page", { status: 200, type: "text/html", body: "<!doctype html><html></html>" }, "unreadable"],
  ["JSON as a web page", { status: 200, type: "text/html", body: '{"id":"e-1"}' }, "unreadable"],
  ["a redirect", { status: 302, headers: { location: "/auth/login" } }, "not-authenticated"],
  ["401", { status: 401, body: "{}" }, "not-authenticated"],
  ["409", { status: 409, body: '{"error":"conflict"}' }, "refused"],
  ["429", { status: 429 }, "throttled"],
  ["429 with a time", { status: 429, headers: { "retry-after": "7" } }, "throttled"],
  ["499", { status: 499 }, "refused"],
  ["500", { status: 500 }, "server-error"],
  ["503", { status: 503 }, "server-error"],
  ["503 with a time", { status: 503, headers: { "retry-after": "7" } }, "throttled"],
];

/** Every write that is sent once. */
const WRITES: [string, (meshery: TypedMeshery) => Promise<unknown>][] = [
  ["an environment", (meshery) => meshery.createEnvironment(BODY)],
  ["a workspace", (meshery) => meshery.createWorkspace(BODY)],
  [
    "a connection",
    (meshery) =>
      meshery.createConnection({ name: "c", kind: "k", type: "t", subType: "", status: undefined, metadata: {} }),
  ],
  ["an assignment", (meshery) => meshery.assign("org-1", "e-1", CONNECTION)],
  ["a binding", (meshery) => meshery.bind("org-1", "w-1", CONNECTION)],
  ["the delete of an environment", (meshery) => meshery.deleteEnvironment("e-1", "org-1")],
  ["the delete of a workspace", (meshery) => meshery.deleteWorkspace("w-1", "org-1")],
  ["the delete of a connection", (meshery) => meshery.deleteConnection("c-1")],
  ["the removal of an assignment", (meshery) => meshery.unassign("org-1", "e-1", "c-1")],
  ["the removal of a binding", (meshery) => meshery.unbind("org-1", "w-1", "e-1")],
];

describe.each(WRITES)("a write that is answered strangely: %s", (_, write) => {
  test.each(STRANGE)("by %s: it is sent once, and may have been carried out", async (_, reply, code) => {
    await serving((_, response) => {
      const { status, type = "application/json", body = "", headers = {} } = reply;
      response.writeHead(status, { "content-type": type, ...headers }).end(body);
    });
    const error = await failure(write(client()));
    expect(error).toMatchObject({ name: "ApiError", code });
    expect(error.details.neverSent).not.toBe(true);
    expect(server.requests).toHaveLength(1);
    if (code === "throttled") expect(error.details.retryAfter).toBe(reply.headers ? 7 : 1);
  });
});

describe("an id that cannot stand in a path", () => {
  test.each([
    "",
    " ",
    ".",
    "..",
    "00000000-0000-0000-0000-000000000000",
    "\ud800",
  ])("is refused and named: %j", async (id) => {
    await serving((_, response) => sendJson(response, {}));
    const meshery = client();
    const calls = [
      meshery.unassign("org-1", "e-1", id),
      meshery.unassign("org-1", id, "c-1"),
      meshery.unbind("org-1", id, "e-1"),
      meshery.deleteEnvironment(id, "org-1"),
      meshery.deleteConnection(id),
      meshery.updateWorkspace(id, BODY),
      meshery.assigned("org-1", id).read("cached"),
      meshery.bound("org-1", id).read("cached"),
      meshery.teams(id).read("cached"),
    ];
    for (const call of calls) {
      const error = await failure(call);
      expect(error).toMatchObject({ code: "refused", details: { neverSent: true } });
      expect(error.message).toContain(`${JSON.stringify(id)} is the id of nothing`);
    }
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    "%2e%2e",
    "%2E",
    "...",
    "a.b",
    "a/../b",
    "..\\..",
    "a?b#c",
    "ä;é",
  ])("does not walk up the path: %s", async (id) => {
    await serving((_, response) => sendJson(response, {}));
    await client().unassign("org-1", "e-1", id);
    const path = server.requests[0]!.line.split(" ")[1]!.split("?")[0]!;
    expect(path).toBe(`/api/environments/e-1/connections/${segment(id)}`);
    expect(decodeURIComponent(path.split("/").at(-1)!)).toBe(id);
  });
});

describe("what answers at the url", () => {
  const OTHER = { name: "Acme", providerUrl: "https://x.example", routes: [] };

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ["an object that is no list", (_, response) => sendJson(response, OTHER)],
    ["a text", (_, response) => void response.writeHead(200, { "content-type": "text/plain" }).end("hello")],
    ["404 as a page", (_, response) => void response.writeHead(404, { "content-type": "text/html" }).end("<html>no")],
    ["404 as a text", (_, response) => void response.writeHead(404).end("404 page not found\n")],
    ["404 as JSON", (_, response) => sendJson(response, { message: "Not Found" }, 404)],
    ["405", (_, response) => void response.writeHead(405).end()],
  ])("is no Meshery where it says %s everywhere, and is named", async (_, answer) => {
    await serving(answer);
    for (const mesheryProvider of ["Meshery", undefined]) {
      const meshery = client({ mesheryProvider, origins: { url: "the environment variable MESHERY_URL" } });
      const error = await failure(meshery.organizations().read("cached"));
      expect(error.code).toBe("not-meshery");
      expect(error.message).toContain(`${server.url} (url from the environment variable MESHERY_URL) answers, but not`);
      expect(error.message).not.toContain("name a provider");
    }
  });

  test("is Meshery where it lists organizations, whatever else it lacks", async () => {
    const organizations = { data: [{ id: "o", name: "Mine" }], totalCount: 1, page: 1 };
    await serving((request, response) => {
      if (request.method !== "GET") return void response.writeHead(405).end();
      sendJson(response, request.url?.startsWith("/api/identity/orgs") ? organizations : OTHER);
    });
    const meshery = client({ mesheryProvider: undefined });
    expect([...(await meshery.organizations().read("cached")).values()]).toEqual([{ id: "o", name: "Mine" }]);
    await expect(meshery.connections().read("cached")).rejects.toMatchObject({ code: "unreadable" });
    await expect(client().connections().read("cached")).rejects.toMatchObject({ code: "unreadable" });
    const missing = await failure(meshery.assign("o", "e", CONNECTION));
    expect(missing.code).toBe("no-route");
    expect(missing.message).toContain("This server has no route POST /api/environments/e/connections/c-1");
  });
});

test("every request of an organization, and no other, says so in both headers that Meshery Cloud has read", async () => {
  await serving((request, response) => sendJson(response, request.method === "GET" ? [] : {}));
  const meshery = client();
  await meshery.environments("org-1").read("cached");
  await meshery.createEnvironment(BODY);
  await meshery.unassign("org-1", "e-1", "c-1");
  await meshery.connections().read("cached");
  const sent = server.requests.map(({ headers }) => [headers["x-current-orgid"], headers["layer5-current-orgid"]]);
  expect(sent).toEqual(
    ["org-1", "org-1", "org-1", "org-1", undefined, undefined].map((organization) => [organization, organization]),
  );
});

test("what would drive a terminal is shown as text", async () => {
  const bad = "\u001b[2J\u001b]0;title\u0007 \u009b31m \u202egnp.exe";
  await serving((_, response) => sendJson(response, { error: bad }, 400));
  const { message } = await failure(client().createEnvironment(BODY));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those must not be there.
  expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(message).toContain("\\u001b[2J");
});

test.each([200, 302, 500])("a token that was renewed with %s is removed from all that is shown", async (status) => {
  const renewed = "renewed-canary+/0123456789==";
  let first = true;
  await serving((_, response) => {
    const headers = { "set-cookie": `token=${encodeURIComponent(renewed)}; Path=/`, location: "/auth/login" };
    if (first) response.writeHead(status, { "content-type": "application/json", ...headers }).end("{}");
    else sendJson(response, { error: `bad token ${renewed} ${encodeURIComponent(renewed)}` }, 400);
    first = false;
  });
  const log: string[] = [];
  const meshery = client({ bodies: true, onExchange: (exchange) => log.push(JSON.stringify(exchange)) });
  await meshery.createEnvironment(BODY).catch(() => undefined);
  const { message } = await failure(meshery.createEnvironment(BODY));
  expect(message).toContain("bad token [token] [token]");
  expect(`${message} ${log.join(" ")}`).not.toContain("renewed-canary");
  expect(server.requests[1]!.headers.authorization).toBe(`Bearer ${status === 200 ? renewed : "secret-token"}`);
});

test("only the Local provider shows everything", async () => {
  await serving((_, response) => sendJson(response, { Local: { provider_type: "local", provider_name: "Local" } }));
  const sees = (options: object) => client(options).seesEverything();
  expect(await sees({ mesheryProvider: "Meshery" })).toBe(false);
  expect(await sees({ mesheryProvider: "None" })).toBe(true);
  expect(await sees({ mesheryProvider: undefined, token: undefined })).toBe(true);
});
