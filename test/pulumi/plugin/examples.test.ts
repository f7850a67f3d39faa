import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changes } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { exampleWorld } from "../dynamic/support/workbench";
import { applied, type EngineName, engines, PluginBench } from "./support/bench";
import { root } from "./support/plugin";
import { schema } from "./support/schema";
import { problemsOf } from "./support/yamlProgram";

const folder = join(root, "examples", "pulumi-plugin");
const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
const yaml = read("yaml", "Pulumi.yaml");

describe("the shared-infrastructure example", () => {
  test("in YAML agrees with the schema", () => {
    expect(problemsOf(yaml)).toEqual([]);
  });

  test.each([
    ["typescript", "index.ts", /meshery\.(\w+)\(/g, (name: string) => name.replace(/Output$/, "")],
    ["python", "__main__.py", /meshery\.(\w+)\(/g, (name: string) => camel(name.replace(/_output$/, ""))],
    [
      "go",
      "main.go",
      /meshery\.(New\w+|Lookup\w+Output)\(/g,
      (name: string) => name.replace(/^New/, "").replace(/^Lookup(\w+)Output$/, "get$1"),
    ],
  ] as const)("in %s uses what the schema has, of this version", (language, file, call, plain) => {
    const used = [...read(language, file).matchAll(call)].map(([, name]) => plain(name!));
    expect([...new Set(used)].sort()).toEqual(
      ["ConnectionAssignment", "Environment", "WorkspaceBinding", "getConnection", "getWorkspace"].sort(),
    );
    for (const name of used) {
      expect([name, `meshery:index:${name}` in { ...schema.resources, ...schema.functions }]).toEqual([name, true]);
    }
    expect(read(language, "Pulumi.yaml")).toContain(`meshery: meshery@${schema.version}`);
  });

  test("is the same program in every language", () => {
    const names = ["central-prometheus", "central-grafana", "central-jaeger", "platform-team", "app-team-alpha"];
    for (const file of [
      ["typescript", "index.ts"],
      ["python", "__main__.py"],
      ["go", "main.go"],
      ["yaml", "Pulumi.yaml"],
    ]) {
      for (const name of [...names, "app-team-beta", "Observability for every team"]) {
        expect([file, read(...file)]).toEqual([file, expect.stringContaining(name)]);
      }
    }
  });

  test.each(engines())("runs in YAML, on the %s", async (engine: EngineName) => {
    const bench = await PluginBench.open({ world: exampleWorld() });
    try {
      const stack = await bench.stack(engine, yaml);
      const { outputs } = await applied(stack, {});
      const { environments, workspaces } = seen(bench.server);
      expect(environments["shared-monitoring"]).toEqual({
        description: "Observability for every team",
        connections: ["central-grafana", "central-jaeger", "central-prometheus"],
      });
      for (const team of ["platform-team", "app-team-alpha", "app-team-beta"]) {
        expect(workspaces[team]?.environments).toEqual(["shared-monitoring"]);
      }
      expect(Object.keys(outputs)).toEqual(["environmentId"]);
      expect(changes(await stack.preview())).toEqual([]);
      expect((await stack.destroy({ skipPreview: true })).error).toBeUndefined();
    } finally {
      await bench.close();
    }
  });
});

const camel = (name: string): string =>
  /^[a-z]/.test(name) ? name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()) : name;
