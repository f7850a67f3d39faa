import { describeEngines, type Workdir } from "../support/engines";
import { heldBy, MesheryServer, seen } from "../support/meshery";
import { workdir } from "../support/terraform";

// Names that pass from one object to another in the plan that also has the edges: in whatever order an engine plans and applies it,
// every edge is with whoever has the name in the end, none is there twice, and the next plan is empty.

const world = {
  connections: {
    gke: { kind: "kubernetes", type: "platform", status: "connected" as const },
    eks: { kind: "kubernetes", type: "platform", status: "connected" as const },
  },
  environments: { theirs: {} },
  workspaces: { team: {} },
};

const environment = (address: string, name: string, more = "") =>
  `resource "meshery_environment" "${address}" {\n  name = "${name}"\n${more}}\n`;
const edge = (address: string, environmentName: string, connection = "gke", more = "") =>
  `resource "meshery_connection_assignment" "${address}" {\n  environment_name = ${environmentName}\n  connection_name = "${connection}"\n${more}}\n`;
const binding = (address: string, environmentName: string) =>
  `resource "meshery_workspace_binding" "${address}" {\n  workspace_name = "team"\n  environment_name = ${environmentName}\n}\n`;
const of = (address: string) => `meshery_environment.${address}.name`;

type Holds = Record<string, string[]>;
interface Step {
  files: string;
  holds: Holds;
  args?: string[];
}
interface Scenario {
  what: string;
  first: Step;
  second: Step;
}

const swap = (first: string, second: string) => environment("a", first) + environment("b", second);

const byReference: Scenario[] = [
  {
    what: "an environment is replaced, and its edges go over to the new one",
    first: {
      files: environment("a", "one") + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], team: ["one"] },
    },
    second: {
      files: environment("a", "one") + edge("a", of("a")) + binding("a", of("a")),
      args: ["-replace=meshery_environment.a"],
      holds: { one: ["gke"], team: ["one"] },
    },
  },
  {
    what: "an environment gets a description, and new edges",
    first: { files: environment("a", "one"), holds: { one: [] } },
    second: {
      files: environment("a", "one", '  description = "new"\n') + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], team: ["one"] },
    },
  },
  {
    what: "two environments swap their names, and their edges stay with them",
    first: {
      files: swap("one", "two") + edge("a", of("a")) + edge("b", of("b"), "eks") + binding("a", of("a")),
      holds: { one: ["gke"], two: ["eks"], team: ["one"] },
    },
    second: {
      files: swap("two", "one") + edge("a", of("a")) + edge("b", of("b"), "eks") + binding("a", of("a")),
      holds: { two: ["gke"], one: ["eks"], team: ["two"] },
    },
  },
  {
    what: "two environments swap their names, and get new edges",
    first: { files: swap("one", "two"), holds: { one: [], two: [] } },
    second: {
      files: swap("two", "one") + edge("a", of("a")) + edge("b", of("b"), "eks") + binding("a", of("a")),
      holds: { two: ["gke"], one: ["eks"], team: ["two"] },
    },
  },
  {
    what: "two environments swap their names, and an edge goes over to the other one and so keeps its name",
    first: {
      files: swap("one", "two") + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], team: ["one"] },
    },
    second: {
      files: swap("two", "one") + edge("a", of("b")) + binding("a", of("b")),
      holds: { one: ["gke"], two: [], team: ["one"] },
    },
  },
  {
    what: "an environment goes, another one takes its name, and the edge goes over to that",
    first: {
      files: swap("one", "two") + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], two: [], team: ["one"] },
    },
    second: {
      files: environment("b", "one") + edge("a", of("b")) + binding("a", of("b")),
      holds: { one: ["gke"], team: ["one"] },
    },
  },
  {
    what: "an environment goes, another one takes its name, and the edge goes over to that and changes its connection",
    first: { files: swap("one", "two") + edge("a", of("a")), holds: { one: ["gke"], two: [] } },
    second: { files: environment("b", "one") + edge("a", of("b"), "eks"), holds: { one: ["eks"] } },
  },
  {
    what: "three environments pass their names on in a ring, and each edge keeps its name",
    first: {
      files: swap("one", "two") + environment("c", "three") + edge("a", of("a")) + edge("b", of("b"), "eks"),
      holds: { one: ["gke"], two: ["eks"], three: [] },
    },
    second: {
      files: swap("two", "three") + environment("c", "one") + edge("a", of("c")) + edge("b", of("a"), "eks"),
      holds: { one: ["gke"], two: ["eks"], three: [] },
    },
  },
  {
    what: "an environment takes a name that another one leaves, and the edges change their addresses, too",
    first: {
      files: swap("one", "two") + edge("a", of("a")) + edge("b", of("b"), "eks") + binding("a", of("a")),
      holds: { one: ["gke"], two: ["eks"], team: ["one"] },
    },
    second: {
      files: swap("two", "three") + edge("c", of("a")) + edge("d", of("b"), "eks") + binding("c", of("a")),
      holds: { two: ["gke"], three: ["eks"], team: ["two"] },
    },
  },
  {
    what: "an environment is renamed and moved to another address, and its edges are created before they are destroyed",
    first: {
      files: environment("a", "one") + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], team: ["one"] },
    },
    second: {
      files: `${environment("z", "two")}moved {\n  from = meshery_environment.a\n  to   = meshery_environment.z\n}\n${edge("b", of("z"), "gke", "  lifecycle {\n    create_before_destroy = true\n  }\n")}${binding("b", of("z"))}`,
      holds: { two: ["gke"], team: ["two"] },
    },
  },
  {
    what: "an edge is replaced, created first, while its environment is renamed",
    first: {
      files:
        environment("a", "one") + edge("a", of("a"), "gke", "  lifecycle {\n    create_before_destroy = true\n  }\n"),
      holds: { one: ["gke"] },
    },
    second: {
      files:
        environment("a", "two") + edge("a", of("a"), "gke", "  lifecycle {\n    create_before_destroy = true\n  }\n"),
      args: ["-replace=meshery_connection_assignment.a"],
      holds: { two: ["gke"] },
    },
  },
  {
    what: "an environment is replaced under another name, and another one takes the old name with the edge",
    first: {
      files: swap("one", "two") + edge("a", of("a")) + binding("a", of("a")),
      holds: { one: ["gke"], two: [], team: ["one"] },
    },
    second: {
      files: swap("other", "one") + edge("a", of("b")) + binding("a", of("b")),
      args: ["-replace=meshery_environment.a"],
      holds: { one: ["gke"], other: [], team: ["one"] },
    },
  },
];

