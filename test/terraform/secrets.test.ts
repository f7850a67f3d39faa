import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

/** A token as Meshery gives them out, with every character that encodings change. */
const CANARY = `eyJ${"Canary+To/ken".repeat(4)}==`;
const spellings = [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString("base64").replace(/=+$/, "")];
const holdsCanary = (text: string) => spellings.some((spelling) => text.includes(spelling));

const program = `
data "meshery_connection" "c" {
  name = "cluster"
}
resource "meshery_environment" "e" {
  name = "production"
}
resource "meshery_connection_assignment" "a" {
  environment_id = meshery_environment.e.id
  connection_id  = data.meshery_connection.c.id
}
`;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "secrets-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A home folder in which mesheryctl signed in to `url`. */
function signedIn(url: string): string {
  const home = mkdtempSync(join(scratch, "home-"));
  mkdirSync(join(home, ".meshery"));
  const config = {
    contexts: { local: { endpoint: url, token: "default" } },
    "current-context": "local",
    tokens: [{ name: "default", location: "auth.json" }],
  };
  writeFileSync(join(home, ".meshery", "config.yaml"), JSON.stringify(config));
  writeFileSync(join(home, ".meshery", "auth.json"), JSON.stringify({ token: CANARY, "meshery-provider": "Meshery" }));
  return home;
}

interface Way {
  how: string;
  program: string;
  env: (server: MesheryServer) => Record<string, string>;
  args?: string[];
  /** The engine itself keeps what a program hands it: then the token stands in its plan files. */
  inPlan?: boolean;
}
const nothing = { MESHERY_TOKEN: "" };
const variable = (flags: string) =>
  `variable "token" {\n  type = string\n${flags}\n}\nprovider "meshery" {\n  token = var.token\n}\n`;
const ways: Way[] = [
  { how: "by the environment", program: "", env: () => ({ MESHERY_TOKEN: CANARY }) },
  {
    how: "as an ephemeral variable",
    program: variable("  ephemeral = true"),
    env: () => ({ ...nothing, TF_VAR_token: CANARY }),
  },
  {
    how: "as a sensitive variable",
    program: variable("  sensitive = true"),
    env: () => ({ ...nothing, TF_VAR_token: CANARY }),
    inPlan: true,
  },
  {
    how: "in the program itself",
    program: `provider "meshery" {\n  token = "${CANARY}"\n}\n`,
    env: () => nothing,
    inPlan: true,
  },
  {
    how: "by mesheryctl",
    program: "",
    env: (server) => ({ ...nothing, MESHERY_URL: "", MESHERY_PROVIDER: "", CI: "", HOME: signedIn(server.url) }),
  },
];

/** What our provider wrote to the engine's log; the engine's own lines are the engine's. */
const ours = (log: string): string[] => log.split("\n").filter((line) => /terraform-provider-meshery/.test(line));
const logged = (dir: Workdir) => ({ TF_LOG: "trace", TF_LOG_PATH: join(dir.dir, "trace.log") });

