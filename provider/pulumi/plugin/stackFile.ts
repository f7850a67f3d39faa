import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { attempt } from "../../framework";

/** The folder of the project that a program's folder belongs to. */
function projectFile(folder: string): string | undefined {
  for (const name of ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) {
    if (existsSync(join(folder, name))) return join(folder, name);
  }
  return dirname(folder) === folder ? undefined : projectFile(dirname(folder));
}

/**
 * Whether the token stands in the stack's configuration file as plain text. Engines do not tell providers which settings were
 * stored as secrets. False where the file cannot be found.
 */
export async function holdsPlainToken(stack: string, folder: string): Promise<boolean> {
  const { parse } = await import("yaml");
  return (
    attempt(() => {
      const project = projectFile(folder);
      if (project === undefined) return false;
      const { stackConfigDir } = (parse(readFileSync(project, "utf8")) ?? {}) as { stackConfigDir?: string };
      const file = join(dirname(project), stackConfigDir ?? "", `Pulumi.${stack}.yaml`);
      const { config } = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
      const token = config?.["meshery:token"];
      return typeof token === "string" && token !== "";
    }) ?? false
  );
}
