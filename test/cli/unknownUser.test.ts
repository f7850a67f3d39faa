import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAGIC_COOKIE } from "../support/pluginClient";
import { root } from "../support/terraform";

/** A user without an entry in passwd, as containers run them, where nobody set HOME either. */
const NOBODY_KNOWS = 54321;
const may = process.getuid?.() === 0;
if (!may) console.warn("skipped: what a user without an entry in passwd sees; only root may become one");
const describeUnknown = may ? describe : describe.skip;

describeUnknown("a user whom the system does not know", () => {
  let folder: string;
  let cli: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "unknown-user-")));
    for (const name of ["package.json", "dist/cli.cjs", "dist/terraform", "dist/pulumi-plugin"]) {
      cpSync(join(root, name), join(folder, "package", name), { recursive: true });
    }
    cli = join(folder, "package", "dist", "cli.cjs");
    mkdirSync(join(folder, "anyone"));
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "anyone"), 0o777);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (command: string, args: string[], env: Record<string, string> = {}) =>
    spawnSync(command, args, {
      uid: NOBODY_KNOWS,
      gid: NOBODY_KNOWS,
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    });
  const meshery = (...args: string[]) => run(process.execPath, [cli, ...args]);

  test.each([["terraform"], ["pulumi"]])("reads how to call `%s`", (verb) => {
    expect(meshery(verb, "--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^Usage: /) });
  });

  test.each([["terraform"], ["pulumi"]])("is told by `%s install` to name a folder", (verb) => {
    const { status, stdout, stderr } = meshery(verb, "install");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^The \w+ could not be installed: HOME is not set[^\n]*--dir[^\n]*\n$/);
  });

  test("installs both where it says so, and the provider starts", () => {
    const dir = join(folder, "anyone", "terraform");
    expect(meshery("terraform", "install", "--dir", dir)).toMatchObject({ status: 0, stderr: "" });
    expect(meshery("pulumi", "install", "--dir", join(folder, "anyone", "pulumi"))).toMatchObject({ status: 0 });
    expect(readFileSync(join(dir, "terraform.tfrc"), "utf8")).toContain(join(dir, "mirror"));
    const version = join(dir, "mirror", "registry.terraform.io", "meshery", "meshery");
    const [at] = readdirSync(version, { recursive: true, encoding: "utf8" }).filter((name) => /_v[\d.]+$/.test(name));
    // With a protocol that it does not speak the provider starts, refuses and ends.
    const started = run(join(version, at!), [], {
      TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: "5",
    });
    expect(started.stdout).toContain("plugin protocol 5");
  });
});
