import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { eraNames } from "../../provider/server";

const root = join(__dirname, "../..");
let folder: string;
let script: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meshery-serve-"));
  script = join(folder, "serve.js");
  buildSync({
    stdin: {
      contents:
        'import { serve } from "./provider/cli/serve"; serve(process.argv.slice(2)).then((code) => { process.exitCode = code; });',
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    target: "node20",
    // The WebAssembly file stands beside its script.
    external: ["node-sqlite3-wasm"],
    outfile: script,
  });
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  /** Standard output up to and including the first text that holds `marker`. */
  until(marker: string): Promise<string>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function serve(...argv: string[]): Run {
  const child = spawn(process.execPath, [script, ...argv], {
    env: { PATH: process.env.PATH, NODE_PATH: join(root, "node_modules") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data: Buffer) => {
    stdout += data;
  });
  child.stderr?.on("data", (data: Buffer) => {
    stderr += data;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    ended,
    until: (marker) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stdout.includes(marker)) resolve(stdout);
        };
        child.stdout?.on("data", look);
        child.once("close", () => reject(new Error(`ended before it printed ${marker}: ${stderr}`)));
        look();
      }),
  };
}

test("--json prints one line when it is ready, and an interruption ends it cleanly", async () => {
  const run = serve("--json", "--world", join(root, "examples/world.yaml"));
  const line = await run.until("\n");
  const { url, token, organizationId, mesheryProvider } = JSON.parse(line) as Record<string, string>;
  const answer = await fetch(`${url}/api/workspaces?orgId=${organizationId}`, {
    headers: { cookie: `token=${token}; meshery-provider=${mesheryProvider}` },
  });
  expect(await answer.json()).toMatchObject({ totalCount: 3 });
  run.child.kill("SIGINT");
  expect(await run.ended).toEqual({ code: 0, stdout: line, stderr: "" });
});

test("the package's own examples are found from any folder", async () => {
  const [there, elsewhere] = [join(folder, "package"), join(folder, "elsewhere")];
  mkdirSync(join(there, "examples"), { recursive: true });
  mkdirSync(elsewhere);
  cpSync(script, join(there, "serve.js"));
  writeFileSync(join(there, "package.json"), "{}");
  writeFileSync(join(there, "examples", "world.yaml"), "connections: {cluster: {kind: kubernetes}}\n");
  const started = (file: string) =>
    spawn(process.execPath, [join(there, "serve.js"), "--json", "--world", file], {
      cwd: elsewhere,
      env: { PATH: process.env.PATH, NODE_PATH: join(root, "node_modules") },
    });
  const child = started("examples/world.yaml");
  running.add(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { url: string };
  const list = await fetch(`${url}/api/integrations/connections`, { headers: { cookie: "meshery-provider=Local" } });
  expect(await list.json()).toMatchObject({ connections: [{ name: "cluster" }] });
  const other = started("examples/none.yaml");
  const [[text], [code]] = await Promise.all([once(other.stderr, "data"), once(other, "close")]);
  expect([String(text), code]).toEqual([
    "meshery-iac serve: cannot read --world examples/none.yaml: no such file\n",
    1,
  ]);
});

test("tells a person how to connect", async () => {
  const run = serve("--token", "my-token");
  const text = await run.until("Ctrl-C");
  expect(text).toMatch(/export MESHERY_URL=http:\/\/127\.0\.0\.1:\d+\n/);
  expect(text).toContain("export MESHERY_TOKEN=my-token\n");
  expect(text).toContain("export MESHERY_PROVIDER=Meshery\n");
  expect(text).toMatch(/export MESHERY_ORGANIZATION_ID=[0-9a-f-]{36}\n/);
  run.child.kill("SIGTERM");
  expect((await run.ended).code).toBe(0);
});

test("--as prints that user's token, and a data file keeps what a world began", async () => {
  const world = join(folder, "users.yaml");
  writeFileSync(world, "users: {alice: {}}\nenvironments: {mine: {owner: alice}, other: {}}\n");
  const data = join(folder, "data.db");
  const first = serve("--json", "--world", world, "--data", data, "--as", "alice");
  const { url, token, organizationId } = JSON.parse(await first.until("\n")) as Record<string, string>;
  const answer = await fetch(`${url}/api/environments?orgId=${organizationId}`, {
    headers: { cookie: `token=${token}; meshery-provider=Meshery` },
  });
  expect(await answer.json()).toMatchObject({ totalCount: 1, environments: [{ name: "mine" }] });
  first.child.kill("SIGINT");
  await first.ended;
  const second = serve("--world", world, "--data", data);
  expect(await second.until("Ctrl-C")).toContain(`${data} holds a topology already, so ${world} was not loaded.`);
});

test("--era, --quirks and --admin reach the server", async () => {
  const run = serve("--json", "--era", "docs", "--quirks", "--admin");
  const { url, token } = JSON.parse(await run.until("\n")) as Record<string, string>;
  const list = await fetch(`${url}/api/environments`, { headers: { authorization: `Bearer ${token}` } });
  expect(await list.json()).toEqual({});
  expect(await (await fetch(`${url}/__admin/requests`)).json()).toMatchObject({
    counts: { "GET /api/environments": 1 },
  });
});

test("--quirk adds one oddity after another", async () => {
  const run = serve("--json", "--quirk", "rowsUnderData", "--quirk", "noUser");
  const { url, token } = JSON.parse(await run.until("\n")) as Record<string, string>;
  const headers = { cookie: `token=${token}; meshery-provider=Meshery` };
  expect(await (await fetch(`${url}/api/identity/orgs`, { headers })).json()).toHaveProperty("data");
  expect((await fetch(`${url}/api/user`, { headers })).headers.get("content-type")).toContain("text/html");
});

test("--provider serves those who choose none, and tells its name", async () => {
  const run = serve("--json", "--provider", "local");
  const { url, mesheryProvider } = JSON.parse(await run.until("\n")) as Record<string, string>;
  expect(mesheryProvider).toBe("Local");
  expect(await (await fetch(`${url}/api/identity/orgs`)).json()).toMatchObject({ totalCount: 1 });
});

test("--allow-host lets it be called by another name", async () => {
  const run = serve("--json", "--allow-host", "meshery.test");
  const { url } = JSON.parse(await run.until("\n")) as Record<string, string>;
  const origin = (name: string) =>
    fetch(`${url}/api/environments`, { method: "POST", redirect: "manual", headers: { origin: `https://${name}` } });
  expect([(await origin("meshery.test")).status, (await origin("other.test")).status]).toEqual([302, 403]);
});

test("a port in use is one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  try {
    expect(await serve("--port", String(port)).ended).toEqual({
      code: 1,
      stdout: "",
      stderr: `meshery-iac serve: port ${port} is in use; choose another one with --port, or leave it out for a free one\n`,
    });
  } finally {
    other.close();
  }
});

