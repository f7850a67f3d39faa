import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createCertificate } from "../../../provider/terraform/protocol/certificate";
import { openSession, PluginClient, parseHandshake, pluginEnvironment } from "../../support/pluginClient";
import { buildToyProvider, eventually } from "../../support/toyProvider";

const toy = buildToyProvider();
const scratch = mkdtempSync(join(tmpdir(), "serve-"));
const running: PluginClient[] = [];

async function start(
  ...options: Parameters<typeof PluginClient.start> extends [string, readonly string[], ...infer O] ? O : never
) {
  const client = await PluginClient.start(process.execPath, [toy.file], ...options);
  running.push(client);
  return client;
}

function runByHand(env: Record<string, string | undefined>) {
  const full = { ...pluginEnvironment(createCertificate()), ...env };
  return spawnSync(process.execPath, [toy.file], { env: full as NodeJS.ProcessEnv, encoding: "utf8", timeout: 20_000 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An orphan that has ended stays in the table until the first process of a container collects it.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s*Z/m.test(readFileSync(status, "utf8"));
}

afterEach(() => {
  for (const client of running.splice(0)) client.process.kill("SIGTERM");
});

afterAll(() => {
  toy.remove();
  rmSync(scratch, { recursive: true, force: true });
});

describe("the handshake", () => {
  it("announces protocol 6 on a unix socket with a certificate in unpadded base64", async () => {
    const client = await start();
    expect(client.handshake.line).toMatch(/^1\|6\|unix\|[^|]+\|grpc\|[A-Za-z0-9+/]+$/);
    expect(Buffer.from(client.handshake.certificate, "base64")[0]).toBe(0x30);
    const schema = await client.call("GetProviderSchema");
    expect(Object.keys(schema.resourceSchemas ?? {})).toContain("toy_thing");
  });

  it("adds the multiplexing field only for hosts that ask for it", async () => {
    const client = await start({ env: { PLUGIN_MULTIPLEX_GRPC: "true" } });
    expect(client.handshake.line.split("|")).toHaveLength(7);
    expect(client.handshake.line).toMatch(/\|false$/);
  });

  it("serves plain HTTP/2 when the host sends no certificate", async () => {
    const client = await start({ tls: false });
    expect(client.handshake.certificate).toBe("");
    expect((await client.call("GetProviderSchema")).resourceSchemas).toHaveProperty("toy_thing");
  });

  it("uses a loopback port where a socket path would be too long", async () => {
    const long = join(scratch, "x".repeat(100));
    mkdirSync(long);
    const client = await start({ env: { PLUGIN_UNIX_SOCKET_DIR: long } });
    expect(client.handshake.line).toMatch(/^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|/);
    expect((await client.call("GetProviderSchema")).resourceSchemas).toHaveProperty("toy_thing");
  });

  it.each([
    ["no certificate", () => undefined],
    ["a certificate the provider was not started with", () => createCertificate()],
  ])("refuses a client with %s", async (_, certificate) => {
    const client = await start();
    const other = certificate();
    const session = openSession(client.handshake, other ?? { ...createCertificate(), key: "", certificate: "" });
    const outcome = await new Promise<string>((resolve) => {
      session.on("error", () => resolve("refused"));
      session.on("close", () => resolve("refused"));
      session.on("connect", () => {
        // With TLS 1.3 a client learns of the refusal at its first exchange.
        const stream = session.request({ ":method": "POST", ":path": "/tfplugin6.Provider/GetProviderSchema" });
        stream.on("response", () => resolve("answered"));
        stream.on("error", () => resolve("refused"));
        stream.end();
      });
    });
    session.destroy();
    expect(outcome).toBe("refused");
    expect((await client.call("GetProviderSchema")).resourceSchemas).toHaveProperty("toy_thing");
  });
});

describe("started in another way than by an engine", () => {
  it("says what it is and what to do when it is run by hand", () => {
    const result = runByHand({ TF_PLUGIN_MAGIC_COOKIE: undefined });
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toContain("terraform-provider-toy 1.0.0 is a plugin");
    expect(result.stderr).toContain("Try `toy install` instead.");
  });

  it("says in one line on standard output that the engine is too old", () => {
    const result = runByHand({ PLUGIN_PROTOCOL_VERSIONS: "4,5" });
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(
      /^terraform-provider-toy 1\.0\.0 could not start: .*plugin protocol 4,5.*Terraform 1\.0.*\n$/,
    );
  });

  it("says in one line on standard output why it could not start", () => {
    const result = runByHand({ PLUGIN_UNIX_SOCKET_DIR: join(scratch, "missing") });
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/^terraform-provider-toy 1\.0\.0 could not start: ENOENT.*\n$/);
  });

  it("starts inside a project whose package.json says type: module", async () => {
    const project = join(scratch, "project");
    const folder = join(project, ".terraform", "providers");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(project, "package.json"), '{"type":"module"}');
    copyFileSync(toy.file, join(folder, "provider.cjs"));
    const client = await PluginClient.start(process.execPath, [join(folder, "provider.cjs")], { cwd: project });
    running.push(client);
    expect((await client.call("GetProviderSchema")).resourceSchemas).toHaveProperty("toy_thing");
  });
});

