/** What a review says of a real preview is what the update does, for both doors; where a `pulumi` is on the PATH. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readPlan } from "../../provider/review/plans/read";
import { reportOf } from "../../provider/review/report/build";
import { reviewOf } from "../../provider/review/report/review";
import { worldOf } from "../../provider/review/world/session";
import { foreignWorld, MesheryServer } from "../support/meshery";
import { edited, edits, foreignName, type Program, program, SMALL } from "../support/programs";
import { findPulumi } from "../support/pulumiCli";
import { credentials, root } from "../support/terraform";
import { addForeign, expectTrue, type Foreign } from "./compare";
import { accessOn } from "./oracle";

const RUNS = Number(process.env.REVIEW_RUNS ?? 1);
const TIME = 300_000 + RUNS * 60_000; // milliseconds
const DOORS = ["dynamic", "plugin"] as const;
const found = findPulumi();
const describePulumi = found.available ? describe : describe.skip;

/** Makes what `model.json` says, by either door. */
const INDEX = `
const model = require("./model.json");
const { Environment, Workspace, Connection, ConnectionAssignment, WorkspaceBinding } = require("./door");
const made = (Type, group) => Object.fromEntries(Object.entries(group).map(([key, one]) => [key, new Type(key, one)]));
const environments = made(Environment, model.environments);
const workspaces = made(Workspace, model.workspaces);
const connections = made(Connection, model.connections);
for (const [key, { environment, connection }] of Object.entries(model.assignments))
  new ConnectionAssignment(key, { environmentId: environments[environment].id, connectionId: model.foreign[connection] ?? connections[connection].id });
for (const [key, { environment, workspace }] of Object.entries(model.bindings))
  new WorkspaceBinding(key, { environmentId: environments[environment].id, workspaceId: workspaces[workspace].id });
`;
const DOOR: Record<(typeof DOORS)[number], string> = {
  dynamic: 'module.exports = require("meshery-iac/pulumi");',
  plugin: `const { CustomResource } = require("@pulumi/pulumi");
for (const name of ["Environment", "Workspace", "Connection", "ConnectionAssignment", "WorkspaceBinding"])
  exports[name] = class extends CustomResource { constructor(key, args) { super("meshery:index:" + name, key, args); } };`,
};

function modelOf(given: Program, server: MesheryServer): unknown {
  const forced = <One extends object>(group: Record<string, One>) =>
    Object.fromEntries(Object.entries(group).map(([key, one]) => [key, { ...one, forceDestroy: true }]));
  const connections = Object.fromEntries(
    Object.entries(given.connections).map(([key, one]) => [key, { ...one, type: "platform" }]),
  );
  const foreign = Object.fromEntries(
    Array.from({ length: SMALL.foreign }, (_, n) => [
      `foreign:${n}`,
      server.store.connections.find({ name: foreignName(n) })!.id,
    ]),
  );
  return {
    ...given,
    environments: forced(given.environments),
    workspaces: forced(given.workspaces),
    connections,
    foreign,
  };
}

class Stack {
  readonly dir: string;

  constructor(
    private readonly server: MesheryServer,
    door: (typeof DOORS)[number],
  ) {
    mkdirSync(join(root, ".cache"), { recursive: true });
    this.dir = mkdtempSync(join(root, ".cache", "review-pulumi-"));
    const target = join(this.dir, "node_modules", "meshery-iac");
    for (const part of ["package.json", join("dist", "pulumi"), join("dist", "dynamic")])
      cpSync(join(root, part), join(target, part), { recursive: true });
    mkdirSync(join(this.dir, "backend"));
    const plugins = { providers: [{ name: "meshery", path: join(root, "dist", "pulumi-plugin") }] };
    const project = {
      name: "shop",
      main: "index.js",
      runtime: { name: "nodejs", options: { typescript: false } },
      plugins,
    };
    writeFileSync(join(this.dir, "Pulumi.yaml"), JSON.stringify(project));
    writeFileSync(join(this.dir, "index.js"), INDEX);
    writeFileSync(join(this.dir, "door.js"), DOOR[door]);
  }

  write(given: Program): void {
    writeFileSync(join(this.dir, "model.json"), JSON.stringify(modelOf(given, this.server)));
  }

  run(...args: string[]): Promise<string> {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: this.dir,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...credentials(this.server),
        PULUMI_HOME: join(this.dir, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.dir, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
    let [said, failed] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      said += data;
    });
    child.stderr.on("data", (data: Buffer) => {
      failed += data;
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0 ? resolve(said) : reject(new Error(`pulumi ${args.join(" ")}: ${failed}\n${said}`)),
      );
    });
  }
}

async function play(
  door: (typeof DOORS)[number],
  first: Program,
  list: Parameters<typeof edited>[1],
  edges: readonly Foreign[],
) {
  const server = await MesheryServer.start({ world: foreignWorld(SMALL) });
  const stack = new Stack(server, door);
  try {
    stack.write(first);
    await stack.run("stack", "init", "dev");
    await stack.run("up", "--yes", "--skip-preview");
    addForeign(server, edges);
    stack.write(edited(first, list, SMALL));
    const shown = await stack.run("preview", "--json", "--show-sames");
    const before = accessOn(server);
    const plans = [readPlan(Buffer.from(shown), "preview.json")];
    const report = reportOf(reviewOf(plans, await worldOf(plans, { env: credentials(server), offline: false })), []);
    await stack.run("up", "--yes", "--skip-preview");
    expectTrue(report, before, accessOn(server));
  } finally {
    rmSync(stack.dir, { recursive: true, force: true });
    await server.close();
  }
}

const foreign = fc.array(fc.record({ binding: fc.boolean(), pick: fc.nat(50), other: fc.nat(50) }), { maxLength: 6 });

describePulumi(
  `a review and the update after it (${found.available ? found.version : `skipped: ${found.reason}`})`,
  () => {
    test.each(DOORS)(
      "agree, and nothing is called unknown: %s",
      async (door) => {
        await fc.assert(
          fc.asyncProperty(program(SMALL), edits(8), foreign, (first, list, edges) => play(door, first, list, edges)),
          { numRuns: RUNS, endOnFailure: true },
        );
      },
      TIME,
    );
  },
);
