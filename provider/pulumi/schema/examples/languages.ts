import { lookups, resources } from "../../../resources";
import { GO_MODULE, NODE_PACKAGE, PYTHON_PACKAGE } from "../names";
import { type Arguments, type ExampleValue, Reference, type Step } from "./model";

export interface Language {
  /** As it stands behind the three backticks. */
  fence: string;
  render(steps: readonly Step[]): string;
}

const isTexts = (value: ExampleValue): value is readonly string[] => Array.isArray(value);

const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);

/** Writes `key<between>value` lines. */
const lines = (inputs: Arguments, line: (key: string, value: ExampleValue) => string): string =>
  Object.entries(inputs)
    .map(([key, value]) => line(key, value))
    .join("\n");

const typescript: Language = {
  fence: "typescript",
  render(steps) {
    const literal = (value: ExampleValue): string => {
      if (value instanceof Reference) return `${value.step.variable}.${value.output}`;
      if (typeof value !== "object" || isTexts(value)) return JSON.stringify(value);
      return `{\n${indent(
        lines(value, (key, item) => `${key}: ${literal(item)},`),
        "    ",
      )}\n}`;
    };
    const body = steps.map((step) => {
      const inputs = indent(
        lines(step.inputs, (key, value) => `${key}: ${literal(value)},`),
        "    ",
      );
      const args = inputs === "" ? "{}" : `{\n${inputs}\n}`;
      return step.kind === "resource"
        ? `const ${step.variable} = new meshery.${step.resource}(${JSON.stringify(step.name)}, ${args});`
        : `const ${step.variable} = meshery.${step.lookup}Output(${args});`;
    });
    return [
      `import * as meshery from "${NODE_PACKAGE}";`,
      "",
      ...body,
      ...exported(steps, (s, o) => `export const found = ${s}.${o};`),
    ].join("\n");
  },
};

const python: Language = {
  fence: "python",
  render(steps) {
    const literal = (value: ExampleValue): string => {
      if (value instanceof Reference) return `${snake(value.step.variable)}.${snake(value.output)}`;
      if (typeof value === "boolean") return value ? "True" : "False";
      if (typeof value !== "object" || isTexts(value)) return JSON.stringify(value);
      return `{\n${indent(
        lines(value, (key, item) => `${JSON.stringify(key)}: ${literal(item)},`),
        "    ",
      )}\n}`;
    };
    const body = steps.map((step) => {
      const inputs = lines(step.inputs, (key, value) => `${snake(key)}=${literal(value)},`);
      const inside = step.kind === "resource" ? `${JSON.stringify(step.name)},\n${inputs}` : inputs;
      const call = step.kind === "resource" ? step.resource : `${snake(step.lookup)}_output`;
      return `${snake(step.variable)} = meshery.${call}(${inside.trim() === "" ? "" : `\n${indent(inside, "    ")}\n`})`;
    });
    const shown = exported(steps, (s, o) => `pulumi.export("found", ${snake(s)}.${snake(o)})`);
    return ["import pulumi", `import ${PYTHON_PACKAGE} as meshery`, "", ...body, ...shown].join("\n");
  },
};

