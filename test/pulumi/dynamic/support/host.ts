/** The dynamic host of one version of `@pulumi/pulumi`, asked as the engine asks it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PropertyMap, Provider, ProviderProcess } from "../../../pulumi-engine";
import { root } from "./workbench";

/** The oldest host we support: the first that hands the configuration to a provider. */
export const OLDEST = "3.139.0";
export const NEWEST = "installed";

/** Folder of `@pulumi/pulumi` in a version; undefined where it is not there and cannot be had. */
export function pulumiSdk(version: string): string | undefined {
  if (version === NEWEST) return join(root, "node_modules", "@pulumi", "pulumi");
  const folder = join(root, ".cache", "pulumi-hosts", version);
  const sdk = join(folder, "node_modules", "@pulumi", "pulumi");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return sdk;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"];
  try {
    execFileSync("npm", ["install", ...flags, `@pulumi/pulumi@${version}`], { cwd: folder, stdio: "pipe" });
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error);
    console.info(`Skipped with @pulumi/pulumi ${version}: it cannot be installed (${said.trim().split("\n").at(-1)}).`);
    return undefined;
  }
  writeFileSync(complete, "");
  return sdk;
}

/** The line of code that stands in users' state, as it was in the first release. */
export const code = (type: string): string => `exports.handler=()=>require("meshery-iac/dynamic").${type};`;

let runs = 0;

const urnOf = (type: string) => `urn:pulumi:dev::proj::pulumi-nodejs:dynamic/meshery:${type}::name`;
const options = { preview: false, randomSeed: new Uint8Array() };

export class Host {
  private constructor(
    private readonly provider: Provider,
    /** Lines the host printed, which the engine shows to the user. */
    readonly output: string[],
    /** Settles when the process is not there any more. */
    readonly ended: Promise<void>,
  ) {}

  /** `config`: the stack's configuration, with full keys. `cwd`: the program's folder. */
  static async start(settings: {
    sdk: string;
    cwd: string;
    env: Record<string, string | undefined>;
    config?: PropertyMap;
    engineAddress?: string;
  }): Promise<Host> {
    const output: string[] = [];
    // Nobody listens there. Each run of an engine has an address of its own, by which the processes of a run know each other.
    runs += 1;
    const engineAddress = settings.engineAddress ?? `127.0.0.1:${runs}`;
    const process_ = await ProviderProcess.start(
      {
        command: process.execPath,
        args: [join(settings.sdk, "cmd", "dynamic-provider")],
        env: { ...settings.env, PULUMI_NODEJS_PROJECT: "proj" },
      },
      { engineAddress, cwd: settings.cwd, onOutput: (_, line) => void output.push(line) },
    );
    const provider = await Provider.open(process_, () => undefined, engineAddress, settings.cwd);
    provider.configure("urn:pulumi:dev::proj::pulumi:providers:pulumi-nodejs::default", "id", settings.config ?? {});
    return new Host(provider, output, process_.exited);
  }

  check(type: string, news: PropertyMap, olds?: PropertyMap, preview = false) {
    return this.provider.check(urnOf(type), olds, withCode(type, news), { ...options, preview });
  }
  diff(type: string, id: string, outputs: PropertyMap, news: PropertyMap, unknowns = false) {
    return this.provider.diff(urnOf(type), id, { inputs: {}, outputs }, withCode(type, news), { unknowns });
  }
  create(type: string, inputs: PropertyMap) {
    return this.provider.create(urnOf(type), withCode(type, inputs), false);
  }
  update(type: string, id: string, outputs: PropertyMap, news: PropertyMap) {
    return this.provider.update(urnOf(type), id, { inputs: {}, outputs }, withCode(type, news), options);
  }
  /** As a refresh asks. */
  refresh(type: string, id: string, outputs: PropertyMap) {
    return this.provider.read(urnOf(type), id, { outputs, inputs: withCode(type, {}) });
  }
  /** As a `get` in the program asks; `properties`: as engines before 2026 did. */
  get(type: string, id: string, properties: boolean) {
    const given = withCode(type, {});
    return this.provider.read(urnOf(type), id, { inputs: given, ...(properties ? { outputs: given } : {}) });
  }
  delete(type: string, id: string, outputs: PropertyMap) {
    return this.provider.delete(urnOf(type), id, { inputs: {}, outputs });
  }
  close(): Promise<void> {
    return this.provider.close();
  }
}

const withCode = (type: string, properties: PropertyMap): PropertyMap => ({ __provider: code(type), ...properties });
