import { type EraName, MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

describe("a Meshery Server", () => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start();
  });
  afterEach(async () => {
    await server.close();
  });
  const orgs = (headers: Record<string, string>, query = "") => ask(server, `/api/identity/orgs${query}`, { headers });

  test("takes the provider from the cookie, the header or the query, in that order", async () => {
    const token = `token=${server.token}`;
    expect((await orgs({ cookie: `${token}; meshery-provider=Meshery` })).status).toBe(200);
    expect((await orgs({ cookie: token, "meshery-provider": "Meshery" })).status).toBe(200);
    expect((await orgs({ cookie: token }, "?provider=Meshery")).status).toBe(200);
    expect((await orgs({ cookie: `${token}; meshery-provider=Layer5`, "meshery-provider": "Meshery" })).status).toBe(
      302,
    );
  });

  test("sends whoever names no provider to the choice of one", async () => {
    const answer = await orgs({ cookie: `token=${server.token}` }, "?page=0");
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/provider?page=0"]);
    expect((await ask(server, "/provider", { headers: {} })).headers.get("content-type")).toContain("text/html");
  });

  test("never reads an Authorization header", async () => {
    const answer = await orgs({ authorization: `Bearer ${server.token}`, cookie: "meshery-provider=Meshery" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toMatch(/\/login\?source=.*&ref=/);
  });

  test("refuses a wrong token by redirects, and after three of them by 401", async () => {
    const wrong = await orgs({ cookie: "token=wrong; meshery-provider=Meshery" });
    expect([wrong.status, wrong.headers.get("location")]).toEqual([302, expect.stringMatching(/^\/auth\/login\?/)]);
    expect(wrong.headers.getSetCookie()).toEqual([
      "token=; Path=/; Max-Age=0",
      "meshery_auth_retries=1; Path=/; Max-Age=120",
    ]);
    const withHeader = await orgs({ cookie: "token=wrong", "meshery-provider": "Meshery" });
    expect(withHeader.headers.get("location")).toBe("/provider");
    const tired = await orgs({ cookie: "token=wrong; meshery-provider=Meshery; meshery_auth_retries=3" });
    expect(tired.status).toBe(401);
  });

  test("takes a token that is wrapped as an OAuth token in base64", async () => {
    const wrapped = Buffer.from(JSON.stringify({ access_token: server.token, token_type: "bearer" })).toString(
      "base64",
    );
    const answer = await orgs({ cookie: `token=${wrapped.replaceAll("=", "")}; meshery-provider=Meshery` });
    expect(answer.status).toBe(200);
  });

  test("needs no token for the Local provider, under its old name too", async () => {
    for (const name of ["Local", "None", "none"]) {
      expect((await orgs({ cookie: `meshery-provider=${name}` })).status).toBe(200);
    }
  });

  test("lists its providers and tells its version and health to anybody", async () => {
    const providers = await ask(server, "/api/providers", { headers: {} });
    expect(providers.json).toMatchObject({
      Meshery: { provider_type: "remote" },
      Local: { provider_type: "local" },
    });
    for (const path of ["/api/system/version", "/healthz/live", "/healthz/ready"]) {
      expect((await ask(server, path, { headers: {} })).status).toBe(200);
    }
  });

  test("tells who asks", async () => {
    for (const path of ["/api/user", "/api/identity/users/profile"]) {
      expect((await ask(server, path)).json).toMatchObject({
        id: server.store.defaultOwner,
        firstName: "Administrator",
      });
    }
  });
});

test.each<[EraName, object, object]>([
  ["cloud", { message: "missing or malformed token" }, { message: "invalid or expired token" }],
  ["docs", { error: "missing or malformed token" }, { error: "invalid or expired token" }],
])("%s wants a bearer token and answers 401 in JSON", async (era, missing, wrong) => {
  const server = await MesheryServer.start({ era });
  try {
    const none = await ask(server, "/api/identity/orgs", { headers: {} });
    expect([none.status, none.json]).toEqual([401, missing]);
    const bad = await ask(server, "/api/identity/orgs", { headers: { authorization: "Bearer wrong" } });
    expect([bad.status, bad.json]).toEqual([401, wrong]);
    const good = await ask(server, "/api/identity/orgs", { headers: { authorization: `bearer ${server.token}` } });
    expect(good.status).toBe(200);
  } finally {
    await server.close();
  }
});

describe("a Meshery Server that enforces a provider", () => {
  let server: MesheryServer;
  afterEach(async () => {
    await server.close();
  });
  const status = async (headers: Record<string, string>) => {
    const { status, headers: answered } = await ask(server, "/api/identity/orgs", { headers });
    return status === 302 ? answered.get("location")?.replace(/\?.*/, "") : status;
  };

  test("Local: nobody has to choose one", async () => {
    server = await MesheryServer.start({ provider: "none" });
    expect(server.mesheryProvider).toBe("Local");
    expect(await status({})).toBe(200);
    expect(await status({ cookie: "meshery-provider=Nonsense" })).toBe("/provider");
    expect(Object.keys((await ask(server, "/api/providers")).json as object)).toEqual(["Meshery", "Local"]);
  });

  test("a remote one: a token is all that is needed, and there is no other provider", async () => {
    server = await MesheryServer.start({ provider: "Layer5" });
    expect(server.mesheryProvider).toBe("Layer5");
    expect(await status({ cookie: `token=${server.token}` })).toBe(200);
    expect(await status({})).toBe(`${server.url}/login`);
    expect(await status({ cookie: `token=${server.token}; meshery-provider=Layer5` })).toBe(200);
    for (const other of ["Local", "None", "Meshery"]) {
      expect(await status({ cookie: `token=${server.token}; meshery-provider=${other}` })).toBe("/provider");
    }
    expect(Object.keys((await ask(server, "/api/providers")).json as object)).toEqual(["Layer5"]);
  });
});

test("the provider without users was called None before", async () => {
  const server = await MesheryServer.start({ era: "E1" });
  try {
    expect((await ask(server, "/api/providers")).json).toHaveProperty("None");
  } finally {
    await server.close();
  }
});

test("Meshery Cloud knows the organization from a header", async () => {
  const server = await MesheryServer.start({
    era: "cloud",
    world: { organizations: { one: {}, two: {} }, environments: { a: {}, b: { organization: "two" } } },
  });
  try {
    const names = async (headers: Record<string, string>) => {
      const { json } = await ask(server, "/api/environments", {
        headers: { authorization: `Bearer ${server.token}`, ...headers },
      });
      return (json as { environments: { name: string }[] }).environments.map(({ name }) => name);
    };
    const [one = "", two = ""] = server.store.organizations.list().map(({ id }) => id);
    expect(await names({})).toEqual(["a"]);
    expect(await names({ "layer5-current-orgid": two })).toEqual(["b"]);
    expect(await names({ "x-current-orgid": two })).toEqual(["b"]);
    expect(await names({ "x-current-orgid": two, "layer5-current-orgid": one })).toEqual(["b"]);
  } finally {
    await server.close();
  }
});
