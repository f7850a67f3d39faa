/** Plans as the engines printed them. */
import { accessLines, recorded, reportFor } from "./support";

const lines = (...names: string[]) => accessLines(reportFor(names.map(recorded)));

test("references of Terraform are followed: constant keys, each.key, count.index, modules, their inputs and outputs", () => {
  expect(lines("references")).toEqual([
    "+ ws1 own (dev, production)",
    "+ ws1 prod-gke (production)",
    '? meshery_connection_assignment.c["x"] gain: the plan does not show which key is taken',
    '? meshery_connection_assignment.c["y"] gain: the plan does not show which key is taken',
  ]);
});

test("what is not followed says what makes it known, and what is known of it", () => {
  const [first] = reportFor([recorded("references")]).access.unknown;
  expect(first).toMatchObject({
    known: { connection: { name: "dev-k3s" } },
    advice: "Declare the environment by name, with `environment_name`: a name can be read in every plan.",
  });
  expect(reportFor([recorded("references")]).verdict).toBe("unknown");
});

test("each.value of a constant, for_each over resources, outputs by each.key, edges and data sources between", () => {
  expect(lines("modules")).toEqual([
    "+ w-dev own (production)",
    "+ w-production own (dev, production)",
    "+ w-production prod-gke (dev)",
    '? meshery_workspace_binding.mk["dev"] gain: the plan does not show which key is taken',
    '? meshery_workspace_binding.mk["production"] gain: the plan does not show which key is taken',
  ]);
});

test("a destroy of Terraform", () => {
  const report = reportFor([recorded("destroy")]);
  expect(report.plans).toMatchObject([{ engine: "terraform", destroy: true, complete: true, errored: false }]);
  expect(report.verdict).toBe("narrowed");
  expect(accessLines(report)).toEqual([
    "- ws1 dev-k3s (dev)",
    "- ws1 own (dev, production)",
    "- ws1 prod-gke (production)",
    "- ws1 shared-prom (production)",
  ]);
});

test.each(["dynamic-create", "plugin-create"])("a preview of Pulumi, with the line of the program: %s", (name) => {
  const report = reportFor([recorded(name)]);
  expect(report.plans).toMatchObject([
    { engine: "pulumi", stack: `${name === "dynamic-create" ? "dyn" : "plug"}/dev` },
  ]);
  expect(
    report.access.gained.map(({ workspace, connection }) => [workspace.name, connection.name || connection.id]),
  ).toEqual([
    ["ws1", "22b4caa5-b708-4117-963a-6f9307bb13a8"],
    ["ws1", "own"],
  ]);
  expect(report.access.gained[1]!.declared).toEqual(
    expect.arrayContaining([expect.objectContaining({ action: "create", file: "index.js", line: 6 })]),
  );
  expect(report.access.unknown).toEqual([]);
});

test("a replacement of Pulumi whose old one is kept: renamed meanwhile, it stays open", () => {
  expect(lines("dynamic-replace")).toEqual([
    "retained ws1 own (production2)",
    "retained ws1 prod-gke (production2)",
    "? urn:pulumi:dev::dyn::pulumi-nodejs:dynamic/meshery:WorkspaceBinding::w gain: these plans do not tell which connections the environment holds",
  ]);
  expect(reportFor([recorded("dynamic-replace")]).resources).toMatchObject({ update: 1, replace: 1 });
});

test("what Pulumi keeps on deletion stays open", () => {
  expect(lines("dynamic-retain")).toEqual(["retained ws1 own (production)", "retained ws1 prod-gke (production)"]);
});

test("a destroy of Pulumi", () => {
  const report = reportFor([recorded("dynamic-destroy")]);
  expect(report.plans).toMatchObject([{ destroy: true }]);
  expect(report.verdict).toBe("narrowed");
});
