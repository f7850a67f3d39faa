import type { IncomingMessage, ServerResponse } from "node:http";
import { Meshery } from "../../provider/client";
import { type RawServer, rawServer, sendJson } from "../support/rawServer";
import { SHORT } from "../support/timing";
import { typed } from "../support/typedMeshery";

const ORGANIZATION = "5d1e6a1c-1111-4222-8333-444444444444";
const BODY = { name: "production", description: "", organizationId: ORGANIZATION };

let server: RawServer;
afterEach(() => server.close());

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = await rawServer(answer);
}
const client = (options: Partial<ConstructorParameters<typeof Meshery>[0]> = {}) =>
  typed(new Meshery({ url: server.url, token: "secret-token", mesheryProvider: "Meshery", timing: SHORT, ...options }));

/** Sends a byte now and then, for ever. */
function drip(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
}

describe("the time limit holds for a whole request", () => {
  test.each([
    ["whose body drips", drip],
    ["that is not answered", () => undefined],
  ])("%s", async (_, answer) => {
    await serving(answer);
    const meshery = client({ timeout: 100 });
    await expect(meshery.organizations().read("cached")).rejects.toMatchObject({ code: "timeout" });
    const write = await meshery.createEnvironment(BODY).catch((error: unknown) => error);
    expect(write).toMatchObject({ code: "timeout", details: { method: "POST" } });
    expect(write).not.toMatchObject({ details: { neverSent: true } });
    expect(server.requests.filter(({ line }) => line.startsWith("POST"))).toHaveLength(1);
  });
});

describe("an answer has an end", () => {
  test("and one that has none is not read on", async () => {
    await serving((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    await expect(client().organizations().read("cached")).rejects.toMatchObject({ code: "unreadable" });
    // Asked once for the list, and to see what answers there.
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ["without a total", () => undefined],
    ["whose total grows", (page: number) => (page + 2) * 100],
  ])("and so has a list: one %s is given up, and not tried again", async (_, totalCount) => {
    await serving((request, response) => {
      const page = Number(new URL(request.url ?? "", server.url).searchParams.get("page"));
      const organizations = Array.from({ length: 100 }, (_, i) => ({ id: `o-${page}-${i}`, name: "x".repeat(1_000) }));
      sendJson(response, { organizations, totalCount: totalCount(page) });
    });
    const meshery = client();
    await expect(meshery.organizations().read("cached")).rejects.toMatchObject({ code: "incomplete-list" });
    const sent = server.requests.length;
    expect(sent).toBeLessThanOrEqual(2_000);
    await expect(meshery.organizations().read("now")).rejects.toMatchObject({ code: "incomplete-list" });
    expect(server.requests.length).toBe(sent);
  });
});

describe("once the run was told to stop", () => {
  /** Resolves as soon as the server has `count` requests. */
  const arrived = async (count: number) => {
    while (server.requests.length < count) await new Promise(setImmediate);
  };

  test("reads under way end at once, and nothing new is sent", async () => {
    await serving(() => undefined);
    const stopping = new AbortController();
    const meshery = client({ signal: stopping.signal });
    const lists = Array.from({ length: 20 }, (_, i) => meshery.environments(`organization-${i}`).read("cached"));
    const ended = Promise.allSettled(lists);
    await arrived(8);
    stopping.abort();
    for (const result of await ended) expect(result).toMatchObject({ status: "rejected", reason: { code: "stopped" } });
    await expect(meshery.connections().read("cached")).rejects.toMatchObject({ code: "stopped" });
    expect(server.requests).toHaveLength(8);
  });

  test("a write that was not sent is known not to have been", async () => {
    await serving((_, response) => sendJson(response, {}));
    const stopping = new AbortController();
    stopping.abort();
    const write = client({ signal: stopping.signal }).createEnvironment(BODY);
    await expect(write).rejects.toMatchObject({ code: "stopped", details: { neverSent: true } });
    expect(server.requests).toHaveLength(0);
  });

  test("a write under way gets a moment for its answer", async () => {
    let answer: (() => void) | undefined;
    await serving((_, response) => {
      answer = () => sendJson(response, { ...BODY, id: "e-1" }, 201);
    });
    const stopping = new AbortController();
    const write = client({ signal: stopping.signal }).createEnvironment(BODY);
    await arrived(1);
    stopping.abort();
    await new Promise(setImmediate);
    answer!();
    expect(await write).toMatchObject({ id: "e-1" });
  });

  test("a write that a silent server got may have been carried out", async () => {
    await serving(() => undefined);
    const stopping = new AbortController();
    const write = client({ signal: stopping.signal, timing: { writeGrace: 100 } }).createEnvironment(BODY);
    await arrived(1);
    stopping.abort();
    await expect(write).rejects.toMatchObject({ code: "stopped", details: { neverSent: false } });
  });

  test("nobody waits for another try", async () => {
    await serving((_, response) => void response.writeHead(503, { "retry-after": "60" }).end());
    const stopping = new AbortController();
    const list = client({ signal: stopping.signal }).organizations().read("cached");
    await arrived(1);
    stopping.abort();
    await expect(list).rejects.toMatchObject({ code: "stopped" });
    expect(server.requests).toHaveLength(1);
  });
});

test("what a first try may have done is not undone because a second one never left", async () => {
  await serving((request) => {
    void server.close();
    request.socket.destroy();
  });
  const write = client().updateEnvironment("e-1", BODY);
  await expect(write).rejects.toMatchObject({ code: "unreachable", details: { neverSent: false } });
});
