import { MesheryServer } from "../support/meshery";
import { openSession } from "../support/session";
import { typed } from "../support/typedMeshery";

/** A first look at a Meshery with nothing but what is given. */
const look = (server: MesheryServer, values: { token?: string; mesheryProvider?: string }) =>
  typed(openSession({ url: server.url, ...values, origins: {} }).client)
    .environments(server.organizationId)
    .read("cached");

/** What `GET /api/providers` answers, as of a server with these providers. */
function offering(server: MesheryServer, providers: Record<string, unknown>): void {
  server.faults.add({
    route: "/api/providers",
    effect: { kind: "status", status: 200, body: JSON.stringify(providers) },
    times: Number.POSITIVE_INFINITY,
  });
}
const remote = (name: string) => ({ provider_name: name, provider_type: "remote", provider_url: "https://x.example" });

describe("the provider that signs the user in", () => {
  let server: MesheryServer;
  beforeEach(async () => {
    server = await MesheryServer.start({ world: { environments: { production: {} } } });
  });
  afterEach(() => server.close());

  test("is the only remote one where there is a token, and is asked for once", async () => {
    const client = typed(openSession({ url: server.url, token: server.token, origins: {} }).client);
    const environments = client.environments(server.organizationId);
    expect((await Promise.all([environments.read("cached"), client.connections().read("cached")]))[0].size).toBe(1);
    await environments.read("now");
    expect(server.requests.count("GET /api/providers")).toBe(1);
  });

  test("is the Local one where there is no token", async () => {
    expect((await look(server, {})).size).toBe(1);
  });

  test("is not asked for where it is given", async () => {
    await look(server, { token: server.token, mesheryProvider: server.mesheryProvider });
    expect(server.requests.count("GET /api/providers")).toBe(0);
  });

  test("is to be named where there are several remote ones", async () => {
    offering(server, { Meshery: remote("Meshery"), Layer5: remote("Layer5"), Local: { provider_type: "local" } });
    await expect(look(server, { token: server.token })).rejects.toThrow(
      /name a provider, one of: Meshery, Layer5, Local \(.*meshery_provider, or MESHERY_PROVIDER\)/,
    );
    expect(Object.keys(server.requests.counts)).toEqual(["GET /api/providers"]);
  });

  test("is asked for again in the next try after it could not be told", async () => {
    offering(server, { Meshery: remote("Meshery"), Layer5: remote("Layer5") });
    const client = typed(openSession({ url: server.url, token: server.token, origins: {} }).client);
    await expect(client.organizations().read("cached")).rejects.toMatchObject({ code: "provider-not-named" });
    server.faults.clear();
    expect((await client.organizations().read("cached")).size).toBe(1);
  });

  test("that the server does not know is refused with the names that it knows", async () => {
    await expect(look(server, { token: server.token, mesheryProvider: "Layer5" })).rejects.toThrow(
      /name a provider, one of: Meshery, Local/,
    );
  });

  test.each([
    ["without any", {}],
    ["that are no list", { providers: 5 }],
  ])("is left out with providers %s, and missed by the server's own redirect", async (_, providers) => {
    offering(server, providers);
    await expect(look(server, { token: server.token })).rejects.toMatchObject({ code: "provider-not-named" });
  });

  test("is asked for again where the server is busy", async () => {
    server.faults.add({ route: "/api/providers", effect: { kind: "status", status: 503 }, times: 2 });
    expect((await look(server, { token: server.token })).size).toBe(1);
    expect(server.requests.count("GET /api/providers")).toBe(3);
  });

  test.each([403, 404])("is left out where the list answers %s", async (status) => {
    server.faults.add({
      route: "/api/providers",
      effect: { kind: "status", status },
      times: Number.POSITIVE_INFINITY,
    });
    await expect(look(server, { token: server.token })).rejects.toThrow(/name a provider, for instance Meshery/);
  });
});

test("a server that is not there is said to be unreachable, not to lack a provider", async () => {
  const server = await MesheryServer.start();
  await server.close();
  await expect(look(server, { token: "any" })).rejects.toMatchObject({ code: "unreachable" });
});

test("no provider is named to a Meshery Cloud, which has no list of them", async () => {
  const cloud = await MesheryServer.start({ era: "cloud", world: { environments: { production: {} } } });
  try {
    expect((await look(cloud, { token: cloud.token })).size).toBe(1);
    await expect(look(cloud, { token: "wrong" })).rejects.toMatchObject({ code: "not-authenticated" });
    await expect(look(cloud, {})).rejects.toThrow(/No token was given \(MESHERY_TOKEN/);
  } finally {
    await cloud.close();
  }
});
