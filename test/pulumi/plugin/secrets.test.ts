import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createGrpcServer } from "../../../provider/grpc";
import { applied, type EngineName, engines, environment, PluginBench, yamlProgram } from "./support/bench";
import { failureOf, PluginClient } from "./support/client";
import { credentials, WORLD, withServer } from "./support/plugin";

const TOKEN = "canary-5c1f27e0d4b9-token";
const program = (name: string) => yamlProgram({ production: environment({ name }) });
/** A server named by the environment, and nothing else. */
const withoutToken = { MESHERY_TOKEN: undefined };

describe.each(engines())("the token, on the %s", (engine: EngineName) => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open({ token: TOKEN });
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());

  const lived = async (options: Parameters<PluginBench["stack"]>[2]) => {
    const stack = await bench.stack(engine, program("production"), options);
    const told: unknown[] = [await applied(stack, {})];
    stack.setYaml(program("renamed"));
    told.push(await applied(stack), await stack.refresh({ skipPreview: true }));
    const state = await stack.exportText();
    bench.server.faults.add({
      effect: { kind: "status", status: 403, body: JSON.stringify({ error: `refused ${TOKEN}` }) },
      times: Number.POSITIVE_INFINITY,
    });
    const refused = await stack.destroy({ skipPreview: true });
    expect(refused.error).toContain("[token]");
    bench.server.faults.clear();
    return { stack, state, said: JSON.stringify([...told, refused]) };
  };

  test("from the environment stands nowhere at all", async () => {
    const { stack, state, said } = await lived({});
    expect(state).not.toContain(TOKEN);
    expect(said).not.toContain(TOKEN);
    const provider = (await stack.resources()).find(({ type }) => type === "pulumi:providers:meshery");
    expect(provider?.inputs).not.toHaveProperty("token");
    expect(provider?.outputs).not.toHaveProperty("token");
  });

  test.each([
    ["secret", { secretConfig: { "meshery:token": TOKEN } }],
    ["plain", { config: { "meshery:token": TOKEN } }],
  ])("from %s stack configuration stands in the state encrypted only", async (_, config) => {
    const { stack, state, said } = await lived({ env: withoutToken, ...config });
    expect(state).not.toContain(TOKEN);
    expect(said).not.toContain(TOKEN);
    const provider = (await stack.resources()).find(({ type }) => type === "pulumi:providers:meshery");
    expect(provider?.inputs.token).toBe("[secret]");
  });

  test("that was changed in the stack configuration is the one that is used", async () => {
    const options = { env: withoutToken, secretConfig: { "meshery:token": TOKEN } };
    const stack = await bench.stack(engine, program("production"), options);
    await applied(stack);
    await stack.setConfig("meshery:token", "revoked", { secret: true });
    stack.setYaml(program("renamed"));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/the token from the stack configuration .* was refused/);
    expect(refused.error).toContain("--run-program");
    await stack.setConfig("meshery:token", TOKEN, { secret: true });
    await applied(stack);
  });
});

test("a secret of the program stays marked in the state, and appears in no message", async () => {
  await withServer({ world: WORLD }, async (server) => {
    const client = await PluginClient.start(credentials(server));
    try {
      await client.handshake();
      await client.configure({});
      const hidden = "canary-9a7d-description";
      const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: hidden };
      const { outputs } = await client.create("Environment", { name: "x", description: secret });
      expect(outputs.description).toEqual(secret);
      const { text } = await failureOf(client.create("Environment", { name: "x", description: secret }));
      expect(JSON.stringify([client.messages, client.printed, text])).not.toContain(hidden);
    } finally {
      await client.stop();
    }
  });
});

test("each HTTP exchange is in the engine's log at level debug, without the token", async () => {
  const lines: string[] = [];
  const engine = await listening((text) => lines.push(text));
  const canary = `${TOKEN}-+/=`;
  await withServer({ token: canary }, async (server) => {
    server.faults.add({ route: "/api/workspaces", effect: { kind: "status", status: 503 } });
    const client = await PluginClient.on(server);
    try {
      await client.attach(engine.address);
      await client.configure({});
      await client.create("Environment", { name: "production", description: canary });
      await client.create("Workspace", { name: "team" });
      while (!lines.some((line) => line.includes("POST /api/workspaces"))) await new Promise(setImmediate);
    } finally {
      await client.stop();
      await engine.stop();
    }
  });
  const said = lines.join("\n");
  expect(said).toMatch(/meshery: GET \/api\/environments\?\S+ 200 \d+ ms, 0 bytes sent, \d+ received/);
  expect(said).toMatch(/meshery: POST \/api\/environments 201 \d+ ms, \d+ bytes sent/);
  expect(said).toMatch(/meshery: GET \/api\/workspaces\?\S+ 503 .*The server failed \[server-error\]/);
  expect(said).toMatch(/meshery: GET \/api\/workspaces\?\S+ 200 .*, try 2/);
  expect(said).not.toContain(TOKEN);
});

/** An engine's log that takes debug messages. */
async function listening(told: (text: string) => void): Promise<{ address: string; stop(): Promise<void> }> {
  const server = createGrpcServer({
    methods: new Map([
      [
        "/pulumirpc.Engine/Log",
        async (bytes: Uint8Array) => {
          const request = LogRequest.deserializeBinary(bytes);
          if (request.getSeverity() === LogSeverity.DEBUG) told(request.getMessage());
          return new Empty().serializeBinary();
        },
      ],
    ]),
    onProblem: () => undefined,
    onSessionCount: () => undefined,
  });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  return { address: `127.0.0.1:${port}`, stop: () => server.close(0) };
}
