import { join } from "node:path";
import { parseArgs } from "node:util";
import { installPulumiPlugin, type PluginInstallation, PluginInstallError, pluginCache } from "../pulumi/install";
import { packageRoot } from "./package";

const USAGE = `Usage: meshery-iac pulumi install [--dir DIR]

Puts the Meshery provider plugin where \`pulumi\` finds it.

  --dir DIR   the plugin's own folder, instead of its place in Pulumi's plugin cache
              (default: ${join(pluginCache(process.env), "resource-meshery-v<version>")})
`;

/** \`meshery-iac pulumi ...\`. Returns the exit code: 0 done, 1 it failed, 2 it was called wrongly. */
export async function pulumi(argv: string[]): Promise<number> {
  const options = { dir: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    return misuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== "install") {
    return misuse(positionals.length ? `There is no \`pulumi ${positionals.join(" ")}\`.` : "What should it do?");
  }
  if (values.dir === "") return misuse("--dir needs a folder.");
  const from = join(packageRoot, "dist", "pulumi-plugin");
  try {
    const installation = await installPulumiPlugin({ from, dir: values.dir, env: process.env });
    process.stdout.write(describePluginInstallation(installation, from));
    return 0;
  } catch (error) {
    if (!(error instanceof PluginInstallError) && !isFileError(error)) throw error;
    process.stderr.write(`The plugin could not be installed: ${error.message}\n`);
    return 1;
  }
}

/** What was done and what is left to do, for a person. */
export function describePluginInstallation(installation: PluginInstallation, from: string): string {
  const { folder, version, inCache, outcome, otherVersions } = installation;
  const done = outcome === "same" ? "is installed already" : "is installed";
  const lines = [`pulumi-resource-meshery ${version} ${done} in ${folder}`, ""];
  lines.push(...(inCache ? FOUND_BY_ITSELF : named(folder)), "");
  if (otherVersions.length > 0) {
    lines.push(
      `Also there: ${otherVersions.join(", ")}. A program uses the version in its packages section or SDK, else the newest.`,
      "",
    );
  }
  lines.push(
    "Other ways, without an installation:",
    "",
    "- name the folder in Pulumi.yaml:",
    "",
    ...providerEntry(from),
    "",
    `- make an SDK from it: pulumi package add ${quoted(join(from, "pulumi-resource-meshery"))}`,
    `- on a machine without npm: pulumi plugin install resource meshery ${version} --file ${quoted(`${from}.tar.gz`)}`,
    "- on the PATH: npm scripts and npx find pulumi-resource-meshery by themselves, and so does a pulumi they start",
  );
  return `${lines.join("\n")}\n`;
}

const FOUND_BY_ITSELF = [
  "YAML programs need nothing more. For TypeScript, Python, Go, C# and Java make the SDK, in the program's folder:",
  "",
  "  pulumi package add meshery",
];

const named = (folder: string): string[] => [
  "Name the folder in Pulumi.yaml, or put it on the PATH:",
  "",
  ...providerEntry(folder),
];

const providerEntry = (folder: string): string[] => [
  "  plugins:",
  "    providers:",
  "      - name: meshery",
  `        path: ${folder}`,
];

function misuse(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "path" in error;
}

const quoted = (path: string): string => (/^[\w./~+@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
