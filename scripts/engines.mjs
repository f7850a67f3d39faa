// Gets OpenTofu into .cache/engines/<version>/tofu, for machines that have Go and no engine.
//
//   npm run engines
//
// OpenTofu is built from its Go module, through whatever module proxy Go is set up to use, and checked against Go's
// checksum database. Nothing outside .cache/ and Go's own caches is written.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

export const OPENTOFU_VERSION = "1.12.6";

const MODULE = "github.com/opentofu/opentofu";
const COMMAND = `${MODULE}/cmd/tofu`;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PROGRESS_EVERY_MS = 15_000;

/** Where `npm run engines` puts OpenTofu, whether or not it is there yet. */
export function openTofuPath(version = OPENTOFU_VERSION) {
  return join(root, ".cache", "engines", version, process.platform === "win32" ? "tofu.exe" : "tofu");
}

/**
 * Builds OpenTofu unless it is there already. Returns the path of the executable.
 * Throws an Error whose message is fit for a user when Go is missing or the build fails.
 */
export async function ensureOpenTofu({ version = OPENTOFU_VERSION, report = console.log } = {}) {
  const target = openTofuPath(version);
  if (versionOf(target) === version) {
    report(`OpenTofu ${version} is ready: ${target}`);
    return target;
  }
  const goVersion = run("go", ["env", "GOVERSION"], { missing: goIsMissing() }).trim();
  mkdirSync(dirname(target), { recursive: true });
  const build = mkdtempSync(join(dirname(target), "build-"));
  try {
    report(`Downloading the source of OpenTofu ${version} (${goVersion}) ...`);
    writeToolModule(build, version);
    const packages = run("go", ["list", "-mod=mod", "-deps", COMMAND], { cwd: build }).trim().split("\n").length;
    report(`Compiling ${packages} packages; the first time this takes some minutes ...`);
    const made = join(build, "tofu.out");
    await compile(build, made, packages, report);
    const seen = versionOf(made);
    if (seen !== version) throw new Error(`the built OpenTofu says it is version ${seen ?? "unknown"}, not ${version}`);
    renameSync(made, target); // last, so that an interrupted run leaves nothing that looks finished
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  report(`OpenTofu ${version} is ready: ${target}`);
  return target;
}

/**
 * A module that has OpenTofu's command as its tool. A dependency's `replace` lines do not count in Go, so they are
 * repeated here (OpenTofu swaps an HCL library for its own fork), and its `require` lines too, so that the versions
 * compiled are the released ones.
 */
function writeToolModule(dir, version) {
  const download = JSON.parse(run("go", ["mod", "download", "-json", `${MODULE}@v${version}`], { cwd: dir }));
  const theirs = JSON.parse(run("go", ["mod", "edit", "-json", download.GoMod], { cwd: dir }));
  const lines = ["module engines", "", `go ${theirs.Go}`, "", `tool ${COMMAND}`, "", `require ${MODULE} v${version}`];
  for (const { Path, Version } of theirs.Require ?? []) lines.push(`require ${Path} ${Version} // indirect`);
  for (const { Old, New } of theirs.Replace ?? []) {
    if (!New.Version)
      throw new Error(`OpenTofu ${version} replaces ${Old.Path} by a local folder; it cannot be built so`);
    lines.push(`replace ${[Old.Path, Old.Version].filter(Boolean).join(" ")} => ${New.Path} ${New.Version}`);
  }
  writeFileSync(join(dir, "go.mod"), `${lines.join("\n")}\n`);
  const sums = join(download.Dir, "go.sum");
  if (existsSync(sums)) copyFileSync(sums, join(dir, "go.sum"));
}

function compile(cwd, out, packages, report) {
  const args = ["build", "-mod=mod", "-trimpath", "-v", "-o", out];
  args.push("-ldflags", `-s -w -X ${MODULE}/version.dev=no`, COMMAND);
  /** @type {Promise<void>} */
  const done = new Promise((resolve, reject) => {
    const child = spawn("go", args, { cwd, env: goEnvironment(), stdio: ["ignore", "ignore", "pipe"] });
    const started = Date.now();
    let compiled = 0;
    const said = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      // `-v` names each package on a line of its own; anything else is a message.
      if (/^[\w.~/-]+$/.test(line)) compiled++;
      else said.push(line);
    });
    const timer = setInterval(() => {
      const seconds = Math.round((Date.now() - started) / 1000);
      report(`  ${seconds} s: ${compiled} of at most ${packages} packages compiled`);
    }, PROGRESS_EVERY_MS);
    child.on("error", (error) => {
      clearInterval(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearInterval(timer);
      if (code === 0) resolve();
      else reject(new Error(`go build ended with ${code}:\n${said.slice(-20).join("\n")}`));
    });
  });
  return done;
}

// A workspace file above this folder, or flags such as -mod=vendor, are about the user's own modules.
function goEnvironment() {
  return { ...process.env, GOWORK: "off", GOFLAGS: "-buildvcs=false", CGO_ENABLED: "0" };
}

function versionOf(executable) {
  if (!existsSync(executable)) return undefined;
  try {
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: process.platform === "win32" ? "nul" : "/dev/null",
    };
    const out = execFileSync(executable, ["version", "-json"], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(out).terraform_version;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, missing?: string}} options  `missing`: what to say where there is no such command
 */
function run(command, args, { cwd, missing } = {}) {
  try {
    /** @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
    const options = {
      cwd,
      env: goEnvironment(),
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "pipe"],
    };
    return execFileSync(command, args, options);
  } catch (error) {
    if (error.code === "ENOENT" && missing) throw new Error(missing);
    const said = String(error.stderr ?? error.message)
      .trim()
      .split("\n")
      .slice(-20)
      .join("\n");
    throw new Error(`${command} ${args.join(" ")} failed:\n${said}`);
  }
}

function goIsMissing() {
  return [
    "Go is not on the PATH, so OpenTofu cannot be built here.",
    "Install Go (https://go.dev/dl) and run this again, or install an engine yourself:",
    "OpenTofu (https://opentofu.org/docs/intro/install) or Terraform (https://developer.hashicorp.com/terraform/install).",
  ].join("\n");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureOpenTofu();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
