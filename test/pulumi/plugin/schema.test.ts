import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { configurationFields } from "../../../provider/configuration";
import { schemaText } from "../../../provider/pulumi/schema";
import { dynamicType as schemaDynamicType } from "../../../provider/pulumi/schema/tokens";
import { lifecycles, lookups, resources } from "../../../provider/resources";
import { root } from "./support/plugin";
import { schema } from "./support/schema";
import { problemsOf } from "./support/yamlProgram";

const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const described = { ...schema.resources, ...schema.functions };

/** Every object in the schema, with the path to it. */
function* objects(value: unknown, path = "schema"): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  yield [path, value as Record<string, unknown>];
  for (const [key, item] of Object.entries(value)) yield* objects(item, `${path}.${key}`);
}

const fences = (text: string, language: string) =>
  [...text.matchAll(/```(\w+)\n(.*?)\n```/gs)].flatMap(([, fence, code]) => (fence === language ? [code!] : []));

test("schema.json is what the declarations say now (npm run docs writes it anew)", () => {
  expect(readFileSync(join(root, "schema.json"), "utf8")).toBe(schemaText(packageJson));
});

describe("schema.json", () => {
  test("holds every resource, every lookup and the whole configuration", () => {
    const tokens = (names: Iterable<string>) => [...names].map((name) => `meshery:index:${name}`).sort();
    expect(Object.keys(schema.resources).sort()).toEqual(tokens(lifecycles.keys()));
    expect(Object.keys(schema.functions).sort()).toEqual(tokens(lookups.map(({ name }) => name)));
    expect(Object.keys(schema.config.variables)).toEqual(Object.keys(configurationFields));
    expect(Object.keys(schema.provider.inputProperties)).toEqual(Object.keys(configurationFields));
  });

  test("is well formed: references lead somewhere, what is required is there, everything is described", () => {
    for (const [path, object] of objects(schema)) {
      if (typeof object.$ref === "string") {
        expect([path, object.$ref.slice("#/types/".length) in schema.types]).toEqual([path, true]);
      }
      const properties = (object.properties ?? {}) as Record<string, { description?: string; type?: string }>;
      for (const key of (object.required ?? []) as string[]) expect([path, key in properties]).toEqual([path, true]);
      for (const [name, property] of Object.entries(properties)) {
        expect([path, name, property.description]).toEqual([path, name, expect.stringMatching(/^[A-Z`].*\.$/s)]);
        expect([path, name, "type" in property !== "$ref" in property]).toEqual([path, name, true]);
      }
    }
    for (const token of Object.keys({ ...described, ...schema.types })) {
      expect(token).toMatch(/^meshery:index:[A-Za-z]+$/);
    }
    for (const [token, { inputProperties, requiredInputs, properties }] of Object.entries(schema.resources)) {
      for (const key of requiredInputs ?? []) expect([token, key in inputProperties]).toEqual([token, true]);
      // The engine's own words.
      expect(Object.keys(properties)).not.toEqual(expect.arrayContaining(["id"]));
      expect(Object.keys(properties)).not.toEqual(expect.arrayContaining(["urn"]));
    }
  });

  test("marks what is secret and takes nothing from the environment", () => {
    expect(schema.config.variables.token?.secret).toBe(true);
    expect(schema.provider.inputProperties.token?.secret).toBe(true);
    for (const { name, fields } of resources) {
      for (const [key, field] of Object.entries(fields)) {
        const { properties, inputProperties } = schema.resources[`meshery:index:${name}`]!;
        expect([key, properties[key]?.secret ?? false]).toEqual([key, field.secret ?? false]);
        if (field.role !== "output") expect(inputProperties[key]?.secret ?? false).toBe(field.secret ?? false);
      }
    }
    for (const [path, object] of objects(schema)) expect([path, object.defaultInfo]).toEqual([path, undefined]);
    // A default would be written into programs' inputs: leaving a flag out and writing it are not the same.
    for (const [path, object] of objects(schema)) expect([path, object.default]).toEqual([path, undefined]);
  });

  test("says what replaces, and takes over what dynamic providers made", () => {
    for (const { name, fields } of resources) {
      const spec = schema.resources[`meshery:index:${name}`]!;
      for (const [key, { onChange, role }] of Object.entries(fields)) {
        const replaces = onChange === "replace" || onChange === "end" || undefined;
        expect([name, key, spec.properties[key]?.replaceOnChanges]).toEqual([name, key, replaces]);
        if (role === "output") continue;
        expect([name, key, spec.inputProperties[key]?.willReplaceOnChanges]).toEqual([name, key, replaces]);
      }
      expect(spec.aliases).toEqual([{ type: `pulumi-nodejs:dynamic/meshery:${name}` }]);
      expect(schemaDynamicType(name)).toBe(`pulumi-nodejs:dynamic/meshery:${name}`);
    }
  });

  test("gives enumerations a type", () => {
    expect(schema.types["meshery:index:ConnectionStatus"]).toMatchObject({
      type: "string",
      enum: expect.arrayContaining([{ name: "NotFound", value: "not found" }]),
    });
  });

  test("tells how to import each resource, in each of its forms", () => {
    for (const { name, importForms } of resources) {
      const [, section = ""] = schema.resources[`meshery:index:${name}`]!.description.split("\n## Import\n");
      for (const { form, example } of importForms) {
        expect(section).toContain(`\`${form}\``);
        expect(section).toMatch(new RegExp(`\\$ pulumi import meshery:index:${name} \\w+ '?${escaped(example)}'?\n`));
      }
    }
  });
});

describe("the examples in descriptions", () => {
  const all = (language: string) =>
    Object.entries(described).map(([token, { description }]): [string, string[]] => [
      token,
      fences(description, language),
    ]);

  test("are there in four languages, once each", () => {
    for (const language of ["typescript", "python", "go", "yaml"]) {
      for (const [token, codes] of all(language)) expect([language, token, codes.length]).toEqual([language, token, 1]);
    }
    for (const { description } of Object.values(described)) {
      const marks = [...description.matchAll(/\{\{% (\/?)(examples?) %\}\}/g)].map(([, slash, word]) => slash + word!);
      expect(marks).toEqual(["examples", "example", "/example", "/examples"]);
    }
  });

  test("in YAML agree with the schema", () => {
    for (const [token, [code]] of all("yaml")) expect([token, problemsOf(code!)]).toEqual([token, []]);
  });

  test("in TypeScript can be read", () => {
    for (const [token, [code]] of all("typescript")) {
      const { diagnostics } = ts.transpileModule(code!, { reportDiagnostics: true });
      expect([token, diagnostics]).toEqual([token, []]);
    }
  });

  const python = spawnSync("python3", ["--version"]).status === 0;
  (python ? test : test.skip)(`in Python can be read${python ? "" : " (skipped: no python3)"}`, () => {
    const codes = all("python").map(([, [code]]) => code!);
    execFileSync("python3", ["-c", "import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)"], {
      input: JSON.stringify(codes),
    });
  });

  const go = spawnSync("gofmt", ["-h"]).error === undefined;
  (go ? test : test.skip)(`in Go can be read${go ? "" : " (skipped: no gofmt)"}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "go-examples-"));
    try {
      const files = all("go").map(([, [code]], i) => {
        const file = join(folder, `example${i}.go`);
        writeFileSync(file, `${code}\n`);
        return file;
      });
      // Lists what it would write differently; what it cannot read is an error.
      execFileSync("gofmt", ["-l", "-e", ...files]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the check of YAML programs", () => {
  test("finds what is wrong", () => {
    const program = (text: string) => problemsOf(text);
    expect(program("resources: {a: {type: meshery:Nothing}}")).toEqual(["a: there is no resource meshery:Nothing"]);
    expect(program("resources: {a: {type: meshery:Environment}}")).toEqual(["a: name is missing"]);
    const environment = (properties: string) =>
      `resources: {a: {type: meshery:Environment, properties: {${properties}}}}`;
    expect(program(environment("name: 1"))).toEqual(["a.name is a number, not a string"]);
    expect(program(environment("name: x, nmae: y"))).toEqual(["a: there is no property nmae"]);
    expect(program(environment('name: "${b.id}"'))).toEqual(["a.name: nothing is called b"]);
    expect(program(environment('name: "${a.nothing}"'))).toEqual(["a.name: a has no output nothing"]);
    expect(
      program("resources: {c: {type: meshery:Connection, properties: {name: n, kind: k, type: t, status: odd}}}"),
    ).toEqual([expect.stringContaining("c.status is none of discovered")]);
    expect(program('variables: {v: {"fn::invoke": {function: meshery:getNothing}}}')).toEqual([
      "v: there is no function meshery:getNothing",
    ]);
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
