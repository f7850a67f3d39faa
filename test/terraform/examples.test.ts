import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { transform } from "esbuild";
import { parse } from "yaml";
import { type Installation, installTerraformProvider } from "../../provider/terraform/packaging/install";
import type { WorldInput } from "../../provider/topology";
import { describeEngines, type Engine, type PlanJson, Workdir } from "../support/engines";
import { MesheryServer, seen } from "../support/meshery";
import { credentials, HEAD, importBlocks, providerFolder, root } from "../support/terraform";

const run = promisify(execFile);
const patterns = (door: string, file: string) =>
  readdirSync(join(root, "examples", door)).filter((name) => existsSync(join(root, "examples", door, name, file)));
/** What the examples start from. */
const world = parse(readFileSync(join(root, "examples", "world.yaml"), "utf8")) as WorldInput;

let scratch: string;
let installed: Installation;
let server: MesheryServer;
beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "examples-")));
  installed = await installTerraformProvider({ dir: join(scratch, "provider"), distDir: providerFolder() });
  server = await MesheryServer.start({ world });
});
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await server.close();
});

/** A folder in which `init` finds the installed provider and nothing else, as after `terraform install`. */
const fresh = (files: Record<string, string>, parent = scratch) =>
  new Workdir(files, {
    parent,
    cliConfigFile: installed.cliConfigFile,
    env: { ...credentials(server), HTTPS_PROXY: "http://127.0.0.1:1", TF_VAR_prometheus_password: "s3cret" },
  });

type Make = () => Promise<Workdir>;
const hcl =
  (name: string): Make =>
  async () =>
    fresh({ "main.tf": readFileSync(join(root, "examples", "hcl", name, "main.tf"), "utf8") });

/** Runs the program in an npm project of its own; the engine then runs inside that project, as `cdktf` has it. */
const cdktf =
  (name: string, { library = "cdktf", type = "commonjs" }): Make =>
  async () => {
    const project = mkdtempSync(join(scratch, `${library}-`));
    mkdirSync(join(project, "node_modules"));
    for (const [module, target] of Object.entries({
      "meshery-iac": root,
      [library]: join(root, "node_modules", library),
      constructs: join(root, "node_modules", "constructs"),
    })) {
      symlinkSync(target, join(project, "node_modules", module));
    }
    const source = readFileSync(join(root, "examples", "cdktf", name, "main.ts"), "utf8");
    const { code } = await transform(
      source.replaceAll('"cdktf"', `"${library}"`).replaceAll("meshery-iac/cdktf", `meshery-iac/${library}`),
      { loader: "ts", format: "cjs", target: "node20" },
    );
    writeFileSync(join(project, "main.cjs"), code);
    writeFileSync(join(project, "package.json"), JSON.stringify({ type }));
    await run(process.execPath, ["main.cjs"], { cwd: project });
    const stack = join(project, "cdktf.out", "stacks", name);
    return fresh({ "cdk.tf.json": readFileSync(join(stack, "cdk.tf.json"), "utf8") }, stack);
  };

/** A plan that finds nothing to do ends with 0, one that does with 2. */
async function expectNothingToDo(dir: Workdir, engine: Engine, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await dir.run(engine, [
    "plan",
    "-input=false",
    "-no-color",
    "-detailed-exitcode",
    ...args,
  ]);
  expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
}

type Importing = NonNullable<PlanJson["resource_changes"]>[number] & { mode: string; change: { importing?: unknown } };
function managedChanges(plan: PlanJson): Importing[] {
  return ((plan.resource_changes ?? []) as Importing[]).filter(({ mode }) => mode === "managed");
}

async function roundTrip(engine: Engine, make: Make): Promise<void> {
  const before = seen(server);
  const first = await make();
  await first.succeed(engine, ["init", "-input=false"]);
  await first.apply(engine);
  const applied = seen(server);
  expect(applied).not.toEqual(before);
  await expectNothingToDo(first, engine);
  await expectNothingToDo(first, engine, "-refresh=false");

  const second = await make();
  second.write("imports.tf", await importBlocks(first, engine));
  await second.succeed(engine, ["init", "-input=false"]);
  const imports = managedChanges(await second.planJson(engine));
  expect(imports.length).toBe((await first.stateJson(engine)).values?.root_module.resources?.filter(isManaged).length);
  expect(imports.filter(({ change }) => !change.importing || !changesNothing(change))).toEqual([]);
  await second.succeed(engine, ["apply", "-input=false", "plan.bin"]);
  await expectNothingToDo(second, engine);
  expect(seen(server)).toEqual(applied);

  await second.destroy(engine);
  expect(seen(server)).toEqual(before);
}
/** Nobody can know which secret an import finds: it is sent once more, where the program has a version of it, and nothing else. */
const changesNothing = ({ actions, before, after }: Importing["change"]): boolean => {
  const without = (value: unknown) => ({ ...(value as object), secret_version: null });
  return actions.join() === "no-op" || isDeepStrictEqual(without(before), without(after));
};
const isManaged = ({ address }: { address: string }) => !address.startsWith("data.");

test("the drift check names the file that is written", async () => {
  const workflow = parse(readFileSync(join(root, "examples", "pipelines", "drift-check.yml"), "utf8"));
  const steps: { run?: string; env?: Record<string, string> }[] = workflow.jobs.drift.steps;
  const dir = steps.map(({ run = "" }) => /terraform install --dir (\S+)/.exec(run)?.[1]).find(Boolean);
  const named = steps.map(({ env }) => env?.TF_CLI_CONFIG_FILE).find(Boolean);
  const workspace = join(scratch, "workspace");
  await installTerraformProvider({ dir: join(workspace, dir!), distDir: providerFolder() });
  expect(existsSync(named!.replace("${{ github.workspace }}", workspace))).toBe(true);
});

describeEngines("the examples, from terraform install to destroy", (engine) => {
  const cases: [string, Make][] = [
    ...patterns("hcl", "main.tf").map((name): [string, Make] => [`hcl/${name}`, hcl(name)]),
    ...patterns("cdktf", "main.ts").map((name): [string, Make] => {
      const modules = name === "shared-infrastructure";
      return [
        `cdktf/${name}${modules ? ", in a project of ES modules" : ""}`,
        cdktf(name, { type: modules ? "module" : "commonjs" }),
      ];
    }),
    ["cdktf/environment-per-stage with CDK Terrain", cdktf("environment-per-stage", { library: "cdktn" })],
  ];

  test.each(cases)("%s", (_, make) => roundTrip(engine, make));

  test("an import writes a configuration that plans nothing", async () => {
    const before = seen(server);
    const first = await hcl("shared-infrastructure")();
    await first.succeed(engine, ["init", "-input=false"]);
    await first.apply(engine);
    let count = 0;
    const blocks = (await importBlocks(first, engine)).replace(
      /^( *to = \w+)\..*$/gm,
      (_match, type: string) => `${type}.imported_${count++}`,
    );
    const dir = fresh({ "provider.tf": HEAD, "imports.tf": blocks });
    await dir.succeed(engine, ["init", "-input=false"]);
    const plan = await dir.planJson(engine, "-generate-config-out=generated.tf");
    expect(managedChanges(plan).map(({ change }) => change.actions.join())).toEqual(Array(count).fill("no-op"));
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    await expectNothingToDo(dir, engine);
    expect(dir.read("generated.tf")).toContain('name            = "shared-monitoring"');
    await dir.destroy(engine);
    expect(seen(server)).toEqual(before);
  });
});
