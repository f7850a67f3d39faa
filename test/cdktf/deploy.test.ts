import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { installTerraformProvider } from "../../provider/terraform/packaging/install";
import type { WorldInput } from "../../provider/topology";
import { findEngines } from "../support/engines";
import { MesheryServer, type Seen, seen } from "../support/meshery";
import { credentials, providerFolder, root } from "../support/terraform";
import { type Cli, cdkCli, npm, Shell } from "./support/tools";

// The programs as they are shipped, run by the real commands from npm in fresh folders, with what `terraform install` says to set.
const examples = join(root, "examples", "cdktf");
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, "main.ts")));
const world = parse(readFileSync(join(root, "examples", "world.yaml"), "utf8")) as WorldInput;
const terraform = findEngines().find(({ name }) => name === "terraform");

function describeCli(name: Cli["name"], version: string, body: (cli: Cli) => void): void {
  const cli = terraform ? cdkCli(name, version) : "there is no terraform on the PATH";
  if (typeof cli !== "string") {
    describe(`${name} ${version}`, () => body(cli));
    return;
  }
  console.warn(`skipped: ${name} deploy; ${cli}`);
  describe.skip(`${name} ${version}`, () => body({ name, version, path: [] }));
}

let scratch: string;
let tarball: string;
let server: MesheryServer;
let before: Seen;
beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "cdk-deploy-")));
  const packed = npm(root, "pack", "--ignore-scripts", "--pack-destination", scratch).trim().split("\n").at(-1);
  tarball = join(scratch, packed!);
  server = await MesheryServer.start({ world });
  before = seen(server);
});
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await server.close();
});

/** A copy of an example in a folder of its own, with what it needs from npm, for a user who has just come. */
function project(name: string, cli: Cli): { folder: string; shell: Shell } {
  const folder = mkdtempSync(join(scratch, `${cli.name}-`));
  cpSync(join(examples, name), folder, { recursive: true });
  if (cli.name === "cdktn") forTerrain(folder);
  npm(folder, "install", tarball);
  const home = join(folder, "home");
  mkdirSync(home);
  const path = [join(folder, "node_modules", ".bin"), ...cli.path, dirname(terraform?.path ?? "")];
  const secrets = { TF_VAR_prometheus_password: "s3cret" };
  const env = { ...credentials(server), ...secrets, HOME: home, CI: "1", CHECKPOINT_DISABLE: "1" };
  return { folder, shell: new Shell(folder, env, path) };
}

/** What examples/cdktf/README.md tells users of CDK Terrain. */
function forTerrain(folder: string): void {
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  edit("main.ts", (text) => text.replaceAll('"cdktf"', '"cdktn"').replaceAll("meshery-iac/cdktf", "meshery-iac/cdktn"));
  edit("package.json", (text) =>
    text.replace('"cdktf": "^0.21.0"', '"cdktn": "^0.24.0"').replace('"^10.4.2"', '">=10.6.0 <10.8.0"'),
  );
}

/** The other way that examples/cdktf/README.md names. */
function asForOlderCommands({ env }: Shell): void {
  delete env.CDKTF_SKIP_PROVIDER_LOCK;
  env.TF_CLI_ARGS_providers_lock = `-fs-mirror=${env.HOME}/.meshery-iac/terraform/mirror`;
}

async function deployAndDestroy(name: string, cli: Cli): Promise<void> {
  const { folder, shell } = project(name, cli);
  const installed = await shell.run("meshery-iac", "terraform", "install");
  expect(installed).toMatchObject({ code: 0 });
  shell.copyExports(installed.said);
  // The same, with the engines' own rules checked.
  await installTerraformProvider({ dir: join(folder, "home", ".meshery-iac", "terraform"), distDir: providerFolder() });
  if (name === "region-based") asForOlderCommands(shell);

  const deployed = await shell.run(cli.name, "deploy", "--auto-approve");
  expect(deployed).toMatchObject({ code: 0, said: expect.stringContaining("Apply complete!") });
  const declared = Object.keys(seen(server).environments);
  expect(declared.length).toBeGreaterThan(0);
  expect(Object.values(seen(server).environments).every(({ connections }) => connections.length > 0)).toBe(true);

  if (name === "environment-per-stage") {
    const again = await shell.run(cli.name, "diff");
    expect(again).toMatchObject({ code: 0, said: expect.stringContaining("No changes.") });
  }

  const destroyed = await shell.run(cli.name, "destroy", "--auto-approve");
  expect(destroyed).toMatchObject({ code: 0, said: expect.stringContaining("Destroy complete!") });
  expect(seen(server)).toEqual(before);
  rmSync(folder, { recursive: true });
}

describeCli("cdktf", "0.21.0", (cli) => {
  test.each(names)("%s, as it is shipped, is deployed and destroyed", (name) => deployAndDestroy(name, cli));
});

describeCli("cdktn", "0.24.0", (cli) => {
  test("the same program is deployed and destroyed", () => deployAndDestroy("environment-per-stage", cli));
});
