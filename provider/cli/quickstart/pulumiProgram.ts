import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../package";
import type { QuickstartEngine } from "./engine";
import type { QuickstartMeshery } from "./meshery";
import { addGithub, cleanEnvironment, EXAMPLE, linkPackages, planOf, type QuickstartProgram } from "./program";

const SIGNS: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "+/-",
  "create-replacement": "+/-",
};

/** The program for Pulumi, with its own home and a state in files. */
export async function pulumiProgram(
  engine: QuickstartEngine,
  folder: string,
  meshery: QuickstartMeshery,
): Promise<QuickstartProgram> {
  if (!linkPackages(folder, ["@pulumi/pulumi"])) {
    throw new Error(
      "@pulumi/pulumi is not installed: npm install @pulumi/pulumi, or choose --engine terraform or tofu",
    );
  }
  const program = join(folder, "index.js");
  cpSync(join(packageRoot, "dist", "examples", "pulumi", `${EXAMPLE}.cjs`), program);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: quickstart\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), '{ "name": "quickstart", "main": "index.js" }\n');
  for (const name of ["home", "state"]) mkdirSync(join(folder, name));
  const env = {
    ...cleanEnvironment(),
    ...meshery.environment,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "quickstart",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = async (...args: string[]) => {
    try {
      const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
      return (await promisify(execFile)(engine.path, [...args, "--non-interactive"], options)).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`pulumi ${args[0]} failed\n${stdout}${stderr}`);
    }
  };
  await run("stack", "init", "quickstart");
  return {
    what: `Pulumi program index.js, in ${folder}`,
    plan: async () => planOf(changes(await run("preview", "--json"))),
    apply: async () => void (await run("up", "--yes", "--skip-preview")),
    edit: () => addGithub(program),
    destroy: async () => void (await run("destroy", "--yes", "--skip-preview")),
  };
}

function changes(json: string): string[] {
  const { steps = [] } = JSON.parse(json) as { steps?: { op: string; urn: string }[] };
  return steps
    .filter(({ op, urn }) => SIGNS[op] && urn.includes("meshery:"))
    .map(({ op, urn }) => {
      const [, , type = "", ...name] = urn.split("::");
      return `${SIGNS[op]} ${type.split(":").at(-1)} ${name.join("::")}`;
    });
}
