import { type Asked, type Front, front } from "../support/front";
import { MesheryServer } from "../support/meshery";
import { openSession } from "../support/session";
import { typed } from "../support/typedMeshery";

const FIRST = "First+token/0123456789abcdefghij==";
const RENEWED = "Renewed+token/ABCDEFGHIJ987654321;x==";
const spellings = (token: string) => [
  token,
  encodeURIComponent(token),
  JSON.stringify(token).slice(1, -1),
  token.replace(/[^A-Za-z0-9]/g, (c) => `&#${c.charCodeAt(0)};`),
];

describe("a token that the server renews by a cookie", () => {
  let server: MesheryServer;
  let before: Front;
  let asked: Asked[];
  /** What the answer to a list is made to say, by its path. */
  let instead: Record<string, { status: number; text: string; cookie?: string }>;
  beforeEach(async () => {
    server = await MesheryServer.start({ token: FIRST, world: { environments: { production: {} } } });
    asked = [];
    instead = {};
    before = await front(
      server,
      (answer, request) => {
        asked.push(request);
        const other = instead[request.path];
        const status = other?.status ?? answer.status;
        const cookie = other?.cookie;
        return {
          status,
          text: other?.text ?? answer.text,
          headers: { ...answer.headers, ...(cookie === undefined ? {} : { "set-cookie": cookie }) },
        };
      },
      // The server itself knows the first one only.
      () => ({ cookie: `token=${FIRST}; meshery-provider=${server.mesheryProvider}` }),
    );
  });
  afterEach(async () => {
    await before.close();
    await server.close();
  });

  const ENVIRONMENTS = "/api/environments";
  const ORGANIZATIONS = "/api/identity/orgs";
  const opened = () =>
    typed(openSession({ url: before.url, token: FIRST, mesheryProvider: server.mesheryProvider, origins: {} }).client);
  const renews = (cookie: string, status = 200) => {
    const text = JSON.stringify({ organizations: [{ id: server.organizationId, name: "one" }], totalCount: 1 });
    instead[ORGANIZATIONS] = { status, cookie, text };
  };
  const sent = () => asked.filter(({ path }) => path === ENVIRONMENTS).map(({ headers }) => String(headers.cookie));
  const said = (error: unknown) =>
    error instanceof Error ? `${error.message} ${JSON.stringify(error)} ${error.stack}` : "no error";

  test("is used from then on", async () => {
    const client = opened();
    renews(`token=${encodeURIComponent(RENEWED)}; Path=/; HttpOnly`);
    await client.organizations().read("cached");
    await client.environments(server.organizationId).read("cached");
    expect(sent()).toEqual([expect.stringMatching(/token=Renewed.*321%3Bx==/)]);
    expect(sent()[0]).not.toContain("First");
  });

  test.each([
    400, 500,
  ])("stands in no error of an answer %i that repeats it, and neither does the one before", async (status) => {
    const client = opened();
    renews(`token=${encodeURIComponent(RENEWED)}; Path=/`);
    await client.organizations().read("cached");
    for (const text of [...spellings(RENEWED), ...spellings(FIRST)]) {
      instead[ENVIRONMENTS] = { status, text: JSON.stringify({ error: `your cookie <<${text}>> is odd` }) };
      const error = await client.createEnvironment({ name: "x", description: "", organizationId: "o" }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(said(error)).toContain("your cookie <<");
      expect(said(error)).not.toContain(text);
    }
  });

  test("stands in no error of the very answer that brings it", async () => {
    const client = opened();
    instead[ORGANIZATIONS] = {
      status: 200,
      cookie: `token=${encodeURIComponent(RENEWED)}; Path=/`,
      text: `not JSON: ${RENEWED}`,
    };
    const error = await client
      .organizations()
      .read("cached")
      .catch((reason: unknown) => reason);
    expect(said(error)).not.toContain(RENEWED);
    expect(error).toMatchObject({ name: "ApiError" });
  });

  test.each([
    ["that takes it away", "token=; Path=/; Max-Age=0", 200],
    ["that ends it at once", `token=${encodeURIComponent(RENEWED)}; Max-Age=0; Path=/`, 200],
    ["of another name", `session-token=${encodeURIComponent(RENEWED)}; Path=/`, 200],
    ["beside a refusal", `token=${encodeURIComponent(RENEWED)}; Path=/`, 403],
  ])("is not taken from a cookie %s", async (_, cookie, status) => {
    const client = opened();
    renews(cookie, status);
    await client
      .organizations()
      .read("cached")
      .catch(() => undefined);
    await client.environments(server.organizationId).read("cached");
    expect(sent()[0]).toContain("First");
  });
});