/** Those in which a name passes from one object to another, and nothing is removed. */
const handingOn = byReference.filter(({ what }) => /swap|ring|takes a name that/.test(what));

/** The same by names in words, where the order is what `depends_on` says. */
function inWords(text: string, first: "edges" | "environments"): string {
  const declared = [...text.matchAll(/"meshery_environment" "(\w+)" \{\n {2}name = "(\w+)"/g)];
  const names = Object.fromEntries(declared.map(([, address, name]) => [address!, name!]));
  const environments = Object.keys(names).map((address) => `meshery_environment.${address}`);
  const edges = [...text.matchAll(/"(meshery_(?:connection_assignment|workspace_binding))" "(\w+)"/g)];
  const after = first === "edges" ? edges.map(([, type, address]) => `${type}.${address}`) : environments;
  const dependsOn = `  depends_on = [${after.join(", ")}]\n`;
  const word = (_: string, address: string) => `= "${names[address]}"\n${first === "edges" ? "" : dependsOn}`;
  const worded = text.replace(/= meshery_environment\.(\w+)\.name\n/g, word);
  return first === "edges" ? worded.replace(/("meshery_environment" "\w+" \{\n)/g, `$1${dependsOn}`) : worded;
}

describeEngines("names that change hands", (engine) => {
  let server: MesheryServer;
  let dir: Workdir;
  const start = async (files: Record<string, string>) => {
    server = await MesheryServer.start({ world });
    dir = workdir(server, files);
  };
  afterEach(async () => {
    dir.remove();
    await server.close();
  });
  const holds = () => heldBy(server);
  const isClean = async () => {
    await dir.destroy(engine);
    expect(server.store.environmentConnections.count() + server.store.workspaceEnvironments.count()).toBe(0);
    expect(Object.keys(seen(server).environments)).toEqual(["theirs"]);
  };

  // One after the other, too: what is planned first is then applied first.
  const order = engine.name === "tofu" ? ["-parallelism=1"] : [];

  test.each(byReference)("$what", async ({ first, second }) => {
    await start({ "main.tf": first.files });
    await dir.apply(engine, ...order);
    expect(holds()).toMatchObject(first.holds);
    expect(await dir.planned(engine)).toEqual({});
    dir.write("main.tf", second.files);
    await dir.apply(engine, ...order, ...(second.args ?? []));
    expect(holds()).toMatchObject(second.holds);
    expect(await dir.planned(engine)).toEqual({});
    await isClean();
  });

  test.each(handingOn)("in words, the edges first, is refused by the plan: $what", async ({ first, second }) => {
    await start({ "main.tf": first.files });
    await dir.apply(engine);
    dir.write("main.tf", inWords(second.files, "edges"));
    const { code, stderr } = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color", ...order]);
    expect(code).not.toBe(0);
    expect(stderr.replace(/[│\s]+/g, " ")).toMatch(
      /passes from one environment .* gives its environment_name in words/,
    );
    expect(holds()).toMatchObject(first.holds);
    dir.write("main.tf", second.files);
    await dir.apply(engine, ...order);
    expect(holds()).toMatchObject(second.holds);
    expect(await dir.planned(engine)).toEqual({});
  });

  test.each(handingOn)("in words, the edges last: $what", async ({ first, second }) => {
    await start({ "main.tf": first.files });
    await dir.apply(engine);
    dir.write("main.tf", inWords(second.files, "environments"));
    await dir.apply(engine, ...order);
    expect(holds()).toMatchObject(second.holds);
    expect(await dir.planned(engine)).toEqual({});
    await isClean();
  });
});
