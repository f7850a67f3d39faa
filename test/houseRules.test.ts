import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const provider = resolve(__dirname, "..", "provider");

/** What each folder of `provider/` may import of ours besides itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  framework: [],
  client: [],
  grpc: [],
  install: [],
  topology: [],
  server: ["topology"],
  run: ["framework"],
  configuration: ["client", "framework", "run"],
  resources: ["client", "configuration", "framework", "run"],
  pulumi: ["client", "configuration", "framework", "grpc", "install", "resources", "run", "topology"],
  terraform: ["client", "configuration", "framework", "grpc", "install", "resources", "run"],
  cdktf: ["topology"],
  cli: [
    "cdktf",
    "client",
    "configuration",
    "framework",
    "install",
    "pulumi",
    "resources",
    "run",
    "server",
    "terraform",
    "topology",
  ],
};

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "generated") return [];
    return statSync(path).isDirectory() ? files(path) : /\.tsx?$/.test(name) ? [path] : [];
  });

const folderOf = (path: string) => relative(provider, path).split("/")[0]!;

describe("the house", () => {
  test.each(Object.keys(MAY_IMPORT))("%s imports only what lies below it", (folder) => {
    const broken = files(join(provider, folder)).flatMap((file) => {
      const source = readFileSync(file, "utf8");
      const imports = [...source.matchAll(/(?:from|import|require)\s*\(?\s*"(\.[^"]*)"/g)].map((match) => match[1]!);
      return imports
        .map((target) => folderOf(resolve(dirname(file), target)))
        .filter((target) => target !== folder && !MAY_IMPORT[folder]!.includes(target))
        .map((target) => `${relative(provider, file)} imports ${target}`);
    });
    expect(broken).toEqual([]);
  });

  test("every folder has a rule", () => {
    const folders = readdirSync(provider).filter((name) => statSync(join(provider, name)).isDirectory());
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  test("no room is overcrowded", () => {
    const crowded = files(provider).filter((file) => readFileSync(file, "utf8").split("\n").length > 400);
    expect(crowded.map((file) => relative(provider, file))).toEqual([]);
  });
});
