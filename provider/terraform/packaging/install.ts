import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { homeFolder } from "../../configuration/homeFolder";
import { type Files, type Outcome, placeFolder } from "../../install/folder";
import { cliConfiguration, PROVIDER_SOURCE, REGISTRY_HOSTS } from "./cliConfig";
import { launcherName, launcherScript, START_FILE, startScript } from "./launcher";

export interface InstallOptions {
  /** Where mirror and CLI configuration go. Default ~/.meshery-iac/terraform. */
  dir?: string | undefined;
  /** The folder with the built provider: provider.cjs and other .cjs files it loads. Default: this package's. */
  distDir?: string;
  /** Default: the version of this package. */
  version?: string;
}

export interface Installation {
  dir: string;
  /** To be named by TF_CLI_CONFIG_FILE. */
  cliConfigFile: string;
  /** The folder of the filesystem mirror. */
  mirror: string;
  version: string;
  /** "linux_amd64", as engines call it. */
  platform: string;
  /** The provider's package, one per registry host. */
  packages: string[];
  outcome: Outcome;
  /** Versions that were installed before and still are, for projects whose lock file names them. */
  otherVersions: string[];
}

/** Something the person who asked for the installation can do something about. */
export class InstallError extends Error {
  override readonly name = "InstallError";
}

const PROVIDER_FILE = "provider.cjs";

/**
 * Lays the provider out as a filesystem mirror that `terraform init` and `tofu init` accept, with a CLI configuration
 * that points to it. Other versions in the mirror stay; a running engine never sees half a package.
 * Throws an InstallError where the provider is not built or the platform is not supported.
 */
export async function installTerraformProvider(options: InstallOptions = {}): Promise<Installation> {
  const target = enginePlatform();
  const dir = resolve(options.dir ?? defaultInstallDir());
  const distDir = resolve(options.distDir ?? join(packageRoot(), "dist", "terraform"));
  const version = options.version ?? packageVersion();
  const files = await packageFiles(distDir, version);

  const mirror = join(dir, "mirror");
  const cliConfigFile = join(dir, "terraform.tfrc");
  await mkdir(mirror, { recursive: true });
  const packages = REGISTRY_HOSTS.map((host) => join(mirror, host, PROVIDER_SOURCE, version, target));
  const outcomes: Outcome[] = [];
  // Made ready beside the mirror: engines list what is inside it.
  for (const folder of packages) outcomes.push(await placeFolder(folder, files, dir));
  await placeFile(cliConfigFile, cliConfiguration(mirror));
  return {
    dir,
    cliConfigFile,
    mirror,
    version,
    platform: target,
    packages,
    outcome: outcomes.find((outcome) => outcome !== "same") ?? "same",
    otherVersions: await otherVersions(mirror, version),
  };
}

/** Throws an InstallError where the user has no home folder. */
function defaultInstallDir(): string {
  const home = homeFolder();
  if (home !== undefined) return join(home, ".meshery-iac", "terraform");
  throw new InstallError(
    "HOME is not set and the system knows no home folder of this user. Name a folder (meshery-iac terraform install --dir DIR), or set HOME.",
  );
}

/** The current platform in the engines' words. Throws an InstallError where the provider cannot run. */
export function enginePlatform(os: NodeJS.Platform = platform(), cpu: string = arch()): string {
  if (os === "win32") {
    throw new InstallError(
      "The Terraform provider is not supported on Windows yet: engines start a program there, not a script. " +
        "Use it in WSL (https://learn.microsoft.com/windows/wsl), with Node.js and the engine installed there.",
    );
  }
  const cpus: Record<string, string> = { x64: "amd64", ia32: "386" };
  return `${os}_${cpus[cpu] ?? cpu}`;
}

async function packageFiles(distDir: string, version: string): Promise<Files> {
  const files = new Map([
    [launcherName(version), { content: Buffer.from(launcherScript()), mode: 0o755 }],
    [START_FILE, { content: Buffer.from(startScript()), mode: 0o644 }],
  ]);
  const built = await readdir(distDir).catch(() => []);
  for (const name of built.filter((file) => file.endsWith(".cjs"))) {
    files.set(name, { content: await readFile(join(distDir, name)), mode: 0o644 });
  }
  if (files.has(PROVIDER_FILE)) return files;
  throw new InstallError(`There is no built provider in ${distDir}. In a checkout, run \`npm run build\` first.`);
}

async function placeFile(path: string, text: string): Promise<void> {
  const there = await readFile(path, "utf8").catch(() => undefined);
  if (there === text) return;
  const staging = await mkdtemp(join(dirname(path), ".new-"));
  try {
    const fresh = join(staging, basename(path));
    await writeFile(fresh, text);
    await rename(fresh, path);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function otherVersions(mirror: string, version: string): Promise<string[]> {
  const [host] = REGISTRY_HOSTS;
  const found = await readdir(join(mirror, host, PROVIDER_SOURCE));
  return found.filter((name) => name !== version && !name.startsWith("."));
}

/** The folder of this npm package, from its sources or from its bundles. */
function packageRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && readPackage(file).name === "meshery-iac") return folder;
    if (dirname(folder) === folder)
      throw new InstallError(`meshery-iac is not complete: no package.json above ${__dirname}`);
  }
}

function packageVersion(): string {
  return readPackage(join(packageRoot(), "package.json")).version ?? "0.0.0";
}

function readPackage(file: string): { name?: string; version?: string } {
  return JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
}
