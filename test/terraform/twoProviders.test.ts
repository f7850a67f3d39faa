import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Each provider block is a process of its own, and knows nothing of the others: the engine does what its plan says.

const world = { connections: { c1: { kind: "kubernetes" }, c2: { kind: "kubernetes" } } };

const BLOCKS = 'provider "meshery" {\n}\nprovider "meshery" {\n  alias = "other"\n}\n';
const lookups = ["c1", "c2"].map((name) => `data "meshery_connection" "${name}" {\n  name = "${name}"\n}\n`).join("");
const environment = (address: string, more = "") =>
  `resource "meshery_environment" "${address}" {\n  name = "one"\n${more}\n}\n`;
const edge = (address: string, c: string, more = "", e = "e1") =>
  `resource "meshery_connection_assignment" "${address}" {\n  environment_id = meshery_environment.${e}.id\n  connection_id = data.meshery_connection.${c}.id\n${more}\n}\n`;
const OTHER = "  provider = meshery.other";
const base = BLOCKS + lookups + environment("e1");

async function setup(program: string) {
  const server = await MesheryServer.start({ world });
  const dir = workdir(server, { "main.tf": program });
  const close = async () => {
    dir.remove();
    await server.close();
  };
  return { server, dir, [Symbol.asyncDispose]: close };
}

const deletes = (server: MesheryServer) =>
  server.requests.list.filter(({ method }) => method === "DELETE").map(({ path }) => path);
const assigned = (server: MesheryServer) =>
  server.store.environmentConnections
    .list({ deletedAt: null })
    .map(({ connectionId }) => server.store.connections.get(connectionId)?.name)
    .sort();

describeEngines("what gets another provider block", (engine) => {
  const inOneCommand = (dir: Workdir) => dir.apply(engine);
  const fromSavedPlan = async (dir: Workdir) => {
    await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
    return dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
  };

  test.each([
    ["in one command", inOneCommand],
    ["from a saved plan", fromSavedPlan],
  ])("and another address: an assignment is there after the next apply at the latest, %s", async (_, apply) => {
    await using made = await setup(base + edge("old", "c1"));
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", base + edge("new", "c1", OTHER));
    await apply(dir);
    await apply(dir);
    expect(assigned(server)).toEqual(["c1"]);
    expect(await dir.planned(engine)).toEqual({});
    await dir.destroy(engine);
    expect(assigned(server)).toEqual([]);
  });

  test("and keeps its address: an assignment is never removed", async () => {
    await using made = await setup(base + edge("same", "c1"));
    const { server, dir } = made;
    await dir.apply(engine);
    server.requests.clear();
    dir.write("main.tf", base + edge("same", "c1", OTHER));
    await dir.apply(engine);
    expect(deletes(server)).toEqual([]);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("while it moves away: the pair that it leaves to the other block is there after the next apply at the latest", async () => {
    await using made = await setup(base + edge("x", "c1"));
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", base + edge("x", "c2") + edge("y", "c1", OTHER));
    await dir.apply(engine);
    await dir.apply(engine);
    expect(assigned(server)).toEqual(["c1", "c2"]);
    expect(await dir.planned(engine)).toEqual({});
  });

  const ways: [string, (id: string) => string[]][] = [
    [
      "moved",
      () => [
        `${BLOCKS}${environment("new", OTHER)}moved {\n  from = meshery_environment.old\n  to = meshery_environment.new\n}\n`,
      ],
    ],
    [
      "removed, then imported",
      (id) => [
        `${BLOCKS}removed {\n  from = meshery_environment.old\n  lifecycle {\n    destroy = false\n  }\n}\n`,
        `${BLOCKS}${environment("new", OTHER)}import {\n  to = meshery_environment.new\n  id = "${id}"\n}\n`,
      ],
    ],
  ];
  test.each(
    ways,
  )("and another address: an environment is not deleted where the program says it: %s", async (_, programs) => {
    await using made = await setup(BLOCKS + environment("old"));
    const { server, dir } = made;
    await dir.apply(engine);
    server.requests.clear();
    for (const program of programs(server.store.environments.find({ name: "one" })!.id)) {
      dir.write("main.tf", program);
      await dir.apply(engine);
    }
    expect(deletes(server)).toEqual([]);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("what only one block declared goes, whatever the other one declares", async () => {
    await using made = await setup(base + edge("old", "c1"));
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", base + edge("new", "c2", OTHER));
    await dir.apply(engine);
    expect(assigned(server)).toEqual(["c2"]);
  });
});

describeEngines("what does not belong together", (engine) => {
  test("another Meshery's environment of the same name keeps nothing here", async () => {
    await using made = await setup(BLOCKS + environment("old"));
    const { server, dir } = made;
    const second = await MesheryServer.start({ world: { environments: { one: {} } } });
    try {
      await dir.apply(engine);
      const there = `provider "meshery" {\n}\nprovider "meshery" {\n  alias = "other"\n  url = "${second.url}"\n  token = "${second.token}"\n}\n`;
      dir.write("main.tf", there + environment("new", `  adopt = true\n${OTHER}`));
      await dir.apply(engine);
      expect(server.store.environments.list({ deletedAt: null })).toEqual([]);
      expect(second.store.environments.list({ deletedAt: null })).toHaveLength(1);
    } finally {
      await second.close();
    }
  });

  test("an environment of the same name in another organization keeps nothing here", async () => {
    const server = await MesheryServer.start({ world: { organizations: { one: {}, two: {} } } });
    const [one, two] = ["one", "two"].map((name) => server.store.organizations.find({ name })!.id);
    const blocks = `provider "meshery" {\n  organization_id = "${one}"\n}\nprovider "meshery" {\n  alias = "other"\n  organization_id = "${two}"\n}\n`;
    const dir = workdir(server, { "main.tf": blocks + environment("old") });
    try {
      await dir.apply(engine);
      dir.write("main.tf", blocks + environment("new", `  adopt = true\n${OTHER}`));
      await dir.apply(engine);
      const there = server.store.environments.list({ deletedAt: null });
      expect(there.map(({ organizationId }) => organizationId)).toEqual([two]);
    } finally {
      dir.remove();
      await server.close();
    }
  });

  test("what an earlier run of the same engine declared keeps nothing in a later one", async () => {
    const optional = (address: string, c: string, more = "") =>
      edge(address, c, `  count = var.${address} ? 1 : 0\n${more}`);
    const program = `${base}${["x", "y"].map((name) => `variable "${name}" {\n  default = true\n}\n`).join("")}${optional("x", "c1")}${optional("y", "c2", OTHER)}`;
    await using made = await setup(program);
    const { server, dir } = made;
    const variables = (x: boolean, y: boolean) => `  variables {\n    x = ${x}\n    y = ${y}\n  }\n`;
    dir.write(
      "topology.tftest.hcl",
      `run "planned" {\n  command = plan\n}\nrun "both" {\n}\nrun "same" {\n  command = plan\n}\nrun "one" {\n${variables(false, true)}}\nrun "neither" {\n${variables(false, false)}}\n`,
    );
    await dir.succeed(engine, ["test", "-no-color"]);
    const id = (c: string) => server.store.connections.find({ name: c })!.id;
    // Each edge by its own run, the environment by the engine's cleaning up.
    expect(deletes(server)).toMatchObject([
      expect.stringMatching(new RegExp(`/connections/${id("c1")}$`)),
      expect.stringMatching(new RegExp(`/connections/${id("c2")}$`)),
      expect.stringMatching(/\/environments\/[^/]+$/),
    ]);
    expect(server.store.environments.list({ deletedAt: null })).toEqual([]);
  });
});
