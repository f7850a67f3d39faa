import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeInstallation, terraform } from "../../provider/cli/terraform";
import {
  enginePlatform,
  type Installation,
  InstallError,
  installTerraformProvider,
} from "../../provider/terraform/packaging/install";
import { describeEngines, type Engine, Workdir } from "../support/engines";
import { MAGIC_COOKIE } from "../support/pluginClient";
import { buildToyProvider } from "../support/toyProvider";

// What is installed here is the toy provider: the installer does not care which one it is.
const toy = buildToyProvider();
const distDir = dirname(toy.file);
const scratch = mkdtempSync(join(tmpdir(), "install-"));
const workdirs: Workdir[] = [];

afterAll(() => {
  for (const made of workdirs) made.remove();
  toy.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const configuration = `terraform {
  required_providers {
    toy = {
      source  = "meshery/meshery"
      version = "~> 0.1"
    }
  }
}
resource "toy_thing" "a" {
  name = "a"
}
`;
// Whoever wants to reach a registry gets nowhere.
const offline = { HTTPS_PROXY: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" };

function project(installed: Installation, parent?: string): Workdir {
  const made = new Workdir(
    { "main.tf": configuration },
    { cliConfigFile: installed.cliConfigFile, env: offline, parent },
  );
  workdirs.push(made);
  return made;
}

const init = (made: Workdir, engine: Engine, ...args: string[]) =>
  made.run(engine, ["init", "-input=false", "-no-color", ...args]);

describeEngines("an installed provider", (engine) => {
  const fresh = (name: string) =>
    installTerraformProvider({ dir: join(scratch, engine.name, name), distDir, version: "0.1.0" });

  it("is found by init in a new folder and runs through plan, apply, an empty plan and destroy", async () => {
    const made = project(await fresh("lifecycle"));
    await made.succeed(engine, ["init", "-input=false"]);
    expect(made.read(".terraform.lock.hcl")).toMatch(/"0\.1\.0"[\s\S]*"h1:/);
    expect(await made.planned(engine)).toEqual({ "toy_thing.a": "create" });
    await made.apply(engine);
    expect(await made.planned(engine)).toEqual({});
    await made.destroy(engine);
    expect((await made.stateJson(engine)).values).toBeUndefined();
  });

  it("starts inside a project of ES modules", async () => {
    const parent = join(scratch, `${engine.name} project`);
    mkdirSync(parent);
    writeFileSync(join(parent, "package.json"), '{"type":"module"}');
    const made = project(await fresh("modules"), parent);
    await made.succeed(engine, ["init", "-input=false"]);
    await made.apply(engine);
    expect(await made.planned(engine)).toEqual({});
  });

  it("is never looked for in a registry", async () => {
    const installed = await fresh("excluded");
    rmSync(installed.mirror, { recursive: true });
    mkdirSync(installed.mirror);
    const { code, stderr } = await init(project(installed), engine);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain("was not found in any of the search locations");
    expect(stderr).not.toMatch(/127\.0\.0\.1|proxyconnect/);
  });

  it("moves to a new version when asked, and stays at the recorded one until then", async () => {
    const dir = join(scratch, engine.name, "upgrade");
    const made = project(await installTerraformProvider({ dir, distDir, version: "0.1.0" }));
    await made.succeed(engine, ["init", "-input=false"]);
    const newer = await installTerraformProvider({ dir, distDir, version: "0.2.0" });
    expect(newer).toMatchObject({ outcome: "installed", otherVersions: ["0.1.0"] });
    await made.succeed(engine, ["init", "-input=false"]);
    expect(made.read(".terraform.lock.hcl")).toContain('"0.1.0"');
    await made.succeed(engine, ["init", "-input=false", "-upgrade"]);
    expect(made.read(".terraform.lock.hcl")).toContain('"0.2.0"');
    await made.apply(engine);
  });

  it("is taken again after its content changed once the recorded checksum is removed", async () => {
    const dir = join(scratch, engine.name, "changed");
    const made = project(await installTerraformProvider({ dir, distDir, version: "0.1.0" }));
    await made.succeed(engine, ["init", "-input=false"]);
    const changed = join(scratch, engine.name, "changed-dist");
    cpSync(distDir, changed, { recursive: true });
    writeFileSync(join(changed, "provider.cjs"), `${readFileSync(toy.file, "utf8")}\n// changed\n`);
    expect(await installTerraformProvider({ dir, distDir: changed, version: "0.1.0" })).toMatchObject({
      outcome: "replaced",
    });
    expect((await init(made, engine, "-upgrade")).stderr).toContain("checksums");
    rmSync(join(made.dir, ".terraform.lock.hcl"));
    await made.succeed(engine, ["init", "-input=false"]);
    await made.apply(engine);
  });

  it("says through the engine that Node.js is missing", async () => {
    const made = project(await fresh("no-node"));
    await made.succeed(engine, ["init", "-input=false"]);
    const { code, stderr } = await made.run(engine, ["plan", "-no-color"], { PATH: join(scratch, "empty") });
    expect(code).toBe(1);
    expect(stderr.replace(/[│\s]+/g, " ")).toContain("needs Node.js 20 or newer, and there is no node on the PATH");
  });
});

describe("the package", () => {
  const launched = (installed: Installation, env: Record<string, string> = {}) => {
    const launcher = join(installed.packages[0] ?? "", "terraform-provider-meshery_v0.1.0");
    const full = {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: "5",
      ...env,
    };
    // With protocol 5 alone the provider starts, refuses and ends: enough to see that it was started.
    return {
      launcher,
      run: (path = launcher, cwd?: string) => spawnSync(path, { env: full, cwd, encoding: "utf8" }).stdout,
    };
  };
  const install = (name: string) => installTerraformProvider({ dir: join(scratch, name), distDir, version: "0.1.0" });

  it("starts by an absolute path, by a relative one, and from its own folder", async () => {
    const { launcher, run } = launched(await install("with a space"));
    expect(run()).toContain("plugin protocol 5");
    expect(run("./terraform-provider-meshery_v0.1.0", dirname(launcher))).toContain("plugin protocol 5");
    expect(run(launcher.slice(scratch.length + 1), scratch)).toContain("plugin protocol 5");
  });

  it("says that Node.js is too old", async () => {
    const bin = join(scratch, "old-node");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "old.cjs"),
      'Object.defineProperty(process, "versions", { value: { node: "18.20.1" } }); Object.defineProperty(process, "version", { value: "v18.20.1" });',
    );
    writeFileSync(join(bin, "node"), `#!/bin/sh\nexec "${process.execPath}" -r "${bin}/old.cjs" "$@"\n`);
    chmodSync(join(bin, "node"), 0o755);
    const { run } = launched(await install("old"), { PATH: `${bin}:/usr/bin:/bin` });
    expect(run()).toBe("terraform-provider-meshery needs Node.js 20 or newer; the node on the PATH is v18.20.1\n");
  });

  it.each([
    ["keeps authorities of the user's for the requests that need them", {}, "|a.pem"],
    ["leaves them to a Node that trusts other ones than its own", { NODE_OPTIONS: "--use-openssl-ca" }, "a.pem|"],
    ["leaves them to a Node that trusts those of the system", { NODE_USE_SYSTEM_CA: "1" }, "a.pem|"],
  ])("%s", async (_, env, expected) => {
    const bin = mkdtempSync(join(scratch, "telling-node-"));
    writeFileSync(join(bin, "node"), '#!/bin/sh\necho "$NODE_EXTRA_CA_CERTS|$MESHERY_EXTRA_CA_CERTS"\n', {
      mode: 0o755,
    });
    const { run } = launched(await install("authorities"), {
      ...env,
      NODE_EXTRA_CA_CERTS: "a.pem",
      PATH: `${bin}:/usr/bin:/bin`,
    });
    expect(run()).toBe(`${expected}\n`);
  });

  it("is left alone when it is there already, and leaves nothing behind", async () => {
    const dir = join(scratch, "twice");
    const first = await install("twice");
    expect(first).toMatchObject({
      outcome: "installed",
      version: "0.1.0",
      platform: enginePlatform(),
      otherVersions: [],
    });
    const times = () => [...first.packages, first.cliConfigFile].map((path) => statSync(path).mtimeMs);
    const before = times();
    expect(await install("twice")).toEqual({ ...first, outcome: "same" });
    expect(times()).toEqual(before);
    expect(readdirSync(dir).sort()).toEqual(["mirror", "terraform.tfrc"]);
  });

  it("is repaired when a file was changed, lost or made unexecutable", async () => {
    const [folder = ""] = (await install("repair")).packages;
    const launcher = join(folder, "terraform-provider-meshery_v0.1.0");
    chmodSync(launcher, 0o644);
    expect(await install("repair")).toMatchObject({ outcome: "replaced" });
    expect(statSync(launcher).mode & 0o777).toBe(0o755);
    rmSync(join(folder, "provider.cjs"));
    expect(await install("repair")).toMatchObject({ outcome: "replaced" });
    expect(existsSync(join(folder, "provider.cjs"))).toBe(true);
  });

  it("survives several installations at once", async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => install("at-once")));
    expect(launched(all[0] as Installation).run()).toContain("plugin protocol 5");
    expect(readdirSync(join(scratch, "at-once")).sort()).toEqual(["mirror", "terraform.tfrc"]);
  });

  it("needs a built provider and a platform that runs scripts", async () => {
    await expect(
      installTerraformProvider({ dir: join(scratch, "none"), distDir: scratch, version: "1.0.0" }),
    ).rejects.toThrow(
      new InstallError(`There is no built provider in ${scratch}. In a checkout, run \`npm run build\` first.`),
    );
    expect(() => enginePlatform("win32", "x64")).toThrow(/not supported on Windows yet.*WSL/);
    expect(enginePlatform("darwin", "arm64")).toBe("darwin_arm64");
    expect(enginePlatform("linux", "x64")).toBe("linux_amd64");
  });
});

