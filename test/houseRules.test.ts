import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

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
  review: ["client", "configuration", "framework", "resources", "run", "topology"],
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
    "review",
    "run",
    "server",
    "terraform",
    "topology",
  ],
};

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 60;

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "generated") return [];
    return statSync(path).isDirectory() ? files(path) : /\.tsx?$/.test(name) ? [path] : [];
  });

const nameOf = (path: string) => relative(provider, path);
const folderOf = (path: string) => nameOf(path).split("/")[0]!;

const parsed = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

/** What a file imports of ours: types, re-exports, `import()` and `require()` too. */
function importsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const target = importedBy(node);
    if (target && ts.isStringLiteral(target) && target.text.startsWith(".")) {
      found.push(resolve(dirname(file), target.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceOf(file));
  return found;
}

function importedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const imports = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
  return imports ? node.arguments[0] : undefined;
}

/** The file that an import means; undefined where it is made by the build. */
const importedFile = (target: string): string | undefined =>
  [`${target}.ts`, `${target}.tsx`, join(target, "index.ts")].find((path) => existsSync(path));

/** Every circle of imports that a walk from file to file runs into. */
function circles(): string[][] {
  const found: string[][] = [];
  const path: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].map(nameOf));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of importsOf(file)) {
      const imported = importedFile(target);
      if (imported !== undefined) visit(imported);
    }
    path.pop();
    done.add(file);
  };
  for (const file of files(provider)) visit(file);
  return found;
}

/** Functions of a file that are too long, unless the line above says `// long:` and why. */
function longFunctions(file: string): string[] {
  const source = sourceOf(file);
  const lines = source.text.split("\n");
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const first = lineAt(node.getStart(source));
      const excused = /^\s*\/\/ long: \S/.test(lines[first - 1] ?? "");
      if (lineAt(node.end) - first + 1 > LONGEST_FUNCTION && !excused) found.push(functionName(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((name) => `${nameOf(file)}: ${name}`);
}

function functionName(node: ts.SignatureDeclaration): string {
  const { name, parent } = node;
  if (name) return name.getText();
  if (ts.isConstructorDeclaration(node)) return `constructor of ${node.parent.name?.getText()}`;
  return "name" in parent && parent.name ? (parent.name as ts.Node).getText() : "a function without a name";
}

describe("the house", () => {
  test.each(Object.keys(MAY_IMPORT))("%s imports only what lies below it", (folder) => {
    const broken = files(join(provider, folder)).flatMap((file) =>
      importsOf(file)
        .map(folderOf)
        .filter((target) => target !== folder && !MAY_IMPORT[folder]!.includes(target))
        .map((target) => `${nameOf(file)} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("every folder has a rule", () => {
    const folders = readdirSync(provider).filter((name) => statSync(join(provider, name)).isDirectory());
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  test("no circle of imports between files", () => {
    expect(circles().map((circle) => circle.join(" -> "))).toEqual([]);
  });

  test(`no file over ${LONGEST_FILE} lines`, () => {
    const lines = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").length;
    const long = files(provider).filter((file) => lines(file) > LONGEST_FILE);
    expect(long.map(nameOf)).toEqual([]);
  });

  test(`no function over ${LONGEST_FUNCTION} lines`, () => {
    expect(files(provider).flatMap(longFunctions)).toEqual([]);
  });
});

describe("the suites", () => {
  interface Project {
    displayName: string;
    testRegex: string[];
    testPathIgnorePatterns?: string[];
  }
  const { projects } = require("../jest.config.cjs") as { projects: Project[] };
  const matches = (patterns: string[] | undefined, file: string) =>
    patterns?.some((pattern) => new RegExp(pattern).test(file)) ?? false;

  test("each test file belongs to exactly one", () => {
    const tests = files(__dirname).filter((file) => file.endsWith(".test.ts"));
    const misplaced = tests.flatMap((file) => {
      const names = projects
        .filter((project) => matches(project.testRegex, file) && !matches(project.testPathIgnorePatterns, file))
        .map(({ displayName }) => displayName);
      return names.length === 1 ? [] : [`${relative(__dirname, file)}: ${names.join(" and ") || "none"}`];
    });
    expect(misplaced).toEqual([]);
  });

  test("those that are begun first are there", () => {
    const { LONGEST } = require("./support/sequencer.cjs") as { LONGEST: string[] };
    expect(LONGEST.filter((name) => !existsSync(join(__dirname, `${name}.test.ts`)))).toEqual([]);
  });
});

describe("the Pulumi engine of the tests", () => {
  const engine = join(__dirname, "pulumi-engine");
  const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`);

  test("stands alone", () => {
    const leaving = files(join(engine, "src")).flatMap((file) =>
      importsOf(file)
        .filter((target) => !inside(join(engine, "src"))(target))
        .map((target) => `${relative(engine, file)} imports ${relative(engine, target)}`),
    );
    expect(leaving).toEqual([]);
  });

  test("is used through its index alone", () => {
    const reaching = files(__dirname)
      .filter((file) => !inside(engine)(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(inside(engine))
          .map((target) => `${relative(__dirname, file)} imports ${relative(__dirname, target)}`),
      );
    expect(reaching).toEqual([]);
  });
});
