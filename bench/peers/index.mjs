// The peers that are measured side by side: our provider as it is installed, one hand-written in Go with one request for
// each thing it needs, and Terraform's own terraform_data with curl.
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { topology, topologyByCommands } from "../programs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const cache = join(root, ".cache", "bench");

/**
 * Makes the peers ready that this machine can run, ours first; the others say through `log` why they are left out.
 * A peer has `key`, `label`, `cliConfigFile`, `program` (files for a topology), `providerFolder` where it is a provider,
 * and what only its state has.
 */
export async function preparePeers({ log }) {
  mkdirSync(cache, { recursive: true });
  /** @type {object[]} */
  const peers = [installed()];
  for (const prepare of [builtWithGo, withCurl]) {
    const peer = await prepare({ log });
    if (peer) peers.push(peer);
  }
  return peers;
}

/** As a user gets it: what `meshery-iac terraform install` lays out, start script included. */
function installed() {
  const dir = join(cache, "terraform");
  execFileSync(process.execPath, [join(root, "dist", "cli.cjs"), "terraform", "install", "--dir", dir]);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const mirror = join(dir, "mirror", "registry.terraform.io", "meshery", "meshery", version);
  const cpu = { x64: "amd64", ia32: "386" }[process.arch] ?? process.arch;
  const flags = { adopt: false, force_destroy: false, adopted: false };
  return {
    key: "ours",
    label: "meshery-iac",
    ...developed("ours", join(mirror, `${process.platform}_${cpu}`)),
    stateExtra: { environment: flags, edges: true },
  };
}

async function builtWithGo({ log }) {
  const file = await built(".", "terraform-provider-meshery", "the provider written in Go", log);
  return file && { key: "go", label: "Go", ...developed("go", dirname(file)), stateExtra: {} };
}

/** A program that sends calls as an engine does; undefined, with a word through `log`, where it cannot be built. */
export async function clientInGo({ log }) {
  mkdirSync(cache, { recursive: true });
  return built("./calls", "calls", "an engine's calls, sent by a program in Go", log);
}

/** The file of a program in `go/`; undefined, with a word through `log`, where it cannot be built. */
async function built(what, name, subject, log) {
  const file = join(cache, "go", name);
  if (!succeeds("go", ["version"])) {
    log(`skipped: ${subject}, because there is no go on the PATH`);
    return undefined;
  }
  if (!existsSync(file)) log(`Building ${subject}; the first time this takes a minute or two ...`);
  try {
    const args = ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", file, what];
    await promisify(execFile)("go", args, { cwd: join(here, "go") });
  } catch (error) {
    log(`skipped: ${subject}, because it cannot be built here: ${String(error.stderr).trim()}`);
    return undefined;
  }
  return file;
}

/** A provider in a folder of its own, found by a development override: no `init` stands between start and figure. */
function developed(key, providerFolder) {
  const overrides = `dev_overrides {\n    "meshery/meshery" = ${JSON.stringify(providerFolder)}\n  }`;
  return {
    providerFolder,
    cliConfigFile: cliConfig(key, overrides),
    program: topology,
  };
}

async function withCurl({ log }) {
  const missing = ["curl", "jq"].filter((tool) => !succeeds(tool, ["--version"]));
  if (process.platform === "win32") missing.push("a POSIX shell");
  if (missing.length > 0) {
    log(`skipped: terraform_data with curl, because ${missing.join(" and ")} cannot be found`);
    return undefined;
  }
  const script = readFileSync(join(here, "curl", "meshery.sh"), "utf8");
  return {
    key: "curl",
    label: "curl",
    cliConfigFile: cliConfig("curl", "dev_overrides {}"),
    program: (size) => topologyByCommands(size, script),
  };
}

/** Nothing is installed from anywhere, least of all from the network. */
function cliConfig(key, content) {
  const file = join(cache, `${key}.tfrc`);
  writeFileSync(file, `provider_installation {\n  ${content}\n}\n`);
  chmodSync(file, 0o600);
  return file;
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