describe("meshery-iac terraform", () => {
  async function command(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const out = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((name) =>
      jest.spyOn(process[name], "write").mockImplementation((text) => {
        out[name] += text;
        return true;
      }),
    );
    try {
      return { code: await terraform(argv, { dir: join(scratch, "default"), distDir, version: "0.1.0" }), ...out };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  it("installs where it is told to", async () => {
    const dir = join(scratch, "told");
    const { code, stdout } = await command("install", "--dir", dir);
    expect(code).toBe(0);
    expect(stdout).toContain(`is installed in ${dir}/mirror`);
    expect(existsSync(join(dir, "terraform.tfrc"))).toBe(true);
  });

  it.each([
    [[]],
    [["remove"]],
    [["install", "now"]],
    [["install", "--dri", "x"]],
    [["install", "--dir", ""]],
  ])("refuses %j with its usage", async (argv) => {
    const { code, stderr } = await command(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: meshery-iac terraform install [--dir DIR]");
  });

  it("says why it could not install", async () => {
    const file = join(scratch, "a-file");
    writeFileSync(file, "");
    const { code, stderr } = await command("install", "--dir", file);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^The provider could not be installed: .*a-file/),
    });
  });

  const installation: Installation = {
    dir: "/home/me/.meshery-iac/terraform",
    cliConfigFile: "/home/me/.meshery-iac/terraform/terraform.tfrc",
    mirror: "/home/me/.meshery-iac/terraform/mirror",
    version: "0.1.0",
    platform: "linux_amd64",
    packages: [],
    outcome: "installed",
    otherVersions: [],
  };

  it("tells what is left to do", () => {
    expect(describeInstallation(installation, {}, scratch)).toMatchInlineSnapshot(`
"terraform-provider-meshery 0.1.0 (linux_amd64) is installed in /home/me/.meshery-iac/terraform/mirror

Tell Terraform and OpenTofu, in your shell and in CI:

  export TF_CLI_CONFIG_FILE=/home/me/.meshery-iac/terraform/terraform.tfrc

In an HCL configuration:

  terraform {
    required_providers {
      meshery = {
        source  = "meshery/meshery"
        version = "~> 0.1.0"
      }
    }
  }

With CDKTF and CDK Terrain set this beside it, or their deploy ends with "Could not retrieve providers for locking":

  export CDKTF_SKIP_PROVIDER_LOCK=true
"
`);
  });

  it("leaves a CLI configuration of one's own alone and says what to add to it", () => {
    const home = join(scratch, "home");
    mkdirSync(home);
    writeFileSync(join(home, ".terraformrc"), "# mine\n");
    expect(describeInstallation(installation, {}, home).replaceAll(home, "/home/me")).toMatchInlineSnapshot(`
"terraform-provider-meshery 0.1.0 (linux_amd64) is installed in /home/me/.meshery-iac/terraform/mirror

You have a CLI configuration of your own, /home/me/.terraformrc. Add to it (it is left as it is):

  provider_installation {
    filesystem_mirror {
      path    = "/home/me/.meshery-iac/terraform/mirror"
      include = ["registry.terraform.io/meshery/meshery", "registry.opentofu.org/meshery/meshery"]
    }
    direct {
      exclude = ["registry.terraform.io/meshery/meshery", "registry.opentofu.org/meshery/meshery"]
    }
  }

If it has a provider_installation already, put the first block into it and the \`exclude\` into its \`direct\`.
Or use ours in its place; what yours says (credentials, plugin cache) does not count then:

  export TF_CLI_CONFIG_FILE=/home/me/.meshery-iac/terraform/terraform.tfrc

In an HCL configuration:

  terraform {
    required_providers {
      meshery = {
        source  = "meshery/meshery"
        version = "~> 0.1.0"
      }
    }
  }

With CDKTF and CDK Terrain set this beside it, or their deploy ends with "Could not retrieve providers for locking":

  export CDKTF_SKIP_PROVIDER_LOCK=true
"
`);
    expect(readFileSync(join(home, ".terraformrc"), "utf8")).toBe("# mine\n");
  });

  it("quotes what a shell would take apart, and names a release before the release exactly", () => {
    const spaced = { ...installation, cliConfigFile: "/my files/terraform.tfrc", version: "0.2.0-rc.1" };
    const text = describeInstallation(spaced, {}, scratch);
    expect(text).toContain("export TF_CLI_CONFIG_FILE='/my files/terraform.tfrc'\n");
    expect(text).toContain('version = "0.2.0-rc.1"');
  });

  it("knows when everything is set, and speaks of lock files after a change", async () => {
    const real = await installTerraformProvider({ dir: join(scratch, "set"), distDir, version: "0.1.0" });
    const text = describeInstallation(
      { ...real, outcome: "replaced", otherVersions: ["0.0.9"] },
      { TF_CLI_CONFIG_FILE: real.cliConfigFile, CDKTF_SKIP_PROVIDER_LOCK: "true" },
      scratch,
    );
    expect(text).toContain("nothing more to do");
    expect(text).not.toContain("export");
    expect(text).toMatch(/old checksum on record[\s\S]*\.terraform\.lock\.hcl/);
    expect(text).toMatch(/Also there: 0\.0\.9\.[\s\S]*init -upgrade/);
  });
});
