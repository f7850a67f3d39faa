import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../package";
import { installed } from "./program";

export interface QuickstartEngine {
  name: "pulumi" | "terraform" | "tofu";
  path: string;
  version: string;
}

const NAMES = ["pulumi", "terraform", "tofu"] as const;

/** The engine to use, or what to tell the user where there is none. */
export async function findEngine(wanted: string | undefined): Promise<QuickstartEngine | string> {
  if (wanted !== undefined && !NAMES.includes(wanted as (typeof NAMES)[number])) {
    return `meshery-iac quickstart: --engine must be one of ${NAMES.join(", ")}, not "${wanted}".`;
  }
  for (const name of NAMES) {
    if (wanted !== undefined && name !== wanted) continue;
    if (name === "pulumi" && wanted === undefined && !installed("@pulumi/pulumi")) continue;
    const path = onPath(name) ?? inCache(name);
    const version = path && (await versionOf(name, path));
    if (path && version) return { name, path, version };
  }
  return [
    `meshery-iac quickstart: ${wanted ? `${wanted} was not found` : "none of pulumi, terraform and tofu was found"} on the PATH.`,
    "Install OpenTofu (https://opentofu.org/docs/intro/install), Terraform (https://developer.hashicorp.com/terraform/install) or Pulumi (https://www.pulumi.com/docs/install); with Go on the machine, `npm run engines` in a clone of the repository makes OpenTofu.",
  ].join("\n");
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders
    .map((folder) => join(folder, process.platform === "win32" ? `${name}.exe` : name))
    .find((file) => existsSync(file));
}

/** What `npm run engines` made in a clone. */
function inCache(name: string): string | undefined {
  const cache = join(packageRoot, ".cache", "engines");
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .map((version) => join(cache, version, name))
    .find((file) => existsSync(file));
}

async function versionOf(name: QuickstartEngine["name"], path: string): Promise<string | undefined> {
  try {
    const env: NodeJS.ProcessEnv = { ...process.env, CHECKPOINT_DISABLE: "1", PULUMI_SKIP_UPDATE_CHECK: "true" };
    delete env.TF_CLI_CONFIG_FILE;
    const { stdout } = await promisify(execFile)(path, name === "pulumi" ? ["version"] : ["version", "-json"], { env });
    return name === "pulumi"
      ? stdout.trim().replace(/^v/, "")
      : (JSON.parse(stdout) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
