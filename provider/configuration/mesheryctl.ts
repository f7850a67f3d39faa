import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { isMap } from "../framework";

/** What `mesheryctl system login` left: url, token and provider belong together. */
export interface MesheryctlSet {
  url: string;
  token?: string;
  mesheryProvider?: string;
  /** The files, in words for error messages; never their content. */
  configFile: string;
  tokenFile: string;
}

type Row = Record<string, unknown>;
const textOf = (row: Row, key: string) =>
  typeof row[key] === "string" && row[key] !== "" ? (row[key] as string) : undefined;

/**
 * Reads mesheryctl's current context from `<home>/.meshery/config.yaml` and its token file (`auth.json`). Undefined where there
 * is none or it cannot be read: these files are a convenience, never a must.
 */
export async function mesheryctl(home: string): Promise<MesheryctlSet | undefined> {
  const directory = join(home, ".meshery");
  try {
    const { parse } = await import("yaml");
    const config: unknown = parse(await readFile(join(directory, "config.yaml"), "utf8"));
    if (!isMap(config) || !isMap(config.contexts)) return undefined;
    const context = config.contexts[textOf(config, "current-context") ?? "local"];
    const url = isMap(context) ? textOf(context, "endpoint") : undefined;
    if (!isMap(context) || url === undefined) return undefined;
    const tokens = Array.isArray(config.tokens) ? config.tokens.filter(isMap) : [];
    const location = textOf(tokens.find((token) => token.name === context.token) ?? {}, "location") ?? "auth.json";
    const file = isAbsolute(location) ? location : join(directory, location);
    const authentication = await readFile(file, "utf8")
      .then((text): unknown => JSON.parse(text))
      .catch(() => undefined);
    const row = isMap(authentication) ? authentication : {};
    const token = textOf(row, "token");
    const mesheryProvider = textOf(row, "meshery-provider") ?? textOf(context, "provider");
    return {
      url,
      ...(token === undefined ? {} : { token }),
      ...(mesheryProvider === undefined ? {} : { mesheryProvider }),
      configFile: "mesheryctl's ~/.meshery/config.yaml",
      tokenFile: `mesheryctl's ${isAbsolute(location) ? location : `~/.meshery/${location}`}`,
    };
  } catch {
    return undefined;
  }
}
