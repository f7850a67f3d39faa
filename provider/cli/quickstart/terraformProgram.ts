import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { installTerraformProvider } from "../../terraform/packaging/install";
import { packageRoot } from "../package";
import type { QuickstartEngine } from "./engine";
import type { QuickstartMeshery } from "./meshery";
import {
  addGithub,
  cleanEnvironment,
  EXAMPLE,
  linkPackages,
  planOf,
  type QuickstartPlan,
  type QuickstartProgram,
} from "./program";

const run = promisify(execFile);

/** The program in a folder of its own: CDKTF where the library can be found, else the same in HCL. */
export async function terraformProgram(
  engine: QuickstartEngine,
  folder: string,
  meshery: QuickstartMeshery,
): Promise<QuickstartProgram> {
  const distDir = join(packageRoot, "dist", "terraform");
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  const { cliConfigFile } = await installTerraformProvider({ dir: join(folder, "provider"), distDir, version });
  const env = {
    ...cleanEnvironment(),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    ...meshery.environment,
    TF_CLI_CONFIG_FILE: cliConfigFile,
  };
  const source = cdktfProgram(folder, env) ?? hclProgram(folder);
  await source.write();

  const engineRun = async (...args: string[]) => {
    try {
      return (await run(engine.path, args, { cwd: source.stack, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${engine.name} ${args[0]} failed\n${stdout}${stderr}`);
    }
  };
  await engineRun("init", "-input=false", "-no-color");
  return {
    what: `${source.what}, in ${folder}`,
    async plan() {
      await source.write();
      await engineRun("plan", "-input=false", "-no-color", "-out=quickstart.tfplan");
      return readPlan(await engineRun("show", "-json", "quickstart.tfplan"));
    },
    apply: async () => void (await engineRun("apply", "-input=false", "-no-color", "quickstart.tfplan")),
    edit: () => source.edit(),
    destroy: async () => void (await engineRun("destroy", "-auto-approve", "-input=false", "-no-color")),
  };
}

interface Source {
  what: string;
  /** Where the engine runs. */
  stack: string;
  write(): Promise<void>;
  edit(): string;
}

function cdktfProgram(folder: string, env: NodeJS.ProcessEnv): Source | undefined {
  if (!linkPackages(folder, ["cdktf", "constructs"])) return undefined;
  const file = join(folder, "main.cjs");
  cpSync(join(packageRoot, "dist", "examples", "cdktf", `${EXAMPLE}.cjs`), file);
  return {
    what: "CDKTF program main.cjs",
    stack: join(folder, "cdktf.out", "stacks", EXAMPLE),
    write: async () => void (await run(process.execPath, [file], { cwd: folder, env })),
    edit: () => addGithub(file),
  };
}

function hclProgram(folder: string): Source {
  const stack = join(folder, EXAMPLE);
  cpSync(join(packageRoot, "examples", "hcl", EXAMPLE), stack, { recursive: true });
  return {
    what: "HCL program main.tf (cdktf is not installed)",
    stack,
    write: async () => undefined,
    edit: () => addGithub(join(stack, "main.tf")),
  };
}

const SIGNS: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  "delete,create": "-/+",
  "create,delete": "+/-",
};

function readPlan(json: string): QuickstartPlan {
  const { resource_changes = [] } = JSON.parse(json) as {
    resource_changes?: { address: string; mode: string; change: { actions: string[] } }[];
  };
  const changes = resource_changes
    .filter(({ mode, change }) => mode === "managed" && SIGNS[change.actions.join(",")])
    .map(({ address, change }) => `${SIGNS[change.actions.join(",")]} ${address}`);
  return planOf(changes);
}
