import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { installTerraformProvider } from "../../terraform/install";
import { packageRoot } from "../package";
import type { QuickstartEngine } from "./engine";
import type { QuickstartMeshery } from "./meshery";

const run = promisify(execFile);

export interface QuickstartPlan {
  changes: string[];
  text: string;
}
export interface QuickstartProgram {
  what: string;
  plan(): Promise<QuickstartPlan>;
  /** Applies the plan that was made last. */
  apply(): Promise<void>;
  /** Changes one line; gives the line before and after. */
  edit(): string;
  destroy(): Promise<void>;
}

const EXAMPLE = "environment-per-stage";

/** The program in a folder of its own: CDKTF where the library can be found, else the same in HCL. */
export async function prepareProgram(
  engine: QuickstartEngine,
  folder: string,
  meshery: QuickstartMeshery,
): Promise<QuickstartProgram> {
  const distDir = join(packageRoot, "dist", "terraform");
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  const { cliConfigFile } = await installTerraformProvider({ dir: join(folder, "provider"), distDir, version });
  const env = { ...cleanEnvironment(), ...meshery.environment, TF_CLI_CONFIG_FILE: cliConfigFile };
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

/** Neither the user's configuration nor credentials of a real Meshery may get in. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !/^(TF_|MESHERY_|CDKTF_)/.test(key));
  return { ...Object.fromEntries(own), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", CI: "1" };
}

interface Source {
  what: string;
  /** Where the engine runs. */
  stack: string;
  write(): Promise<void>;
  edit(): string;
}

function cdktfProgram(folder: string, env: NodeJS.ProcessEnv): Source | undefined {
  const modules = join(folder, "node_modules");
  const own = createRequire(join(packageRoot, "package.json"));
  const found: [string, string][] = [["meshery-iac", packageRoot]];
  try {
    for (const library of ["cdktf", "constructs"]) found.push([library, packageFolder(own, library)]);
  } catch {
    return undefined;
  }
  mkdirSync(modules);
  for (const [name, target] of found) symlinkSync(target, join(modules, name), "junction");
  const file = join(folder, "main.cjs");
  cpSync(join(packageRoot, "dist", "examples", `${EXAMPLE}.cjs`), file);
  return {
    what: "CDKTF program main.cjs",
    stack: join(folder, "cdktf.out", "stacks", EXAMPLE),
    write: async () => void (await run(process.execPath, [file], { cwd: folder, env })),
    edit: () =>
      replaceLine(file, '["dev-k3s-local", "dev-prometheus"]', '["dev-k3s-local", "dev-prometheus", "github-main"]'),
  };
}

function packageFolder(require: NodeJS.Require, name: string): string {
  let folder = dirname(require.resolve(name));
  while (!readable(join(folder, "package.json"), name)) folder = dirname(folder);
  return folder;
}
function readable(file: string, name: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === name;
  } catch {
    return dirname(dirname(file)) === dirname(file);
  }
}

function hclProgram(folder: string): Source {
  const stack = join(folder, EXAMPLE);
  cpSync(join(packageRoot, "examples", "hcl", EXAMPLE), stack, { recursive: true });
  return {
    what: "HCL program main.tf (cdktf is not installed)",
    stack,
    write: async () => undefined,
    edit: () =>
      replaceLine(
        join(stack, "main.tf"),
        '["dev-k3s-local", "dev-prometheus"]',
        '["dev-k3s-local", "dev-prometheus", "github-main"]',
      ),
  };
}

function replaceLine(file: string, from: string, to: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(from));
  const before = lines[index];
  if (before === undefined) throw new Error(`${file} has no line with ${from}`);
  lines[index] = before.replace(from, to);
  writeFileSync(file, lines.join("\n"));
  return `- ${before.trim()}\n+ ${lines[index].trim()}`;
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
  const text =
    changes.length === 0 ? "no changes" : `${changes.length} to do:\n${changes.map((line) => `  ${line}`).join("\n")}`;
  return { changes, text };
}
