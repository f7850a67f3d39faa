import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { MesheryServer, type MesheryServerOptions } from "../../provider/server";
import { ask, credentials } from "./support/ask";

let server: MesheryServer;
const start = async (options: MesheryServerOptions = {}) => {
  server = await MesheryServer.start(options);
};
afterEach(async () => {
  await server.close();
});

/** A request with the headers of a browser, which no fetch may set. */
async function called(method: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const { port } = new URL(server.url);
  const sent = request({ port, host: "127.0.0.1", method, path: "/api/identity/orgs", headers }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const part of response) text += part;
  return { status: response.statusCode ?? 0, text };
}
const named = (host: string, more: Record<string, string> = {}) =>
  called("GET", { ...credentials(server), host, ...more });

describe("by default", () => {
  beforeEach(() => start());

  test.each([
    "localhost:9081",
    "127.0.0.1",
    "127.1.2.3:80",
    "[::1]:9081",
    "LOCALHOST",
    "localhost.",
    "meshery.localhost",
  ])("it answers to %s", async (host) => {
    expect((await named(host)).status).toBe(200);
  });

  test.each([
    "rebound.example.com:9081",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "192.0.2.1",
    "localhost@example.com",
    "a b",
  ])("it refuses to be called %j", async (host) => {
    const { status, text } = await named(host);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      error: `this server does not answer to the name ${host}; start it with --allow-host and that name if it is to be called so`,
    });
  });

  test.each(["POST", "PUT", "DELETE", "PATCH"])("a page of another origin may not send a %s", async (method) => {
    for (const origin of [
      "https://example.com",
      "null",
      "file://",
      "http://127.0.0.1.example.com",
      "http://localhost:3000",
    ]) {
      const { status, text } = await called(method, { ...credentials(server), host: "localhost", origin });
      expect(status).toBe(403);
      expect(JSON.parse(text)).toEqual({
        error: `a web page of another origin, ${origin}, may not change anything on this server`,
      });
    }
  });

  test("a page of another origin changes nothing by a request that is refused", async () => {
    const body = { name: "theirs", organizationId: server.organizationId };
    const headers = { ...credentials(server), origin: "https://example.com" };
    expect((await ask(server, "/api/environments", { body, headers })).status).toBe(403);
    expect(server.store.environments.count()).toBe(0);
    expect((await ask(server, "/api/environments", { body, headers: credentials(server) })).status).toBe(201);
    const own = { ...credentials(server), origin: server.url };
    expect((await ask(server, "/api/environments", { body, headers: own })).status).toBe(201);
  });

  test("what only reads may come from any page: browsers do not show it the answer", async () => {
    expect((await named("localhost", { origin: "https://example.com" })).status).toBe(200);
  });
});

test("it answers to the names it was given", async () => {
  await start({ host: "127.0.0.1", allowedHosts: ["Meshery.example.com"] });
  expect((await named("meshery.example.com:9081")).status).toBe(200);
  expect((await named("www.meshery.example.com")).status).toBe(403);
});

test("pages of the names it was given may change something", async () => {
  await start({ allowedHosts: ["meshery.example.com"] });
  const sent = (origin: string) => called("POST", { ...credentials(server), host: "127.0.0.1", origin });
  expect((await sent("https://meshery.example.com")).status).not.toBe(403);
  expect((await sent("https://www.meshery.example.com")).status).toBe(403);
});

test("where it listens on every address it answers to each, but to no name", async () => {
  await start({ host: "0.0.0.0" });
  expect((await named("192.0.2.1:9081")).status).toBe(200);
  expect((await named("[2001:db8::1]:9081")).status).toBe(200);
  expect((await named("rebound.example.com")).status).toBe(403);
});
