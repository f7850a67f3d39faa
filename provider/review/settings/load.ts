import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { parseTopologyText } from "../../topology";
import type { ReportFinding } from "../report/schema";
import { type Settings, settingsSchema } from "./schema";

export const SETTINGS_FILE = "meshery-iac.yaml";

/** Settings, with the path of their baseline file. */
export type LoadedSettings = Settings & { baselineFile: string | undefined };

/**
 * Reads the settings of a folder, or of a file that is named.
 * @throws Error where the named file is not there; TopologyError, with line and column, where it is wrong
 */
export function loadSettings(folder: string, named: string | undefined): LoadedSettings {
  const file = resolve(folder, named ?? SETTINGS_FILE);
  if (!existsSync(file)) {
    if (named !== undefined) throw new Error(`there is no settings file ${named}`);
    return { ...settingsSchema.parse({}), baselineFile: undefined };
  }
  const settings = parseTopologyText(readFileSync(file, "utf8"), settingsSchema, () => [], named ?? SETTINGS_FILE);
  const { baseline } = settings;
  return { ...settings, baselineFile: baseline === undefined ? undefined : join(dirname(file), baseline) };
}

const baselineSchema = z.object({
  version: z.literal(1),
  findings: z.array(z.object({ fingerprint: z.string(), rule: z.string(), subject: z.string() })),
});

/** The fingerprints of findings that are known; none where there is no such file yet. */
export function readBaseline(file: string | undefined): Set<string> {
  if (file === undefined || !existsSync(file)) return new Set();
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`the baseline ${file} is not JSON: make it anew with --write-baseline`);
  }
  const parsed = baselineSchema.safeParse(json);
  if (!parsed.success) throw new Error(`the baseline ${file} is none: make it anew with --write-baseline`);
  return new Set(parsed.data.findings.map(({ fingerprint }) => fingerprint));
}

export function writeBaseline(file: string, findings: readonly ReportFinding[]): void {
  const known = findings.map(({ fingerprint, rule, subject }) => ({ fingerprint, rule, subject }));
  writeFileSync(file, `${JSON.stringify({ version: 1, findings: known }, null, 2)}\n`);
}