describe("what it prints", () => {
  it("keeps standard output to the handshake and logs the rest", async () => {
    const client = await start({ env: { TF_LOG_PROVIDER: "warn" } });
    await client.call("CallFunction", { name: "print" });
    await client.shutdown();
    expect(client.noise).toBe("");
    const lines = client.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.map((line) => line.text)).toEqual(["noise from console.log", "noise from a stream"]);
    for (const line of lines) {
      expect(line["@level"]).toBe("warn");
      expect(line["@timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }
  });

  it("logs nothing unless asked, and never what a request holds", async () => {
    const quiet = await start();
    await quiet.call("CallFunction", { name: "throw" }).catch(() => {});
    await quiet.shutdown();
    expect(quiet.stderr).toBe("");

    const secret = Buffer.from("s3cr3t-of-the-request");
    const loud = await start({ env: { TF_LOG: "json" } });
    await loud.call("CallFunction", { name: "echo", arguments: [{ msgpack: secret }] });
    await loud.call("ValidateResourceConfig", { typeName: "toy_thing", config: { msgpack: secret } });
    await loud.shutdown();
    expect(loud.stderr).toContain('"rpc":"CallFunction"');
    expect(loud.stderr).not.toContain("s3cr3t");
  });

  it("writes a crash in the form engines quote to the user", async () => {
    const client = await start();
    await client.call("CallFunction", { name: "crash" }).catch(() => {}); // the answer may be lost with the process
    expect(await client.exited).toEqual({ code: 2, signal: null });
    expect(client.stderr).toMatch(/^panic: out of the blue\n\nError: out of the blue\n {4}at /);
  });

  it("survives a promise that nobody waits for", async () => {
    const client = await start({ env: { TF_LOG: "error" } });
    await client.call("CallFunction", { name: "forget a promise" });
    await eventually("the log line", () => client.stderr.includes("nobody waits for this"));
    const echoed = await client.call("CallFunction", { name: "echo", arguments: [{ msgpack: Buffer.of(0xc3) }] });
    expect(echoed.result?.msgpack).toEqual(Buffer.of(0xc3));
  });
});

describe("how it ends", () => {
  it("exits within two seconds of Shutdown and leaves no socket behind", async () => {
    const client = await start({ env: { PLUGIN_UNIX_SOCKET_DIR: scratch } });
    const folder = dirname(client.handshake.address);
    expect(existsSync(folder)).toBe(true);
    const started = Date.now();
    expect(await client.shutdown()).toEqual({ code: 0, signal: null });
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(existsSync(folder)).toBe(false);
  });

  it("exits in time although a call is still waiting", async () => {
    const client = await start();
    const waiting = client.call("CallFunction", { name: "wait until cancelled" }).catch(() => "broken off");
    await eventually("the call", () => client.stderr.includes("waiting"));
    const started = Date.now();
    expect(await client.shutdown()).toEqual({ code: 0, signal: null });
    expect(Date.now() - started).toBeLessThan(2_000);
    await waiting;
  });

  it("does not outlive an engine that was killed", async () => {
    const engine = spawn(process.execPath, [join(__dirname, "toy", "engine.cjs"), toy.file], {
      env: { ...pluginEnvironment(undefined), PLUGIN_UNIX_SOCKET_DIR: scratch },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    engine.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await eventually("the engine's connection", () => said.includes("\n"));
    const pid = Number(said);
    expect(isAlive(pid)).toBe(true);
    engine.kill("SIGKILL");
    await eventually("the end of the provider", () => !isAlive(pid), 2_000);
    expect(readdirSync(scratch).filter((name) => name.startsWith("tfp-"))).toEqual([]);
  });

  it("lives on after an interrupt, which goes to the whole process group, and waits for nothing any more", async () => {
    const client = await start({ env: { TF_LOG: "trace" } });
    const waiting = client.call("CallFunction", { name: "wait until cancelled" }).catch(() => "broken off");
    await eventually("the call", () => client.stderr.includes("waiting"));
    client.process.kill("SIGINT");
    await waiting;
    expect((await client.call("GetProviderSchema")).resourceSchemas).toHaveProperty("toy_thing");
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("removes its socket on %s", async (signal) => {
    const client = await start();
    client.process.kill(signal);
    expect(await client.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(dirname(client.handshake.address))).toBe(false);
  });
});

it("reads its own handshake back", () => {
  expect(parseHandshake("1|6|unix|/x|grpc|abc")).toMatchObject({ network: "unix", address: "/x", certificate: "abc" });
  expect(parseHandshake("Error: something")).toBeUndefined();
});
