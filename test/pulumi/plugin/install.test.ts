import { execFileSync } from "node:child_process";
import {
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
import { join } from "node:path";
import { describePluginInstallation, pulumi } from "../../../provider/cli/pulumi";
import { installPulumiPlugin, PluginInstallError, pluginCache } from "../../../provider/pulumi/install";
import { pluginFolder } from "./support/plugin";
import { schema } from "./support/schema";

const FILES = readdirSync(pluginFolder)
  .filter((name) => name !== "nodejs")
  .sort();

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const install = (options: { dir?: string } = {}) =>
  installPulumiPlugin({ from: pluginFolder, env: { PULUMI_HOME: home }, ...options });
const cached = (version = schema.version) => join(home, "plugins", `resource-meshery-v${version}`);

describe("meshery-iac pulumi install", () => {
  test("puts the plugin into Pulumi's cache, ready to run", async () => {
    expect(await install()).toEqual({
      folder: cached(),
      version: schema.version,
      inCache: true,
      outcome: "installed",
      otherVersions: [],
    });
    expect(readdirSync(cached()).sort()).toEqual(FILES);
    expect(readdirSync(join(home, "plugins"))).toEqual([`resource-meshery-v${schema.version}`]);
    const version = execFileSync(join(cached(), "pulumi-resource-meshery"), ["--version"], { encoding: "utf8" });
    expect(version.trim()).toBe(schema.version);
  });

  test("is done already the second time, and puts right what was changed", async () => {
    await install();
    const { ctimeMs } = statSync(cached());
    expect((await install()).outcome).toBe("same");
    expect(statSync(cached()).ctimeMs).toBe(ctimeMs);
    writeFileSync(join(cached(), "plugin.cjs"), "changed");
    expect((await install()).outcome).toBe("replaced");
    const shipped = readFileSync(join(pluginFolder, "plugin.cjs"));
    expect(readFileSync(join(cached(), "plugin.cjs")).equals(shipped)).toBe(true);
  });

  test("leaves other versions and other plugins alone, and takes away what an interrupted installation left", async () => {
    mkdirSync(join(home, "plugins", "resource-meshery-v0.0.9"), { recursive: true });
    mkdirSync(join(home, "plugins", "resource-random-v4.0.0"));
    writeFileSync(`${cached()}.partial`, "");
    writeFileSync(`${cached("0.0.9")}.lock`, "");
    const installation = await install();
    expect(installation.otherVersions).toEqual(["0.0.9"]);
    expect(existsSync(`${cached()}.partial`)).toBe(false);
    expect(readdirSync(join(home, "plugins")).length).toBe(4);
    expect(describePluginInstallation(installation, pluginFolder)).toContain("Also there: 0.0.9");
  });

  test("several at once leave one whole plugin", async () => {
    await Promise.all(Array.from({ length: 5 }, () => install()));
    expect(readdirSync(join(home, "plugins"))).toEqual([`resource-meshery-v${schema.version}`]);
    expect(readdirSync(cached()).sort()).toEqual(FILES);
  });

  test("fills a folder of one's own, but not one with other things in it", async () => {
    const dir = join(home, "mine");
    const installation = await install({ dir });
    expect(installation).toMatchObject({ folder: dir, inCache: false, outcome: "installed" });
    expect(describePluginInstallation(installation, pluginFolder)).toContain(`path: ${dir}`);
    expect((await install({ dir })).outcome).toBe("same");
    writeFileSync(join(home, "precious.txt"), "mine");
    await expect(install({ dir: home })).rejects.toThrow(PluginInstallError);
    await expect(install({ dir: join(home, "precious.txt") })).rejects.toThrow(/cannot be used/);
  });

  test("says so where the plugin is not built", async () => {
    await expect(installPulumiPlugin({ from: home, env: {} })).rejects.toThrow(/npm run build/);
  });

  test("finds Pulumi's cache", () => {
    expect(pluginCache({ PULUMI_HOME: "/elsewhere" })).toBe(join("/elsewhere", "plugins"));
    expect(pluginCache({})).toMatch(/[\\/]\.pulumi[\\/]plugins$/);
  });
});

describe("the command", () => {
  let out = "";
  let err = "";
  beforeEach(() => {
    out = "";
    err = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test("tells what was done and the other ways", async () => {
    const dir = join(home, "plugin");
    expect(await pulumi(["install", "--dir", dir])).toBe(0);
    expect(out).toContain(`pulumi-resource-meshery ${schema.version} is installed in ${dir}`);
    for (const way of ["plugins:", "pulumi package add", "pulumi plugin install resource meshery", "PATH"]) {
      expect(out).toContain(way);
    }
    expect(await pulumi(["--help"])).toBe(0);
    expect(err).toBe("");
  });

  test.each([[[]], [["remove"]], [["install", "--dir="]], [["install", "--nothing"]]])("refuses %j", async (argv) => {
    expect(await pulumi(argv)).toBe(2);
    expect(err).toContain("Usage: meshery-iac pulumi install");
  });

  test("fails with a sentence", async () => {
    writeFileSync(join(home, "other"), "");
    expect(await pulumi(["install", "--dir", home])).toBe(1);
    expect(err).toMatch(/could not be installed: .* holds other files/);
  });
});
