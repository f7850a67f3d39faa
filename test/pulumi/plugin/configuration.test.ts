import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServiceError } from "@grpc/grpc-js";
import { ConfigureErrorMissingKeys } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { isSecret, type PropertyMap, secret, UNKNOWN } from "../../pulumi-engine";
import { failureOf, PluginClient } from "./support/client";
import { credentials, WORLD, withServer } from "./support/plugin";

const TOKEN = "canary-0f3d9f0c-token";

async function withClient<T>(env: Record<string, string>, run: (client: PluginClient) => Promise<T>): Promise<T> {
  const client = await PluginClient.start(env);
  try {
    await client.handshake();
    return await run(client);
  } finally {
    await client.stop();
  }
}

/** Answers everything with an empty organization list and notes the token of each request. */
async function withTokenCatcher<T>(run: (url: string, tokens: string[]) => Promise<T>): Promise<T> {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    tokens.push(String(request.headers.authorization ?? ""));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ organizations: [{ id: "org", name: "org" }], total_count: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const askOnce = (client: PluginClient) => client.invoke("getOrganizations", {});

describe("CheckConfig", () => {
  test("gives back what came in, never what the environment says", async () => {
    const env = { MESHERY_URL: "https://meshery.example.com", MESHERY_TOKEN: TOKEN, MESHERY_ORGANIZATION_ID: "org" };
    await withClient(env, async (client) => {
      expect(await client.checkConfig({})).toEqual({ inputs: {}, failures: [] });
      expect(await client.checkConfig({ timeout: "12", version: "0.1.0" })).toEqual({
        inputs: { timeout: "12", version: "0.1.0" },
        failures: [],
      });
    });
  });

  test("marks the token secret, so that the state holds it encrypted", async () => {
    await withClient({}, async (client) => {
      const { inputs } = await client.checkConfig({ url: "http://127.0.0.1:1", token: TOKEN });
      expect(inputs).toEqual({ url: "http://127.0.0.1:1", token: secret(TOKEN) });
      expect(isSecret(inputs.token)).toBe(true);
    });
  });

  test.each([
    [{ url: "meshery.example.com" }, "url", /address such as/],
    [{ url: "https://user:pass@meshery.example.com" }, "url", /user name or a password/],
    [{ timeout: "soon" }, "timeout", /number/],
    [{ timeout: -1 }, "timeout", /more than 0/],
    [{ organizationId: "a/b" }, "organizationId", /alone/],
    [{ token: 12 }, "token", /string/],
  ] as [PropertyMap, string, RegExp][])("refuses %j", async (news, property, reason) => {
    await withClient({}, async (client) => {
      expect((await client.checkConfig(news)).failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
    });
  });

  test("takes values with types and as text, and leaves unknown ones for later", async () => {
    await withClient({}, async (client) => {
      for (const timeout of [30, "30", UNKNOWN]) {
        expect((await client.checkConfig({ url: UNKNOWN, timeout })).failures).toEqual([]);
      }
    });
  });
});

describe("DiffConfig", () => {
  test("counts every change, so that a new token is used, and never replaces", async () => {
    await withClient({}, async (client) => {
      const olds = { url: "http://a", token: secret("one") };
      expect(await client.diffConfig(olds, olds)).toMatchObject({ changes: "none", diffs: [], replaceKeys: [] });
      expect(await client.diffConfig(olds, { ...olds, token: secret("two") })).toMatchObject({
        changes: "some",
        diffs: ["token"],
        replaceKeys: [],
      });
      expect(await client.diffConfig(olds, { token: secret("one"), organizationId: UNKNOWN })).toMatchObject({
        changes: "some",
        diffs: expect.arrayContaining(["url", "organizationId"]),
        replaceKeys: [],
      });
    });
  });
});

describe("Configure", () => {
  test("asks Meshery once", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const client = await PluginClient.on(server);
      expect(server.requests.list.map(({ method, route }) => `${method} ${route}`)).toEqual(["GET /api/identity/orgs"]);
      await client.stop();
    });
  });

  test("accepts secrets, references and previews", async () => {
    await withClient({ MESHERY_URL: "http://127.0.0.1:1" }, async (client) => {
      expect((await client.configure({})).toObject()).toMatchObject({
        acceptsecrets: true,
        acceptresources: true,
        supportspreview: true,
        acceptoutputs: false,
      });
    });
  });

  test("names the missing url in the form that the engine explains", async () => {
    await withClient({}, async (client) => {
      const error = await client.configure({}).catch((e: ServiceError) => e);
      const packed = (error as ServiceError).metadata.get("grpc-status-details-bin")[0] as Buffer;
      const [detail] = Status.deserializeBinary(packed).getDetailsList();
      expect(detail?.getTypeName()).toBe("pulumirpc.ConfigureErrorMissingKeys");
      const missing = ConfigureErrorMissingKeys.deserializeBinary(detail!.getValue_asU8()).getMissingkeysList();
      expect(missing.map((key) => key.getName())).toEqual(["meshery:url"]);
      expect(missing[0]?.getDescription()).toContain("MESHERY_URL");
    });
  });

  test("what needs the server fails before it, what does not works", async () => {
    await withClient({}, async (client) => {
      expect((await client.check("Environment", { name: "x" })).failures).toEqual([]);
      expect(await failureOf(client.create("Environment", { name: "x" }))).toEqual({
        code: "FAILED_PRECONDITION",
        text: expect.stringContaining("not configured"),
      });
    });
  });

  test.each([
    ["stack configuration gives way to MESHERY_TOKEN", "default", true, "from-environment"],
    ["what the last run left of it does so too", "default", false, "from-environment"],
    ["a versioned default provider does so too", "default_0_1_0", true, "from-environment"],
    ["arguments of the program's own provider do not", "staging", true, "from-arguments"],
    ["what the last run left of them does: it may be stale", "staging", false, "from-environment"],
  ])("token: %s", async (_, name, checked, expected) => {
    await withTokenCatcher(async (url, tokens) => {
      await withClient({ MESHERY_TOKEN: "from-environment" }, async (client) => {
        const args = { url, token: secret("from-arguments"), mesheryProvider: "Meshery" };
        if (checked) await client.checkConfig(args, name);
        await client.configure(args, name);
        await askOnce(client);
        expect(new Set(tokens)).toEqual(new Set([`Bearer ${expected}`]));
      });
    });
  });

  test("a token of the environment is not sent to another server than MESHERY_URL's, where the state has one for it", async () => {
    await withTokenCatcher(async (url, tokens) => {
      const env = { MESHERY_URL: "https://meshery.example.com", MESHERY_TOKEN: "from-environment" };
      await withClient(env, async (client) => {
        await client.configure({ url, token: "from-state", mesheryProvider: "Meshery" }, "staging");
        await askOnce(client);
        expect(new Set(tokens)).toEqual(new Set(["Bearer from-state"]));
      });
    });
  });

  test("text settings work like typed ones", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const { MESHERY_URL: url, MESHERY_TOKEN: token, MESHERY_PROVIDER: mesheryProvider } = credentials(server);
      await withClient({}, async (client) => {
        const args = { url: url!, token: secret(token!), mesheryProvider: mesheryProvider!, timeout: "5" };
        await client.configure(args);
        expect((await askOnce(client)).failures).toEqual([]);
      });
    });
  });

  test("a second Configure begins a new run", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const client = await PluginClient.on(server);
      try {
        const { id, outputs } = await client.create("Environment", { name: "production" });
        await client.delete("Environment", id, outputs);
        expect(client.messages.map(({ text }) => text)).toEqual([expect.stringContaining("was kept")]);
        await client.configure({});
        await client.delete("Environment", id, outputs);
        expect(client.messages).toHaveLength(1);
        expect(server.store.environments.list().filter((row) => row.deletedAt === null)).toEqual([]);
      } finally {
        await client.stop();
      }
    });
  });
});
