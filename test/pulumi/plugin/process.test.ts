import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginClient } from "./support/client";
import { pluginFolder } from "./support/plugin";

interface Started {
  child: ChildProcess;
  /** What came on standard output so far. */
  stdout(): string;
  stderr(): string;
  firstLine: Promise<string>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function start(command: string, args: string[], options: { stdin?: "pipe" | "ignore"; cwd?: string } = {}): Started {
  const child = spawn(command, args, { stdio: [options.stdin ?? "pipe", "pipe", "pipe"], cwd: options.cwd });
  let stdout = "";
  let stderr = "";
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.stderr?.on("data", (text: Buffer) => {
    stderr += text;
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (text: Buffer) => {
      stdout += text;
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
    child.once("close", () => reject(new Error(`ended without a line: ${stderr}`)));
    child.once("error", reject);
  });
  return { child, stdout: () => stdout, stderr: () => stderr, firstLine, ended };
}

const executable = join(pluginFolder, "pulumi-resource-meshery");
const plugin = join(pluginFolder, "plugin.cjs");

describe("the plugin's process", () => {
  test.each([
    ["no arguments", []],
    ["the engine's address", ["127.0.0.1:39999"]],
    ["flags before the address", ["--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:9411", "127.0.0.1:39999"]],
  ])("prints its port and nothing else, with %s", async (_, args) => {
    const started = start(executable, args);
    expect(await started.firstLine).toMatch(/^\d+$/);
    started.child.kill("SIGINT");
    expect(await started.ended).toEqual({ code: 0, signal: null });
    expect(started.stdout()).toMatch(/^\d+\n$/);
    expect(started.stderr()).toBe("");
  });

  test("tells its version", async () => {
    const started = start(executable, ["--version"]);
    expect(await started.firstLine).toMatch(/^\d+\.\d+\.\d+/);
    expect((await started.ended).code).toBe(0);
  });

  test("works below a package of type module", async () => {
    const folder = mkdtempSync(join(tmpdir(), "esm-"));
    try {
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      cpSync(pluginFolder, join(folder, "plugin"), { recursive: true });
      const started = start(join(folder, "plugin", "pulumi-resource-meshery"), []);
      expect(await started.firstLine).toMatch(/^\d+$/);
      started.child.kill("SIGTERM");
      await started.ended;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("ends with the engine, whose end of standard input closes when it is killed", async () => {
    const started = start(process.execPath, [plugin, "127.0.0.1:39999"]);
    await started.firstLine;
    started.child.stdin?.end();
    expect(await started.ended).toEqual({ code: 0, signal: null });
  });

  test("ends with the engine that listened at its address, where nothing holds standard input", async () => {
    const engine = createServer().listen(0, "127.0.0.1");
    await once(engine, "listening");
    const { port: at } = engine.address() as AddressInfo;
    const started = start(process.execPath, [plugin, `127.0.0.1:${at}`], { stdin: "ignore" });
    await started.firstLine;
    await once(engine, "connection");
    expect(started.child.exitCode).toBeNull();
    engine.close();
    expect(await started.ended).toEqual({ code: 0, signal: null });
  });

  test("stays when nobody holds standard input open, as where an engine attaches to it", async () => {
    const started = start(process.execPath, [plugin, "127.0.0.1:39999"], { stdin: "ignore" });
    const port = Number(await started.firstLine);
    const again = await fetch(`http://127.0.0.1:${port}`).catch((error: Error) => error);
    expect(started.child.exitCode).toBeNull();
    expect(String((again as Error).cause ?? again)).not.toMatch(/ECONNREFUSED/);
    started.child.kill("SIGINT");
    await started.ended;
  });

  test("listens on loopback only", async () => {
    const client = await PluginClient.start();
    try {
      expect(client.raw.getChannel().getTarget()).toContain("127.0.0.1");
      expect(client.printed).toEqual([]);
    } finally {
      await client.stop();
    }
  });
});
