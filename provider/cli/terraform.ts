import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { homeFolder } from "../configuration/homeFolder";
import { installationMethods, PROVIDER_SOURCE } from "../terraform/packaging/cliConfig";
import {
  type Installation,
  InstallError,
  type InstallOptions,
  installTerraformProvider,
} from "../terraform/packaging/install";
import { runInstall, shellQuoted } from "./install";

const USAGE = `Usage: meshery-iac terraform install [--dir DIR]

Puts the Meshery provider where \`terraform init\` and \`tofu init\` find it, and prints what to set.

  --dir DIR   where to put it (default: ~/.meshery-iac/terraform)
  -h, --help  print this
`;

/** `meshery-iac terraform ...`. Returns the exit code. `defaults` stand where the command line says nothing. */
export function terraform(argv: string[], defaults: InstallOptions = {}): Promise<number> {
  const install = async (dir: string | undefined) =>
    describeInstallation(await installTerraformProvider({ ...defaults, dir: dir ?? defaults.dir }), process.env);
  const isKnown = (error: unknown): error is Error => error instanceof InstallError;
  return runInstall({ name: "terraform", usage: USAGE, what: "provider", install, isKnown }, argv);
}

/** What was done and what is left to do, for a person. */
export function describeInstallation(installation: Installation, env: NodeJS.ProcessEnv, home = homeFolder()): string {
  const { version, platform, mirror, outcome, cliConfigFile } = installation;
  const done = outcome === "same" ? "is installed already" : "is installed";
  const lines = [`terraform-provider-meshery ${version} (${platform}) ${done} in ${mirror}`, ""];
  lines.push(...tellTheEngine(cliConfigFile, mirror, env, home), "");
  lines.push("In an HCL configuration:", "", ...requiredProviders(version), "");
  if (outcome === "replaced") {
    lines.push(
      `Version ${version} was there with other content. A project that uses it has the old checksum on record: remove the`,
      "entry of meshery/meshery from its .terraform.lock.hcl, then run `terraform init` (`tofu init`).",
      "",
    );
  }
  if (installation.otherVersions.length > 0) {
    lines.push(
      `Also there: ${installation.otherVersions.join(", ")}. A project stays at the version in its .terraform.lock.hcl until`,
      "`terraform init -upgrade` (`tofu init -upgrade`) moves it; commit the changed lock file.",
      "",
    );
  }
  lines.push(...tellConstructs(env));
  return `${lines.join("\n")}\n`;
}

function tellTheEngine(
  cliConfigFile: string,
  mirror: string,
  env: NodeJS.ProcessEnv,
  home: string | undefined,
): string[] {
  if (env.TF_CLI_CONFIG_FILE && sameFile(env.TF_CLI_CONFIG_FILE, cliConfigFile)) {
    return [`TF_CLI_CONFIG_FILE names ${cliConfigFile} already: nothing more to do.`];
  }
  const setting = [
    "Tell Terraform and OpenTofu, in your shell and in CI:",
    "",
    `  export TF_CLI_CONFIG_FILE=${shellQuoted(cliConfigFile)}`,
  ];
  const own = [env.TF_CLI_CONFIG_FILE, home && join(home, ".terraformrc"), home && join(home, ".tofurc")];
  const existing = own.find((file): file is string => Boolean(file) && existsSync(file as string));
  if (!existing) return setting;
  const methods = installationMethods(mirror).trimEnd().split("\n");
  return [
    `You have a CLI configuration of your own, ${existing}. Add to it (it is left as it is):`,
    "",
    "  provider_installation {",
    ...methods.map((line) => `  ${line}`),
    "  }",
    "",
    "If it has a provider_installation already, put the first block into it and the `exclude` into its `direct`.",
    "Or use ours in its place; what yours says (credentials, plugin cache) does not count then:",
    "",
    ...setting.slice(2),
  ];
}

/**
 * `cdktf deploy` has the engine lock providers once more after `init` did, and for that engines ask registries alone, whatever
 * their configuration says. Nothing in a file can change that.
 */
function tellConstructs(env: NodeJS.ProcessEnv): string[] {
  if (/^true$/i.test(env.CDKTF_SKIP_PROVIDER_LOCK ?? "")) {
    return ["CDKTF_SKIP_PROVIDER_LOCK is set: CDKTF and CDK Terrain need nothing more."];
  }
  return [
    'With CDKTF and CDK Terrain set this beside it, or their deploy ends with "Could not retrieve providers for locking":',
    "",
    "  export CDKTF_SKIP_PROVIDER_LOCK=true",
  ];
}

function requiredProviders(version: string): string[] {
  return [
    "  terraform {",
    "    required_providers {",
    "      meshery = {",
    `        source  = "${PROVIDER_SOURCE}"`,
    // A release before the release has to be named exactly.
    `        version = "${version.includes("-") ? version : `~> ${version}`}"`,
    "      }",
    "    }",
    "  }",
  ];
}

function sameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
