import { join } from "node:path";
import { installPulumiPlugin, type PluginInstallation, PluginInstallError } from "../pulumi/install";
import { runInstall, shellQuoted } from "./install";
import { packageRoot } from "./package";

const USAGE = `Usage: meshery-iac pulumi install [--dir DIR]

Puts the Meshery provider plugin where \`pulumi\` finds it.

  --dir DIR   the plugin's own folder, instead of its place in Pulumi's plugin cache
              (PULUMI_HOME/plugins, else ~/.pulumi/plugins)
  -h, --help  print this
`;

/** `meshery-iac pulumi ...`. Returns the exit code. */
export function pulumi(argv: string[]): Promise<number> {
  const from = join(packageRoot, "dist", "pulumi-plugin");
  const install = async (dir: string | undefined) =>
    describePluginInstallation(await installPulumiPlugin({ from, dir, env: process.env }), from);
  const isKnown = (error: unknown): error is Error => error instanceof PluginInstallError;
  return runInstall({ name: "pulumi", usage: USAGE, what: "plugin", install, isKnown }, argv);
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
    `- make an SDK from it: pulumi package add ${shellQuoted(join(from, "pulumi-resource-meshery"))}`,
    `- on a machine without npm: pulumi plugin install resource meshery ${version} --file ${shellQuoted(`${from}.tar.gz`)}`,
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
