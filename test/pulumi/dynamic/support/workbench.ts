/**
 * A folder in which programs find the built package as after `npm install`, and a Meshery for them to talk to.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MesheryServer, type MesheryServerOptions } from "../../../../provider/server";
import { parseWorld, type World } from "../../../../provider/topology";
import { type StackDriver, TestStack, type TestStackOptions } from "../../../pulumi-engine";
import { CliStack, findPulumi } from "../../../support/pulumiCli";

export const root = resolve(__dirname, "..", "..", "..", "..");

/** The built package in a fresh folder below `.cache`, so that `@pulumi/pulumi` is found from there too. */
function installPackage(): string {
  const cache = join(root, ".cache", "pulumi-dynamic");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "bench-"));
  const target = join(folder, "node_modules", "meshery-iac");
  for (const part of ["package.json", join("dist", "pulumi"), join("dist", "dynamic")]) {
    cpSync(join(root, part), join(target, part), { recursive: true });
  }
  return folder;
}

/** The world of the examples as a team finds it: connections and workspaces, and no environment yet. */
export function exampleWorld(): World {
  const file = join(root, "examples", "world.yaml");
  const world = parseWorld(readFileSync(file, "utf8"), file);
  const workspaces = Object.entries(world.workspaces).map(([key, row]) => [key, { ...row, environments: [] }]);
  return { ...world, environments: {}, workspaces: Object.fromEntries(workspaces) };
}

/** A program of one file, and files beside it. */
export interface ProgramFiles {
  [file: string]: string;
}

export class Workbench {
  private programs = 0;
  private readonly stacks: StackDriver[] = [];

  private constructor(
    readonly folder: string,
    readonly server: MesheryServer,
  ) {}

  static async open(options: MesheryServerOptions = {}): Promise<Workbench> {
    return new Workbench(installPackage(), await MesheryServer.start({ world: exampleWorld(), ...options }));
  }

  /** Writes a program; `index.ts` begins with the imports of both packages. */
  program(source: string, files: ProgramFiles = {}): string {
    this.programs += 1;
    const folder = join(this.folder, `program-${this.programs}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: proj\nruntime: nodejs\n");
    this.rewrite(folder, source, files);
    return folder;
  }

  /** Edits a program. */
  rewrite(folder: string, source: string, files: ProgramFiles = {}): void {
    for (const [file, text] of Object.entries({ "index.ts": `${IMPORTS}${source}`, ...files })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  }

  /** A copy of one of the examples. */
  example(name: string): string {
    const folder = join(this.folder, name);
    cpSync(join(root, "examples", "pulumi", name), folder, { recursive: true });
    return folder;
  }

  /** What a user's shell would say about the server: nothing of the machine the tests run on. */
  environment(): Record<string, string | undefined> {
    return {
      MESHERY_URL: this.server.url,
      MESHERY_TOKEN: this.server.token,
      MESHERY_PROVIDER: undefined,
      MESHERY_ORGANIZATION_ID: undefined,
      MESHERY_ADOPT: undefined,
      CI: "1",
    };
  }

  /** A stack of a program; with `environment` in place of what a shell would say. */
  async stack(engine: EngineName, programDir: string, options: TestStackOptions = {}): Promise<StackDriver> {
    const settings = { programDir, ...options, env: options.env ?? this.environment() };
    const stack = engine === "pulumi" ? await CliStack.create(settings) : new TestStack(settings);
    this.stacks.push(stack);
    return stack;
  }

  async close(): Promise<void> {
    for (const stack of this.stacks) await stack.dispose();
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const IMPORTS = 'import * as pulumi from "@pulumi/pulumi";\nimport * as meshery from "meshery-iac/pulumi";\n';

export type EngineName = "test engine" | "pulumi";

/** The engines there are: always the one of the tests, and a real one where it is on the PATH. */
export function engines(): EngineName[] {
  const pulumi = findPulumi();
  if (pulumi.available) return ["test engine", "pulumi"];
  console.info(`Skipped with a real engine: ${pulumi.reason}.`);
  return ["test engine"];
}