test.each<[string[], number, RegExp]>([
  [["--bogus"], 2, /Unknown option '--bogus'; see --help/],
  [["extra"], 2, /Unexpected argument 'extra'/],
  [["--era", "E9"], 2, new RegExp(`--era must be one of ${eraNames.join(", ")}, not E9`)],
  [["--port", "http"], 2, /--port must be a number from 0 to 65535, not http/],
  [["--token", "a;b"], 2, /--token must be/],
  [["--world", "missing.yaml"], 1, /cannot read --world missing\.yaml: no such file/],
  [["--quirk", "none"], 2, /--quirk: no quirk none; there are: by-others, emptyWriteBodies/],
  [["--provider", "Local", "--era", "cloud"], 1, /the API of cloud has no providers, so none can be enforced/],
  [["--as", "nobody"], 1, /no user nobody; there are: admin/],
  [["--data", "/nonexistent/folder/data.db"], 1, /data\.db/],
])("%j is refused in one line", async (argv, code, message) => {
  const result = await serve(...argv).ended;
  expect(result.code).toBe(code);
  expect(result.stdout).toBe("");
  expect(result.stderr).toMatch(/^meshery-iac serve: .*\n$/);
  expect(result.stderr).toMatch(message);
});

test("what is wrong in a world file is told with its place", async () => {
  const world = join(folder, "wrong.yaml");
  writeFileSync(world, "environments:\n  prod: {connections: [none]}\n");
  const { code, stderr } = await serve("--world", world).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`${world}:2:24: environments.prod.connections[0]: no such key under connections: none`);
});

test("--help tells every option", async () => {
  const { code, stdout } = await serve("--help").ended;
  expect(code).toBe(0);
  for (const option of [
    "--port",
    "--host",
    "--allow-host",
    "--provider",
    "--quirk ",
    "--data",
    "--world",
    "--token",
    "--era",
    "--admin",
    "--quirks",
    "--as",
    "--json",
  ]) {
    expect(stdout).toContain(option);
  }
});
