import type { Store } from "../../provider/server";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { heldBy, MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Edges whose ends are given by name: who gets what is plain in the plan, a name means whoever has it when the run ends, and what
// stays as it is costs no write.

const world = {
  connections: {
    gke: { kind: "kubernetes", type: "platform", status: "connected" as const },
    eks: { kind: "kubernetes", type: "platform", status: "connected" as const },
    prometheus: { kind: "prometheus", type: "observability", status: "connected" as const },
  },
  environments: { theirs: {}, spare: {} },
  workspaces: { team: {} },
};

const environment = (name: string, more = "") => `resource "meshery_environment" "it" {\n  name = ${name}\n${more}}\n`;
const assignment = (environmentName: string, connectionName = '"gke"', more = "") =>
  `resource "meshery_connection_assignment" "it" {\n  environment_name = ${environmentName}\n  connection_name = ${connectionName}\n${more}}\n`;
const binding = (environmentName: string, workspaceName = '"team"') =>
  `resource "meshery_workspace_binding" "it" {\n  workspace_name = ${workspaceName}\n  environment_name = ${environmentName}\n}\n`;
const OWN = "meshery_environment.it.name";
const own = (name: string) => environment(`"${name}"`) + assignment(OWN) + binding(OWN);

const idOf = (rows: { find(where: { name: string; deletedAt: null }): { id: string } | undefined }, name: string) =>
  rows.find({ name, deletedAt: null })!.id;

type Plan = Record<string, string>;
const ENVIRONMENT = "meshery_environment.it";
const ASSIGNMENT = "meshery_connection_assignment.it";
const BINDING = "meshery_workspace_binding.it";

interface Scenario {
  what: string;
  before: string;
  /** What somebody does to the server between the two plans. */
  happens?(store: Store, ids: Record<string, string>): void;
  after?: string;
  args?: string[];
  plan: Plan;
  /** Connections by environment, environments by workspace, afterwards. */
  holds: Record<string, string[]>;
  /** Requests that write edges while the second plan is applied. */
  writes: number;
  /** What the plan says. */
  says?: RegExp;
}

const twin = (store: Store, name: string, kind: string) => {
  const { id: _, ...like } = store.connections.find({ name: "gke", deletedAt: null })!;
  return store.connections.insert({ ...like, name, kind });
};

const scenarios: Scenario[] = [
  {
    what: "the program renames the environment",
    before: own("stage"),
    after: own("production"),
    plan: { [ENVIRONMENT]: "update", [ASSIGNMENT]: "update", [BINDING]: "update" },
    holds: { production: ["gke"], team: ["production"] },
    writes: 0,
    says: /environment_name += "stage" -> "production"/,
  },
  {
    what: "somebody renames the environment, and the program names it by itself",
    before: assignment('"spare"'),
    happens: (store) => store.environments.update(idOf(store.environments, "spare"), { name: "other" }),
    plan: {},
    holds: { other: ["gke"] },
    writes: 0,
    says: /environment "spare" is now named "other"/,
  },
  {
    what: "the program follows a rename by hand",
    before: assignment('"spare"'),
    happens: (store) => store.environments.update(idOf(store.environments, "spare"), { name: "other" }),
    after: assignment('"other"'),
    plan: { [ASSIGNMENT]: "update" },
    holds: { other: ["gke"] },
    writes: 0,
  },
  {
    what: "the environment is replaced in the same plan",
    before: own("stage"),
    args: ["-replace=meshery_environment.it"],
    plan: { [ENVIRONMENT]: "delete+create", [ASSIGNMENT]: "update", [BINDING]: "update" },
    holds: { stage: ["gke"], team: ["stage"] },
    writes: 4,
  },
  {
    what: "the environment was deleted by hand, and is made again under its name",
    before: own("stage"),
    happens: (store, ids) => {
      store.environments.update(ids.stage!, { deletedAt: store.now() });
      store.environmentConnections.deleteWhere({ environmentId: ids.stage! });
      store.workspaceEnvironments.deleteWhere({ environmentId: ids.stage! });
    },
    plan: { [ENVIRONMENT]: "create", [ASSIGNMENT]: "create", [BINDING]: "create" },
    holds: { stage: ["gke"], team: ["stage"] },
    writes: 2,
  },
  {
    what: "a connection came back under another id",
    before: assignment('"spare"'),
    happens: (store) => {
      const old = idOf(store.connections, "gke");
      twin(store, "gke", "kubernetes");
      store.connections.update(old, { deletedAt: store.now() });
    },
    plan: { [ASSIGNMENT]: "update" },
    holds: { spare: ["gke"] },
    writes: 2,
    says: /~ connection_id += "[^"]+" -> "[^"]+"/,
  },
  {
    what: "a connection came back under another id, and its old row is left over",
    before: assignment('"spare"'),
    happens: (store) => {
      const old = idOf(store.connections, "gke");
      twin(store, "gke", "kubernetes");
      store.connections.update(old, { status: "not found" });
    },
    plan: { [ASSIGNMENT]: "update" },
    holds: { spare: ["gke"] },
    writes: 2,
    says: /2 connections are named "gke"/,
  },
  {
    what: "another object took the name",
    before: assignment('"spare"'),
    happens: (store) => {
      store.environments.update(idOf(store.environments, "spare"), { name: "old" });
      store.environments.update(idOf(store.environments, "theirs"), { name: "spare" });
    },
    plan: { [ASSIGNMENT]: "update" },
    holds: { spare: ["gke"], old: [] },
    writes: 2,
    says: /~ environment_id += "[^"]+" -> "[^"]+"/,
  },
  {
    what: "another connection got the same name, of another kind",
    before: assignment('"spare"'),
    happens: (store) => void twin(store, "gke", "prometheus"),
    plan: {},
    holds: { spare: ["gke"] },
    writes: 0,
  },
  {
    what: "an id takes the place of the names",
    before: `data "meshery_environment" "spare" {\n  name = "spare"\n}\ndata "meshery_connection" "gke" {\n  name = "gke"\n}\n${assignment('"spare"')}`,
    after: `data "meshery_environment" "spare" {\n  name = "spare"\n}\ndata "meshery_connection" "gke" {\n  name = "gke"\n}\nresource "meshery_connection_assignment" "it" {\n  environment_id = data.meshery_environment.spare.id\n  connection_id = data.meshery_connection.gke.id\n}\n`,
    plan: {},
    holds: { spare: ["gke"] },
    writes: 0,
  },
  {
    what: "the edge gets another connection by name",
    before: assignment('"spare"'),
    after: assignment('"spare"', '"eks"'),
    plan: { [ASSIGNMENT]: "update" },
    holds: { spare: ["eks"] },
    writes: 2,
  },
  {
    what: "the address and the name change at once",
    before: own("stage"),
    after: `${environment('"production"')}${assignment(OWN).replace('"it"', '"renamed"')}${binding(OWN).replace('"it"', '"renamed"')}`,
    plan: {
      [ENVIRONMENT]: "update",
      [ASSIGNMENT]: "delete",
      [BINDING]: "delete",
      "meshery_connection_assignment.renamed": "create",
      "meshery_workspace_binding.renamed": "create",
    },
    holds: { production: ["gke"], team: ["production"] },
    writes: 0,
  },
];

describeEngines("edges by name", (engine) => {
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
  const edgeWrites = () =>
    server.requests.list.filter(
      ({ method, path }) =>
        method !== "GET" && /\/(connections|environments)\/[^/]+$/.test(path) && path.split("/").length > 4,
    ).length;
  const holds = () => heldBy(server);

  test.each(scenarios)("$what", async ({ before, happens, after, args = [], plan, holds: wanted, writes, says }) => {
    await start({ "main.tf": before });
    await dir.apply(engine);
    expect(await dir.planned(engine)).toEqual({});
    const ids = Object.fromEntries(server.store.environments.list().map(({ name, id }) => [name, id]));
    happens?.(server.store, ids);
    if (after !== undefined) dir.write("main.tf", after);
    const text = await dir.succeed(engine, ["plan", "-no-color", "-input=false", ...args]);
    if (says) expect(text).toMatch(says);
    expect(await dir.planned(engine, ...args)).toEqual(plan);
    const written = edgeWrites();
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(holds()).toMatchObject(wanted);
    expect(edgeWrites() - written).toBe(writes);
    expect(await dir.planned(engine)).toEqual({});
    await dir.destroy(engine);
    expect(Object.values(holds()).flat()).toEqual([]);
  });

  test("the plan of new objects says who gets what", async () => {
    await start({
      "main.tf": `locals {
  stages = { production = ["gke", "prometheus"], stage = ["eks"] }
  pairs  = merge([for stage, names in local.stages : { for name in names : "\${stage}/\${name}" => { stage = stage, name = name } }]...)
}
resource "meshery_environment" "stage" {
  for_each = local.stages
  name     = each.key
}
resource "meshery_connection_assignment" "of" {
  for_each         = local.pairs
  environment_name = meshery_environment.stage[each.value.stage].name
  connection_name  = each.value.name
}
`,
    });
    const changes = await planJson(dir, engine);
    const edges = changes.filter(({ type }) => type === "meshery_connection_assignment");
    expect(edges.map(({ change }) => [change.after.environment_name, change.after.connection_name]).sort()).toEqual([
      ["production", "gke"],
      ["production", "prometheus"],
      ["stage", "eks"],
    ]);
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(holds()).toMatchObject({ production: ["gke", "prometheus"], stage: ["eks"] });
    expect(await dir.planned(engine)).toEqual({});
  });

  test("two connections of one name are told apart by their kind, and refused without it", async () => {
    await start({ "main.tf": assignment('"spare"') });
    twin(server.store, "gke", "prometheus");
    const refused = await dir.run(engine, ["plan", "-no-color", "-input=false"]);
    expect(refused.code).not.toBe(0);
    const text = refused.stderr.replace(/[│\s]+/g, " ");
    expect(text).toMatch(/2 connections are named "gke": .* \(kind "kubernetes".*kind "prometheus"/);
    expect(text).toMatch(/give connection_kind, or connection_id/);
    dir.write("main.tf", assignment('"spare"', '"gke"', '  connection_kind = "kubernetes"\n'));
    await dir.apply(engine);
    expect(await dir.planned(engine)).toEqual({});
    const [edge] = server.store.environmentConnections.list();
    expect(server.store.connections.get(edge!.connectionId)!.kind).toBe("kubernetes");
  });

  test("a name that is nobody's is a warning of the plan, and an error of the apply that names the field", async () => {
    await start({ "main.tf": assignment('"nowhere"') });
    const text = await dir.succeed(engine, ["plan", "-no-color", "-input=false", "-out=plan.bin"]);
    expect(text).toMatch(/no environment named "nowhere"/);
    const failed = await dir.run(engine, ["apply", "-no-color", "-input=false", "plan.bin"]);
    expect(failed.code).not.toBe(0);
    expect(failed.stderr.replace(/[│\s]+/g, " ")).toMatch(/no environment named "nowhere".*environment_name/);
    expect(edgeWrites()).toBe(0);
    await dir.destroy(engine);
  });

  test("a name that another provider block makes in the same run is found", async () => {
    await start({
      "main.tf": `provider "meshery" {
  alias = "other"
}
resource "meshery_environment" "it" {
  provider = meshery.other
  name     = "made elsewhere"
}
${assignment('"made elsewhere"')}`,
    });
    await dir.apply(engine);
    expect(holds()).toMatchObject({ "made elsewhere": ["gke"] });
    expect(await dir.planned(engine)).toEqual({});
  });

  test("a name that is known only after apply", async () => {
    await start({
      "main.tf": `resource "terraform_data" "name" {\n  input = "spare"\n}\n${assignment("terraform_data.name.output")}`,
    });
    await dir.apply(engine);
    expect(holds()).toMatchObject({ spare: ["gke"] });
    expect(await dir.planned(engine)).toEqual({});
    dir.write(
      "main.tf",
      `resource "terraform_data" "name" {\n  input = "theirs"\n}\n${assignment("terraform_data.name.output")}`,
    );
    expect(await dir.planned(engine)).toMatchObject({ [ASSIGNMENT]: "update" });
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(holds()).toMatchObject({ spare: [], theirs: ["gke"] });
    expect(await dir.planned(engine)).toEqual({});
  });

  test("an id and a name that disagree are an error that names both", async () => {
    await start({ "main.tf": "" });
    const id = idOf(server.store.environments, "spare");
    dir.write("main.tf", assignment('"theirs"', '"gke"', `  environment_id = "${id}"\n`));
    const refused = await dir.run(engine, ["plan", "-no-color", "-input=false"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr.replace(/[│\s]+/g, " ")).toMatch(
      /environment_id and environment_name do not mean the same environment: .* is "spare", not "theirs"/,
    );
    dir.write("main.tf", assignment('"spare"', '"gke"', `  environment_id = "${id}"\n`));
    await dir.apply(engine);
    expect(await dir.planned(engine)).toEqual({});
    // Renamed by hand afterwards: it stays, also on the way to a destroy.
    server.store.environments.update(id, { name: "other" });
    expect(await dir.planned(engine)).toEqual({});
    await dir.destroy(engine);
    expect(server.store.environmentConnections.count()).toBe(0);
  });

  test("names that change hands between the plan and its apply fail before anything is written", async () => {
    await start({ "main.tf": assignment('"spare"') });
    await dir.succeed(engine, ["plan", "-no-color", "-input=false", "-out=plan.bin"]);
    server.store.environments.update(idOf(server.store.environments, "spare"), { name: "old" });
    server.store.environments.update(idOf(server.store.environments, "theirs"), { name: "spare" });
    const failed = await dir.run(engine, ["apply", "-no-color", "-input=false", "plan.bin"]);
    expect(failed.code).not.toBe(0);
    expect(edgeWrites()).toBe(0);
  });

  test("import, with a configuration that the engine writes, is followed by an empty plan", async () => {
    await start({ "main.tf": "" });
    const { store } = server;
    store.environmentConnections.insert({
      environmentId: idOf(store.environments, "theirs"),
      connectionId: idOf(store.connections, "prometheus"),
    });
    dir.write("main.tf", `import {\n  to = ${ASSIGNMENT}\n  id = "name:theirs/prometheus"\n}\n`);
    await dir.succeed(engine, [
      "plan",
      "-input=false",
      "-no-color",
      "-generate-config-out=generated.tf",
      "-out=plan.bin",
    ]);
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(await dir.planned(engine)).toEqual({});
    expect(edgeWrites()).toBe(0);
    // The same by name alone.
    dir.write("generated.tf", assignment('"theirs"', '"prometheus"'));
    expect(await dir.planned(engine)).toEqual({});
  });

  test("without a refresh nothing is asked that the state knows, and -target brings what an edge needs", async () => {
    await start({ "main.tf": own("stage") });
    await dir.apply(engine, `-target=${ASSIGNMENT}`);
    expect(holds()).toMatchObject({ stage: ["gke"], team: [] });
    await dir.apply(engine);
    expect(await dir.planned(engine, "-refresh=false")).toEqual({});
    await dir.apply(engine, "-refresh-only");
    expect(await dir.planned(engine)).toEqual({});
    // Also where Meshery cannot be asked at all.
    const offline = await dir.run(
      engine,
      ["plan", "-refresh=false", "-no-color", "-input=false", "-detailed-exitcode"],
      {
        MESHERY_URL: "http://127.0.0.1:9",
      },
    );
    expect([offline.code, offline.stderr]).toEqual([0, ""]);
  });

  test("a destroy with an edit that was not applied leaves nothing", async () => {
    await start({ "main.tf": own("stage") });
    await dir.apply(engine);
    dir.write("main.tf", `${own("production")}${assignment('"nowhere"').replace('"it"', '"new"')}`);
    await dir.destroy(engine);
    expect(server.store.environmentConnections.count() + server.store.workspaceEnvironments.count()).toBe(0);
  });

  test("a state of a version that kept no names goes on", async () => {
    await start({ "main.tf": assignment('"spare"') });
    await dir.apply(engine);
    const state = JSON.parse(dir.read("terraform.tfstate")) as {
      resources: { instances: { attributes: Record<string, unknown> }[] }[];
    };
    const { attributes } = state.resources[0]!.instances[0]!;
    for (const name of ["environment_name", "connection_name", "connection_kind"]) delete attributes[name];
    dir.write("terraform.tfstate", JSON.stringify(state));
    const before = edgeWrites();
    await dir.apply(engine);
    expect(edgeWrites()).toBe(before);
    expect(await dir.planned(engine)).toEqual({});
  });
});

interface Change {
  type: string;
  change: { after: Record<string, unknown> };
}

async function planJson(dir: Workdir, engine: Engine): Promise<Change[]> {
  await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
  const shown = JSON.parse(await dir.succeed(engine, ["show", "-json", "plan.bin"])) as { resource_changes: Change[] };
  return shown.resource_changes;
}
