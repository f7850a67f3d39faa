import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageRoot } from "../package";

export interface QuickstartPlan {
  changes: string[];
  text: string;
}

/** A program and its engine, as the quickstart drives them. */
export interface QuickstartProgram {
  what: string;
  plan(): Promise<QuickstartPlan>;
  /** Applies the plan that was made last. */
  apply(): Promise<void>;
  /** Changes one line; gives the line before and after. */
  edit(): string;
  destroy(): Promise<void>;
}

export const EXAMPLE = "environment-per-stage";

export const planOf = (changes: string[]): QuickstartPlan => ({
  changes,
  text:
    changes.length === 0 ? "no changes" : `${changes.length} to do:\n${changes.map((line) => `  ${line}`).join("\n")}`,
});

/** The one line that the quickstart changes: development gets the GitHub connection, too. */
export function addGithub(file: string): string {
  const [from, to] = ['["dev-k3s-local", "dev-prometheus"]', '["dev-k3s-local", "dev-prometheus", "github-main"]'];
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(from));
  const before = lines[index];
  if (before === undefined) throw new Error(`${file} has no line with ${from}`);
  lines[index] = before.replace(from, to);
  writeFileSync(file, lines.join("\n"));
  return `- ${before.trim()}\n+ ${lines[index].trim()}`;
}

/** Neither the user's configuration nor credentials of a real Meshery may get in. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !/^(TF_|MESHERY_|CDKTF_|PULUMI_)/.test(key));
  return { ...Object.fromEntries(own), CI: "1" };
}

const own = createRequire(join(packageRoot, "package.json"));

export const installed = (library: string): boolean => packageFolder(library) !== undefined;

/** Makes this package and `libraries` importable from a folder; false where one of them is not installed. */
export function linkPackages(folder: string, libraries: readonly string[]): boolean {
  const found: [string, string][] = [["meshery-iac", packageRoot]];
  for (const library of libraries) {
    const target = packageFolder(library);
    if (target === undefined) return false;
    found.push([library, target]);
  }
  for (const [name, target] of found) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction");
  }
  return true;
}

function packageFolder(name: string): string | undefined {
  let folder: string;
  try {
    folder = dirname(own.resolve(name));
  } catch {
    return undefined;
  }
  while (nameIn(folder) !== name) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return folder;
}

function nameIn(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
