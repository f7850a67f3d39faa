import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { homeFolder } from "../configuration/homeFolder";
import { type Files, type Outcome, placeFolder } from "../install/folder";

export interface PluginInstallOptions {
  /** The folder with the built plugin. */
  from: string;
  /** The folder that becomes the plugin's. Default: the plugin's place in Pulumi's plugin cache. */
  dir?: string | undefined;
  /** Asked for PULUMI_HOME. */
  env: NodeJS.ProcessEnv;
}

export interface PluginInstallation {
  /** Where the plugin is now. */
  folder: string;
  version: string;
  /** Whether it is Pulumi's own plugin cache, where `pulumi` looks by itself. */
  inCache: boolean;
  outcome: Outcome;
  /** Other versions in the same cache; programs that name none use the newest. */
  otherVersions: string[];
}

/** Something the person who asked for the installation can do something about. */
export class PluginInstallError extends Error {
  override readonly name = "PluginInstallError";
}

const CACHED = /^resource-meshery-v(.+)$/;

/** Pulumi's plugin cache; undefined where nothing says where it is. */
export function pluginCache(env: NodeJS.ProcessEnv): string | undefined {
  const home = homeFolder();
  const pulumi = env.PULUMI_HOME || (home && join(home, ".pulumi"));
  return pulumi ? resolve(pulumi, "plugins") : undefined;
}

const NO_CACHE =
  "HOME is not set and the system knows no home folder of this user. Set HOME or PULUMI_HOME, or name the plugin's own folder (meshery-iac pulumi install --dir DIR).";

/**
 * Puts the plugin where `pulumi` finds it, as `pulumi plugin install resource meshery VERSION --file TARBALL` does. A running
 * engine never sees half a plugin; other versions stay.
 * @throws PluginInstallError where the plugin is not built, or where the folder is somebody else's
 */
export async function installPulumiPlugin({ from, dir, env }: PluginInstallOptions): Promise<PluginInstallation> {
  const { files, version } = await pluginFiles(from);
  const cache = pluginCache(env);
  if (dir === undefined && cache === undefined) throw new PluginInstallError(NO_CACHE);
  const folder = dir === undefined ? join(cache!, `resource-meshery-v${version}`) : resolve(dir);
  if (dir !== undefined) await requireOwn(folder);
  const outcome = await placeFolder(folder, files);
  // What an installation of Pulumi's own left half done would hide the plugin.
  if (dir === undefined) await rm(`${folder}.partial`, { force: true });
  const cached = cache !== undefined && dirname(folder) === cache ? await readdir(cache) : [];
  const versions = cached.flatMap((name) => CACHED.exec(name)?.[1] ?? []);
  return {
    folder,
    version,
    inCache: dirname(folder) === cache,
    outcome,
    otherVersions: versions.filter((other) => other !== version && !/\.(lock|partial|lastused|tmp\d*)$/.test(other)),
  };
}

async function pluginFiles(from: string): Promise<{ files: Files; version: string }> {
  const files = new Map<string, { content: Buffer; mode: number }>();
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const launcher = entry.name.startsWith("pulumi-resource-");
    files.set(entry.name, { content: await readFile(join(from, entry.name)), mode: launcher ? 0o755 : 0o644 });
  }
  const schema = files.get("schema.json");
  if (!schema || !files.has("pulumi-resource-meshery")) {
    throw new PluginInstallError(`There is no built plugin in ${from}. In a checkout, run \`npm run build\` first.`);
  }
  return { files, version: (JSON.parse(schema.content.toString("utf8")) as { version: string }).version };
}

/** A folder that a person named is replaced as a whole: it must be new, empty, or hold this plugin. */
async function requireOwn(folder: string): Promise<void> {
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw new PluginInstallError(`${folder} cannot be used: ${error.message}.`);
  });
  if (present.length === 0 || present.includes("pulumi-resource-meshery")) return;
  throw new PluginInstallError(`${folder} holds other files. Name a new or an empty folder.`);
}
