// Builds everything that ships into dist/. Steps are independent of each other but for their order here.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { METAFILES, root, version } from "./build/bundle.mjs";
import { writeNotices } from "./build/notices.mjs";
import { generateProtocol } from "./generate-protocol.mjs";

export const dist = join(root, "dist");

const STEPS = [
  ["Terraform provider", "./build/terraform.mjs", "buildTerraform"],
  ["Pulumi dynamic providers", "./build/pulumi.mjs", "buildPulumi"],
  ["Pulumi plugin", "./build/plugin.mjs", "buildPlugin"],
  ["CDKTF and CDK Terrain constructs", "./build/cdktf.mjs", "buildConstructs"],
  ["command line", "./build/cli.mjs", "buildCli"],
];

/** @param {{only?: string[], log?: (line: string) => void}} options  `only`: parts of the steps' file names */
export async function buildAll({ only, log = console.log } = {}) {
  const started = performance.now();
  if (!only) rmSync(METAFILES, { recursive: true, force: true });
  await generateProtocol();
  for (const [label, file, step] of STEPS) {
    if (only && !only.some((word) => file.includes(word))) continue;
    if (!existsSync(new URL(file, import.meta.url))) continue;
    const begun = performance.now();
    await (await import(file))[step]({ dist, version });
    log(`built ${label} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }
  writeNotices();
  rmSync(join(dist, ".build"), { recursive: true, force: true });
  log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAll(process.argv.length > 2 ? { only: process.argv.slice(2) } : {});
}