describeEngines("a token", (engine) => {
  const chosen = engine.name === "terraform" ? ways : ways.slice(0, 2);
  test.each(chosen)("given $how is in no state, output, log or note of ours", async ({
    program: head,
    env,
    inPlan,
  }) => {
    const server = await MesheryServer.start({
      token: CANARY,
      world: { connections: { cluster: { kind: "kubernetes" } } },
    });
    const temporary = mkdtempSync(join(scratch, "tmp-"));
    const dir = workdir(server, { "main.tf": head + program }, { ...env(server), TMPDIR: temporary });
    try {
      const log = logged(dir);
      const texts: Record<string, string> = {};
      texts.plan = await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"], log);
      const apply = ["apply", "-input=false", "-auto-approve"];
      texts.apply = await dir.succeed(engine, apply, log);
      // Renamed without a moved block: the plan leaves its apply a note then, which the apply takes away.
      dir.write("main.tf", (head + program).replace('"a" {', '"b" {'));
      texts.renaming = await dir.succeed(engine, ["plan", "-input=false", "-out=rename.bin"], log);
      const plans = join(temporary, readdirSync(temporary).find((name) => name.startsWith("meshery-iac-plans"))!);
      texts.notes = readdirSync(plans)
        .map((name) => readFileSync(join(plans, name), "utf8"))
        .join("\n");
      texts.rename = await dir.succeed(engine, ["apply", "-input=false", "rename.bin"], log);
      texts.state = dir.read("terraform.tfstate");
      texts.shown = await dir.succeed(engine, ["show", "-json"]);
      texts.log = ours(dir.read("trace.log")).join("\n");
      expect(texts.notes).toContain("environment-connection");
      // Every exchange is there, and at this level its body.
      expect(texts.log).toMatch(/GET \/api\/environments\?\S+ 200 \d+ ms, 0 bytes sent, \d+ received/);
      expect(texts.log).toMatch(/POST \/api\/environments 201 \d+ ms, \d+ bytes sent/);
      expect(texts.log).toMatch(/POST \/api\/environments sent.*production/);
      expect(Object.keys(texts).filter((name) => holdsCanary(texts[name]!))).toEqual([]);
      expect(holdsCanary(await dir.succeed(engine, ["show", "-json", "plan.bin"]))).toBe(inPlan ?? false);
    } finally {
      dir.remove();
      await server.close();
    }
  });

  const echoes: [string, (server: MesheryServer) => void][] = [
    [
      "an error that repeats it, raw and encoded",
      ({ faults }) =>
        faults.add({
          effect: {
            kind: "status",
            status: 400,
            body: JSON.stringify({ error: spellings.slice(0, 2).join(" and ") }),
          },
          times: Number.POSITIVE_INFINITY,
        }),
    ],
    [
      "a web page that repeats it",
      ({ faults }) =>
        faults.add({
          effect: { kind: "status", status: 200, body: `<!doctype html><p>${CANARY}</p>` },
          times: Number.POSITIVE_INFINITY,
        }),
    ],
    [
      "a redirect that carries it",
      ({ faults }) =>
        faults.add({
          effect: { kind: "redirect", location: `/login/${CANARY}?token=${encodeURIComponent(CANARY)}` },
          times: Number.POSITIVE_INFINITY,
        }),
    ],
    ["a refusal", () => undefined],
  ];
  test.each(engine.name === "terraform" ? echoes : echoes.slice(0, 1))("is not shown by %s", async (_, arrange) => {
    // The token is none of this server's: it is refused where nothing else comes first.
    const server = await MesheryServer.start({});
    arrange(server);
    const dir = workdir(server, { "main.tf": program }, { MESHERY_TOKEN: CANARY });
    try {
      const { code, stdout, stderr } = await dir.run(engine, ["plan", "-input=false", "-no-color"], logged(dir));
      expect(code).toBe(1);
      expect(stderr).toMatch(/(Not authenticated at|The server refused)/);
      const texts: Record<string, string> = { stdout, stderr, log: ours(dir.read("trace.log")).join("\n") };
      expect(Object.keys(texts).filter((name) => holdsCanary(texts[name]!))).toEqual([]);
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

/** A server that keeps every byte it is sent of a request's head, and answers with an empty list. */
async function witness(): Promise<{ url: string; heard: string[]; close(): Promise<void> }> {
  const heard: string[] = [];
  const server: Server = createServer((request, answer) => {
    heard.push([request.method, request.url, ...request.rawHeaders].join("\n"));
    answer.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const lookup = 'data "meshery_connections" "all" {\n}\n';
const clean = { MESHERY_TOKEN: "", MESHERY_URL: "", MESHERY_PROVIDER: "Meshery", CI: "" };

describeEngines("mesheryctl's token", (engine) => {
  async function plan(meshery: MesheryServer, engineHere: Engine, env: Record<string, string>): Promise<string> {
    const dir = workdir(meshery, { "main.tf": lookup }, { ...clean, ...env });
    try {
      const { stdout, stderr } = await dir.run(engineHere, ["plan", "-input=false", "-no-color"]);
      return stdout + stderr;
    } finally {
      dir.remove();
    }
  }

  let meshery: MesheryServer;
  let other: Awaited<ReturnType<typeof witness>>;
  beforeEach(async () => {
    meshery = await MesheryServer.start({ token: CANARY });
    other = await witness();
  });
  afterEach(async () => {
    await meshery.close();
    await other.close();
  });

  test("is sent to the address it was given for", async () => {
    await plan(meshery, engine, { HOME: signedIn(other.url) });
    expect(other.heard.length).toBeGreaterThan(0);
    expect(other.heard.every(holdsCanary)).toBe(true);
  });

  test("is sent to no other address", async () => {
    await plan(meshery, engine, { HOME: signedIn(meshery.url), MESHERY_URL: other.url });
    expect(other.heard.length).toBeGreaterThan(0);
    expect(other.heard.filter(holdsCanary)).toEqual([]);
  });

  test("does not follow a redirect", async () => {
    meshery.faults.add({
      effect: { kind: "redirect", location: `${other.url}/api/integrations/connections` },
      times: Number.POSITIVE_INFINITY,
    });
    expect(await plan(meshery, engine, { HOME: signedIn(meshery.url) })).toMatch(/Not authenticated/);
    expect(meshery.requests.list.length).toBeGreaterThan(0);
    expect(other.heard).toEqual([]);
  });

  test("is not used where CI is set, and neither is its address", async () => {
    const home = signedIn(other.url);
    expect(await plan(meshery, engine, { HOME: home, CI: "true" })).toMatch(/url is missing/);
    expect(other.heard).toEqual([]);
    await plan(meshery, engine, { HOME: home, CI: "true", MESHERY_URL: other.url });
    expect(other.heard.length).toBeGreaterThan(0);
    expect(other.heard.filter(holdsCanary)).toEqual([]);
  });
});
