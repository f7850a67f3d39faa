/** `meshery-iac review`, `check` and `explain` as users call them. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MesheryServer } from "../../provider/server";
import { assign, bind, terraformJson, unassign } from "../review/support";
import { credentials, root } from "../support/terraform";

const cli = join(root, "dist", "cli.cjs");
const fixtures = join(root, "test", "review", "fixtures");
let folder: string;
let server: MesheryServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "review-"));
  server = await MesheryServer.start({
    world: {
      connections: { "prod-gke": { kind: "kubernetes" }, spare: { kind: "kubernetes" } },
      environments: { prod: { connections: ["prod-gke"] } },
      workspaces: { "app-one": { environments: ["prod"] }, "dev-team": {} },
    },
  });
  const ids = (table: "environments" | "workspaces" | "connections", name: string) =>
    server.store[table].find({ name } as never)!.id;
  const binding = {
    ...bind("dev-team", "prod"),
    after: { workspace_id: ids("workspaces", "dev-team"), environment_id: ids("environments", "prod") },
  };
  write("broadens.json", terraformJson([binding]));
  const kept = { environment_id: ids("environments", "prod"), connection_id: ids("connections", "prod-gke") };
  write("nothing.json", terraformJson([{ ...assign("prod", "gke"), actions: ["no-op"], before: kept, after: kept }]));
  write(
    "narrows.json",
    terraformJson([
      unassign("prod", "gke"),
      { ...assign("x", "y"), actions: ["delete"], before: { ...kept, id: "x" }, after: null },
    ]),
  );
  write("aws.json", terraformJson([{ address: "aws_vpc.main", actions: ["create"], after: { cidr: "10.0.0.0/8" } }]));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const write = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
const read = (name: string) => readFileSync(join(folder, name), "utf8");

function run(
  args: string[],
  { stdin = "", env = credentials(server) }: { stdin?: string; env?: Record<string, string> } = {},
) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, CI: "1", ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  child.stdin.end(stdin);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.on("close", (code) => done({ code, ...said })),
  );
}

test.each<[string[], number]>([
  [["broadens.json"], 0],
  [["broadens.json", "--detailed-exitcode"], 2],
  [["nothing.json", "--detailed-exitcode"], 0],
  [["broadens.json", "--fail-on", "broadened"], 3],
  [["broadens.json", "--fail-on", "broadened", "--detailed-exitcode"], 3],
  [["narrows.json", "--fail-on", "broadened"], 0],
  [["broadens.json", "--fail-on", "error"], 3],
  [["nothing.json", "--fail-on", "error"], 0],
  [["nothing.json", "broadens.json", "--fail-on", "broadened"], 3],
  [["broadens.json", "--offline", "--fail-on", "broadened"], 3],
])("review %j ends with %s", async (args, code) => {
  expect(await run(["review", ...args])).toMatchObject({ code, stderr: "" });
});

test.each<[string[], RegExp]>([
  [["aws.json"], /^meshery-iac review: aws.json is a plan without any resource of Meshery\n$/],
  [["none.json"], /cannot read none.json: there is no such file/],
  [["broadens.json", "--format", "pdf"], /--format must be one of text, markdown, json, sarif, not pdf; see --help/],
  [["broadens.json", "--fail-on", "all"], /--fail-on must be one of/],
  [["broadens.json", "--format", "json", "--format", "text"], /several formats need an --output each/],
  [["broadens.json", "--no-such"], /Unknown option '--no-such'/],
  [["broadens.json", "--settings", "none.yaml"], /there is no settings file none.yaml/],
])("review %j is an error, in one sentence", async (args, message) => {
  const { code, stdout, stderr } = await run(["review", ...args]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a plan of others beside one of ours is no error", async () => {
  expect(await run(["review", "aws.json", "broadens.json"])).toMatchObject({ code: 0, stderr: "" });
});

test("standard input, several formats, plain where nobody sees colours", async () => {
  const { code, stdout } = await run(
    [
      "review",
      "-",
      "--format",
      "text",
      "-o",
      "-",
      "--format",
      "markdown",
      "-o",
      "comment.md",
      "-o",
      "review.json",
      "-o",
      "log.sarif",
    ],
    { stdin: read("broadens.json") },
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Access is broadened: 1 gained, 0 lost\nstandard input \(terraform\): 1 to create\./);
  expect(stdout).not.toContain("\u001b");
  expect(read("comment.md")).toMatch(/^<!-- meshery-iac review [0-9a-f]{12} -->\n## /);
  expect(JSON.parse(read("review.json"))).toMatchObject({ version: 1, verdict: "broadened" });
  expect(JSON.parse(read("log.sarif")).version).toBe("2.1.0");
});

test("offline needs neither address nor token; without both it is an error that says what to do", async () => {
  const file = join(fixtures, "references.json");
  expect(await run(["review", "--offline", file], { env: {} })).toMatchObject({ code: 0, stderr: "" });
  const { code, stderr } = await run(["review", file], { env: {} });
  expect(code).toBe(1);
  expect(stderr).toMatch(/MESHERY_URL/);
});

test("the token is in nothing that is written", async () => {
  const name = `x-${server.token}`;
  write(
    "leak.json",
    terraformJson([{ address: "meshery_environment.e", actions: ["create"], after: { name }, unknown: { id: true } }]),
  );
  for (const format of ["text", "markdown", "json", "sarif"]) {
    const { code, stdout } = await run(["review", "leak.json", "--format", format]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(server.token);
  }
});

test("check holds what is there against assertions, and a baseline makes known ones pass", async () => {
  write(
    "meshery-iac.yaml",
    'assertions:\n  - deny: { workspace: "app-*", connection: "prod-*" }\n    because: the pipeline alone deploys\nbaseline: known.json\n',
  );
  try {
    const first = await run(["check"]);
    expect(first.code).toBe(3);
    expect(first.stdout).toMatch(/error workspace "app-one" reaches connection "prod-gke" through "prod": is denied/);
    expect(first.stdout).toMatch(/because: the pipeline alone deploys/);
    await run(["check", "--write-baseline", "known.json"]);
    expect((await run(["check"])).code).toBe(0);
    expect((await run(["check", "--offline"])).code).toBe(1);
  } finally {
    rmSync(join(folder, "meshery-iac.yaml"));
  }
});

test("explain", async () => {
  const { code, stdout } = await run(["explain", "dev-team", "prod-gke", "broadens.json"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^workspace "dev-team" reaches connection "prod-gke" by one path:\n1\. through environment "prod"\n/,
  );
  expect(stdout).toMatch(/declared in broadens at meshery_workspace_binding\.b_dev-team_prod/);
  expect(await run(["explain", "dev-team"])).toMatchObject({ code: 1 });
  const { stdout: unassigned } = await run(["explain", "dev-team", "spare"]);
  expect(unassigned).toBe('workspace "dev-team" does not reach connection "spare"\n');
});

test.each(["review", "check", "explain"])("%s --help", async (verb) => {
  const { code, stdout } = await run([verb, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Usage: meshery-iac ${verb}`));
});
