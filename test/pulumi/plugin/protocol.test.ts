import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CallRequest,
  ConstructRequest,
  GetMappingRequest,
  GetMappingsRequest,
  ParameterizeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { MesheryServer } from "../../../provider/server";
import { Diagnostics, EngineServer } from "../../pulumi-engine";
import { failureOf, PluginClient, urn } from "./support/client";
import { root, WORLD, withServer } from "./support/plugin";

const alive = (server: MesheryServer) =>
  server.store.environments.list().flatMap(({ id, deletedAt }) => (deletedAt === null ? [id] : []));

describe("requests about the plugin itself", () => {
  let client: PluginClient;
  beforeAll(async () => {
    client = await PluginClient.start();
  });
  afterAll(() => client.stop());

  test("Handshake accepts secrets and references, no outputs and no automatic names", async () => {
    expect((await client.handshake()).toObject()).toMatchObject({
      acceptSecrets: true,
      acceptResources: true,
      acceptOutputs: false,
      supportsAutonamingConfiguration: false,
    });
  });

  test("GetPluginInfo tells the package's version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const info = await client.call<PluginInfo>((done) => client.raw.getPluginInfo(new Empty(), done));
    expect(info.getVersion()).toBe(version);
  });

  test("GetSchema gives schema.json", async () => {
    expect(JSON.parse(await client.schema())).toEqual(JSON.parse(readFileSync(join(root, "schema.json"), "utf8")));
  });

  test("Attach and Cancel are answered", async () => {
    await expect(client.attach("127.0.0.1:39999")).resolves.toBeInstanceOf(Empty);
    await expect(client.cancel()).resolves.toBeInstanceOf(Empty);
  });

  test.each([
    ["Parameterize", (done: never) => client.raw.parameterize(new ParameterizeRequest(), done)],
    ["Construct", (done: never) => client.raw.construct(new ConstructRequest(), done)],
    ["Call", (done: never) => client.raw.call(new CallRequest(), done)],
    ["GetMapping", (done: never) => client.raw.getMapping(new GetMappingRequest(), done)],
    ["GetMappings", (done: never) => client.raw.getMappings(new GetMappingsRequest(), done)],
  ])("%s is not there", async (_, send) => {
    expect((await failureOf(client.call((done) => send(done as never)))).code).toBe("UNIMPLEMENTED");
  });
});

describe("what goes on beside the answers", () => {
  test("a warning reaches the user at its resource, before the answer", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const client = await PluginClient.on(server);
      try {
        const environment = { name: "production", adopt: true };
        server.store.environments.insert({ name: "production", organizationId: server.organizationId });
        const { id, outputs } = await client.create("Environment", environment);
        expect(outputs.adopted).toBe(true);
        await client.configure({});
        await client.delete("Environment", id, outputs, environment);
        expect(client.messages).toEqual([
          { severity: "warning", urn: urn("Environment"), text: expect.stringContaining("was released, not deleted") },
        ]);
        expect(client.printed).toEqual([]);
      } finally {
        await client.stop();
      }
    });
  });

  test("an engine that attaches gets the warnings from then on", async () => {
    const diagnostics = new Diagnostics();
    const engine = new EngineServer(diagnostics);
    await engine.start();
    const client = await PluginClient.start();
    try {
      await client.checkConfig({ url: "http://127.0.0.1:1", urll: "a slip" });
      await client.attach(engine.address);
      await client.checkConfig({ url: "http://127.0.0.1:1", urll: "a slip" });
      expect(client.messages).toHaveLength(1);
      expect(diagnostics.messages).toEqual([
        { severity: "warning", urn: expect.any(String), text: expect.stringContaining("no setting urll") },
      ]);
    } finally {
      await client.stop();
      engine.stop();
    }
  });

  test("Cancel lets a write that was sent finish, so that it is remembered, and begins nothing new", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const client = await PluginClient.on(server);
      try {
        server.faults.add({ effect: { kind: "latency", milliseconds: 200 }, times: Infinity });
        const _before = server.requests.list.length;
        const creating = client.create("Environment", { name: "production" });
        while (!server.requests.list.some(({ method }) => method === "POST"))
          await new Promise((resolve) => setTimeout(resolve, 5));
        await client.cancel();
        const { id } = await creating;
        expect(alive(server)).toEqual([id]);
        const sent = server.requests.list.length;
        expect((await failureOf(client.create("Environment", { name: "other" }))).code).toBe("CANCELLED");
        expect(server.requests.list.length).toBe(sent);
      } finally {
        await client.stop();
      }
    });
  });

  test("Cancel ends the waiting between tries", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const client = await PluginClient.on(server);
      try {
        server.faults.add({ effect: { kind: "status", status: 503, retryAfter: "20" }, times: Infinity });
        const begun = performance.now();
        const reading = failureOf(client.invoke("getWorkspaces", {}));
        while (!server.requests.list.some(({ status }) => status === 503)) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await client.cancel();
        expect((await reading).text).toContain("503");
        expect(performance.now() - begun).toBeLessThan(10_000);
      } finally {
        await client.stop();
      }
    });
  });
});