const go: Language = {
  fence: "go",
  render(steps) {
    const literal = (value: ExampleValue): string => {
      if (value instanceof Reference) {
        const resource = value.step.kind === "resource" && value.output === "id";
        return resource ? `${value.step.variable}.ID()` : `${value.step.variable}.${capital(value.output)}()`;
      }
      if (typeof value === "string") return `pulumi.String(${JSON.stringify(value)})`;
      if (typeof value === "boolean") return `pulumi.Bool(${value})`;
      if (typeof value === "number") return `pulumi.Float64(${value})`;
      if (isTexts(value)) return `pulumi.StringArray{${value.map(literal).join(", ")}}`;
      return `pulumi.StringMap{\n${indent(
        lines(value, (key, item) => `${JSON.stringify(key)}: ${literal(item)},`),
        "\t",
      )}\n}`;
    };
    let declared = false;
    const used = new Set(
      steps.flatMap((step) => Object.values(step.inputs).flatMap((v) => (v instanceof Reference ? [v.step] : []))),
    );
    const body = steps.map((step) => {
      const inputs = indent(
        lines(step.inputs, (key, value) => `${capital(key)}: ${literal(value)},`),
        "\t",
      );
      const fields = inputs === "" ? "" : `\n${inputs}\n`;
      if (step.kind === "lookup") {
        const call = goLookup(step.lookup);
        return `${step.variable} := meshery.${call}Output(ctx, meshery.${call}OutputArgs{${fields}}, nil)`;
      }
      const target = used.has(step) ? `${step.variable}, err :=` : declared ? "_, err =" : "_, err :=";
      declared = true;
      const create = `${target} meshery.New${step.resource}(ctx, ${JSON.stringify(step.name)}, &meshery.${step.resource}Args{${fields}})`;
      return `${create}\nif err != nil {\n\treturn err\n}`;
    });
    const shown = exported(steps, (s, o) => `ctx.Export("found", ${s}.${capital(o)}())`);
    const inside = indent([...body, ...shown, "return nil"].join("\n"), "\t\t");
    return [
      "package main",
      "",
      "import (",
      `\t"${GO_MODULE}"`,
      '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
      ")",
      "",
      "func main() {",
      "\tpulumi.Run(func(ctx *pulumi.Context) error {",
      inside,
      "\t})",
      "}",
    ].join("\n");
  },
};

const yaml: Language = {
  fence: "yaml",
  render(steps) {
    const literal = (value: ExampleValue): string => {
      if (value instanceof Reference) return ` \${${value.step.variable}.${value.output}}`;
      if (typeof value !== "object") return ` ${typeof value === "string" ? yamlText(value) : String(value)}`;
      if (isTexts(value)) return `\n${indent(value.map((text) => `-${literal(text)}`).join("\n"), "  ")}`;
      return `\n${indent(
        lines(value, (key, item) => `${key}:${literal(item)}`),
        "  ",
      )}`;
    };
    const inputs = (step: Step) => lines(step.inputs, (key, value) => `${key}:${literal(value)}`);
    const variables = steps.flatMap((step) => {
      if (step.kind !== "lookup") return [];
      const given = inputs(step);
      const args = given === "" ? "    arguments: {}" : `    arguments:\n${indent(given, "      ")}`;
      return [`${step.variable}:\n  fn::invoke:\n    function: meshery:${step.lookup}\n${args}`];
    });
    const declared = steps.flatMap((step) =>
      step.kind === "resource"
        ? [`${step.variable}:\n  type: meshery:${step.resource}\n  properties:\n${indent(inputs(step), "    ")}`]
        : [],
    );
    const section = (name: string, entries: readonly string[]) =>
      entries.length === 0 ? [] : [`${name}:\n${indent(entries.join("\n"), "  ")}`];
    const outputs = exported(steps, (s, o) => `found: \${${s}.${o}}`);
    return [...section("variables", variables), ...section("resources", declared), ...section("outputs", outputs)].join(
      "\n",
    );
  },
};

/** Every language that has examples. */
export const languages: readonly Language[] = [typescript, python, go, yaml];

/** A program that only asks shows what it found. */
function exported(steps: readonly Step[], line: (variable: string, output: string) => string): string[] {
  const [only] = steps;
  return steps.length === 1 && only?.kind === "lookup" ? [line(only.variable, only.output)] : [];
}

/** Go's SDK has a Get function for each resource already: lookups of the same name are called Lookup there. */
function goLookup(name: string): string {
  const word = name.replace(/^get/, "");
  return resources.some((resource) => resource.name === word) && lookups.some((lookup) => lookup.name === name)
    ? `Lookup${word}`
    : `Get${word}`;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const snake = (word: string): string => word.replace(/(?<=[a-z])[A-Z]/g, (c) => `_${c}`).toLowerCase();
const yamlText = (text: string): string => (/^[A-Za-z][\w ./-]*$/.test(text) ? text : JSON.stringify(text));
