import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer, seen } from "../support/meshery";
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

/** The same by names as words, so that no engine knows what comes first. */
const literal = (text: string, names: Record<string, string>) =>
  text.replace(/= meshery_environment\.(\w+)\.name/g, (_, address: string) => `= "${names[address]}"`);
const namesIn = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/"meshery_environment" "(\w+)" \{\n {2}name = "(\w+)"/g)].map((m) => [m[1]!, m[2]!]),
  );
const byWords = byReference.map(({ what, first, second }) => ({
  what,
  first,
  referring: second.files,
  second: { ...second, files: literal(second.files, namesIn(second.files)) },
}));

/** What an apply may say that comes upon a name before its object has it; nothing is lost, and the next one is right. */
const OWN_ERRORS =
  /no environment named|is not named|environments are named|was not deleted: it is still used by|passes from one environment/;

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
  const holds = (): Holds => {
    const { environments, workspaces } = seen(server);
    return {
      ...Object.fromEntries(Object.entries(environments).map(([name, { connections }]) => [name, connections])),
      ...Object.fromEntries(Object.entries(workspaces).map(([name, of]) => [name, of.environments])),
    };
  };
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

  test.each(byWords)("as words: $what", async ({ first, second, referring }) => {
    await start({ "main.tf": first.files });
    await dir.apply(engine, ...order);
    dir.write("main.tf", second.files);
    const { code, stderr } = await dir.run(engine, [
      "apply",
      "-auto-approve",
      "-input=false",
      "-no-color",
      ...order,
      ...(second.args ?? []),
    ]);
    expect(stderr).not.toMatch(/Provider produced|bug in the provider/);
    const text = stderr.replace(/[│\s]+/g, " ");
    if (code !== 0) {
      expect(text).toMatch(OWN_ERRORS);
      // Refused by the plan: nothing of it was done.
      if (/passes from one/.test(text)) expect(holds()).toMatchObject(first.holds);
      dir.write("main.tf", /passes from one/.test(text) ? referring : second.files);
      await dir.apply(engine, ...order);
    }
    expect(holds()).toMatchObject(second.holds);
    expect(await dir.planned(engine)).toEqual({});
    await isClean();
  });
});
