import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNKNOWN } from "../../pulumi-engine";
import { failureOf, PluginClient } from "./support/client";
import { credentials, WORLD, withServer } from "./support/plugin";

async function on<T>(env: Record<string, string>, run: (client: PluginClient) => Promise<T>): Promise<T> {
  const client = await PluginClient.start(env);
  try {
    await client.handshake();
    return await run(client);
  } finally {
    await client.stop();
  }
}

describe("what can never come true is one error, at Configure", () => {
  test("a refused token", async () => {
    await withServer({ world: WORLD }, async (server) => {
      await on({ ...credentials(server), MESHERY_TOKEN: "refused" }, async (client) => {
        const { code, text } = await failureOf(client.configure({}));
        expect(code).toBe("UNAUTHENTICATED");
        expect(text).toMatch(/MESHERY_TOKEN/);
      });
    });
  });

  test("an organization that the token does not see", async () => {
    await withServer({ world: WORLD }, async (server) => {
      await on({ ...credentials(server), MESHERY_ORGANIZATION_ID: "acme" }, async (client) => {
        const { text } = await failureOf(client.configure({}));
        expect(text).toMatch(/no organization with the id acme.*MESHERY_ORGANIZATION_ID.*It sees: /s);
      });
    });
  });

  test("a server that cannot be reached is only warned of: this run may be about to make it", async () => {
    await on({ MESHERY_URL: "http://127.0.0.1:1" }, async (client) => {
      await client.configure({});
      expect(client.messages).toEqual([
        { severity: "warning", text: expect.stringContaining("127.0.0.1:1"), urn: expect.any(String) },
      ]);
    });
  });
});

test("nobody can have the token sent to another server by configuring the process again", async () => {
  const tokens: string[] = [];
  const evil = createServer((request, response) => {
    tokens.push(String(request.headers.authorization ?? request.headers.cookie ?? ""));
    response.end("{}");
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  try {
    await withServer({ world: WORLD }, async (server) => {
      await on(credentials(server), async (client) => {
        await client.configure({});
        const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
        const { code, text } = await failureOf(client.configure({ url }, "explicit"));
        expect({ code, text }).toEqual({
          code: "FAILED_PRECONDITION",
          text: expect.stringContaining("cannot be configured for"),
        });
        // The engine's own work goes on where it was.
        expect((await client.invoke("getConnection", { name: "gke" })).failures).toEqual([]);
        await client.configure({});
      });
    });
    expect(tokens).toEqual([]);
  } finally {
    evil.close();
  }
});

test("a preview shows what the ends of an edge are called, where their ids are known", async () => {
  await withServer({ world: { ...WORLD, environments: { production: {} } } }, async (server) => {
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const connectionId = server.store.connections.find({ name: "gke" })!.id;
    await on(credentials(server), async (client) => {
      await client.configure({});
      const { outputs } = await client.create(
        "ConnectionAssignment",
        { environmentId, connectionId },
        { preview: true },
      );
      expect(outputs).toMatchObject({
        environmentName: "production",
        connectionName: "gke",
        connectionKind: "kubernetes",
      });
      const unknown = await client.create(
        "ConnectionAssignment",
        { environmentId: UNKNOWN, connectionId },
        { preview: true },
      );
      const known = { connectionName: "gke", connectionKind: "kubernetes" };
      expect(unknown.outputs).toEqual({ environmentId: UNKNOWN, connectionId, ...known });
    });
  });
});

describe("a token in the stack's configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["plain text is warned of", "meshery:token: plain", 1],
    ["stored as a secret is not", "meshery:token:\n    secure: v1:abc", 0],
    ["that is not there is not", "meshery:url: http://127.0.0.1:1", 0],
  ])("%s", async (_, line, warnings) => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: test\nruntime: yaml\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n  ${line}\n`);
    const client = await PluginClient.start({}, folder);
    try {
      await client.handshake();
      await client.checkConfig({ url: "http://127.0.0.1:1", token: "plain" });
      expect(client.messages.filter(({ text }) => text.includes("as plain text")).length).toBe(warnings);
      expect(JSON.stringify(client.messages)).not.toContain('plain"');
    } finally {
      await client.stop();
    }
  });
});
