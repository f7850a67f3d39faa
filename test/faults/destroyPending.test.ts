import { ask } from "../server/support/ask";
import { describeEngines, type Engine, type RunResult, type Workdir } from "../support/engines";
import { MesheryServer, type Seen, seen } from "../support/meshery";
import { workdir } from "../support/terraform";

// A destroy makes an ordinary plan first, of a program that may hold what was never applied. It destroys all the same.

const world = {
  connections: { "prod-gke": { kind: "kubernetes" }, "stage-eks": { kind: "kubernetes" } },
  environments: { theirs: { connections: ["prod-gke"] } },
  workspaces: { "their team": { environments: ["theirs"] } },
};

const lookups = Object.keys(world.connections)
  .map((name) => `data "meshery_connection" "${name}" {\n  name = "${name}"\n}\n`)
  .join("");
const environment = (address: string, more = "") =>
  `resource "meshery_environment" "${address}" {\n  name = "${address}"\n${more}\n}\n`;
const edge = (address: string, e: string, c: string, more = "") =>
  `resource "meshery_connection_assignment" "${address}" {\n  environment_id = meshery_environment.${e}.id\n  connection_id = data.meshery_connection.${c}.id\n${more}\n}\n`;
const workspace = (more = "") => `resource "meshery_workspace" "team" {\n  name = "team"\n${more}\n}\n`;
const binding = (address: string, e: string) =>
  `resource "meshery_workspace_binding" "${address}" {\n  workspace_id = meshery_workspace.team.id\n  environment_id = meshery_environment.${e}.id\n}\n`;
const own = (more = "") =>
  `resource "meshery_connection" "own" {\n  name = "own"\n  kind = "github"\n  type = "collaboration"\n${more}\n}\n`;

const environments = environment("a") + environment("b");
const edges = edge("x", "a", "prod-gke") + edge("y", "b", "stage-eks") + binding("z", "a");
const whole = lookups + environments + edges + workspace() + own();

interface Made {
  server: MesheryServer;
  dir: Workdir;
  engine: Engine;
  /** What others had before. */
  before: Seen;
}

async function setup(engine: Engine, program: string) {
  const server = await MesheryServer.start({ world });
  const before = seen(server);
  const dir = workdir(server, { "main.tf": program });
  const close = async () => {
    dir.remove();
    await server.close();
  };
  return { server, dir, engine, before, [Symbol.asyncDispose]: close };
}

const idOf = (server: MesheryServer, name: string) => {
  const { environments, workspaces, connections } = server.store;
  return [environments, workspaces, connections].flatMap(
    (table) => table.find({ name, deletedAt: null })?.id ?? [],
  )[0]!;
};

const byHand = async (server: MesheryServer, path: string) => {
  const { status } = await ask(server, path, { method: "DELETE" });
  expect(status).toBeLessThan(300);
};

/** A destroy that fails at one request, which is refused for good. */
async function failsAt({ server, dir, engine }: Made, route: string): Promise<void> {
  server.faults.add({ method: "DELETE", route, effect: { kind: "status", status: 403 } });
  const { code } = await dir.run(engine, ["destroy", "-auto-approve", "-input=false"]);
  expect(code).toBe(1);
  server.faults.clear();
}

/** What stands between the last apply and the destroy. */
const forms: Record<string, (made: Made) => unknown> = {
  "nothing pending": () => undefined,
  "a new environment": ({ dir }) => dir.write("main.tf", whole + environment("c")),
  "a new edge": ({ dir }) => dir.write("main.tf", whole + edge("new", "b", "prod-gke")),
  "a new environment with edges": ({ dir }) =>
    dir.write("main.tf", whole + environment("c") + edge("new", "c", "prod-gke") + binding("new", "c")),
  "an edited description": ({ dir }) =>
    dir.write("main.tf", whole.replace('name = "a"', 'name = "a"\n  description = "edited"')),
  "a renamed environment": ({ dir }) => dir.write("main.tf", whole.replace('name = "a"', 'name = "renamed"')),
  "an edge that moves": ({ dir }) =>
    dir.write("main.tf", whole.replace(edge("x", "a", "prod-gke"), edge("x", "b", "prod-gke"))),
  "an edge under another address": ({ dir }) => dir.write("main.tf", whole.replace('" "x" {', '" "other" {')),
  "everything taken out of the program": ({ dir }) => dir.write("main.tf", lookups),
  "an environment deleted by hand": ({ server }) => byHand(server, `/api/environments/${idOf(server, "a")}`),
  "a connection deleted by hand": ({ server }) =>
    byHand(server, `/api/integrations/connections/${idOf(server, "own")}`),
  "an edge removed by hand": ({ server }) =>
    byHand(server, `/api/environments/${idOf(server, "a")}/connections/${idOf(server, "prod-gke")}`),
  "a destroy that failed at an environment": (made) => failsAt(made, "/api/environments/{id}"),
  "a destroy that failed at a workspace": (made) => failsAt(made, "/api/workspaces/{id}"),
};

type Way = (made: Made) => Promise<RunResult>;
const FLAGS = ["-input=false", "-no-color"];
const destroy: Way = ({ dir, engine }) => dir.run(engine, ["destroy", "-auto-approve", ...FLAGS]);
const savedPlan: Way = async ({ dir, engine }) => {
  await dir.succeed(engine, ["plan", "-destroy", "-out=plan.bin", ...FLAGS]);
  return dir.run(engine, ["apply", ...FLAGS, "plan.bin"]);
};

const managed = async ({ dir, engine }: Made) => {
  const resources = (await dir.stateJson(engine)).values?.root_module.resources ?? [];
  return resources.map(({ address }) => address).filter((address) => !address.startsWith("data."));
};

async function expectNothingLeft(made: Made, { code, stdout, stderr }: RunResult): Promise<void> {
  expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
  expect(seen(made.server)).toEqual(made.before);
  expect(await managed(made)).toEqual([]);
}

describeEngines("a destroy with something pending", (engine) => {
  const ways: [string, Way][] = [
    ["destroy", destroy],
    ["a saved destroy plan", savedPlan],
  ];
  const cases = ways.flatMap(([how, way], i) =>
    // The second engine shares all the code; a few forms tell whether it behaves otherwise.
    Object.keys(forms)
      .filter((_, j) => engine.name === "terraform" || (i + j) % 3 === 1)
      .map((form) => [form, how, way] as const),
  );

  test.each(cases)("%s, by %s: nothing is left", async (form, _, way) => {
    await using made = await setup(engine, whole);
    await made.dir.apply(engine);
    await forms[form]!(made);
    await expectNothingLeft(made, await way(made));
  });

  test("a saved destroy plan that failed half-way is made again", async () => {
    await using made = await setup(engine, whole);
    await made.dir.apply(engine);
    made.server.faults.add({
      method: "DELETE",
      route: "/api/environments/{id}",
      effect: { kind: "status", status: 403 },
    });
    expect((await savedPlan(made)).code).toBe(1);
    made.server.faults.clear();
    await expectNothingLeft(made, await savedPlan(made));
  });
});

describeEngines("an edge that is declared under another address, which is never recorded", (engine) => {
  const old = lookups + environment("a") + edge("old", "a", "prod-gke") + workspace() + binding("old", "a");
  const gated = (gate = "") =>
    lookups +
    environment("a") +
    environment("gate", gate) +
    edge("new", "a", "prod-gke", "  depends_on = [meshery_environment.gate]") +
    workspace() +
    binding("new", "a").replace("\n}", "\n  depends_on = [meshery_environment.gate]\n}");
  const gate = { method: "POST", route: "/api/environments" };
  const HELD = ["/api/environments/{id}/connections", "/api/workspaces/{id}/environments"];

  /** Makes the apply of the new address go wrong. */
  const accidents: Record<string, (made: Made) => Promise<RunResult>> = {
    failed: ({ server, dir }) => {
      const refuse = () => {
        for (const route of HELD)
          server.faults.add({
            method: "GET",
            route,
            times: Number.POSITIVE_INFINITY,
            effect: { kind: "status", status: 403 },
          });
      };
      server.faults.add({ ...gate, effect: { kind: "call", run: refuse } });
      return dir.run(engine, ["apply", "-auto-approve", ...FLAGS]);
    },
    skipped: ({ server, dir }) => {
      server.faults.add({ ...gate, effect: { kind: "status", status: 403 } });
      return dir.run(engine, ["apply", "-auto-approve", ...FLAGS]);
    },
    interrupted: ({ server, dir }) => {
      let interrupt = () => undefined as unknown;
      server.faults.add({ ...gate, effect: { kind: "call", run: () => interrupt() } });
      server.faults.add({ ...gate, effect: { kind: "latency", milliseconds: 1_000 } });
      return dir.run(engine, ["apply", "-auto-approve", ...FLAGS], {}, ({ pid }) => {
        interrupt = () => process.kill(-pid!, "SIGINT");
      });
    },
  };
  const afterwards: Record<string, (made: Made) => unknown> = {
    "as it is": () => undefined,
    "with the edge no longer declared": ({ dir }) => dir.write("main.tf", lookups + environment("a") + workspace()),
    "with one more thing pending": ({ dir }) =>
      dir.write("main.tf", gated('  description = "edited"') + environment("c")),
  };
  // The second engine shares all the code: each accident and each of what follows is played on it once.
  const cases = Object.keys(accidents).flatMap((accident, i) =>
    Object.keys(afterwards)
      .filter((_, j) => engine.name === "terraform" || i === j)
      .map((pending) => [accident, pending] as const),
  );

  test.each(cases)("since it %s; then destroyed %s: nothing is left", async (accident, pending) => {
    await using made = await setup(engine, old);
    await made.dir.apply(engine);
    made.dir.write("main.tf", gated());
    const { code } = await accidents[accident]!(made);
    expect(code).not.toBe(0);
    made.server.faults.clear();
    await afterwards[pending]!(made);
    await expectNothingLeft(made, await destroy(made));
  });

  test.each(
    Object.keys(accidents).filter((accident) => engine.name === "terraform" || accident === "interrupted"),
  )("since it %s; the next apply makes it right", async (accident) => {
    await using made = await setup(engine, old);
    await made.dir.apply(engine);
    made.dir.write("main.tf", gated());
    await accidents[accident]!(made);
    made.server.faults.clear();
    await made.dir.apply(engine);
    expect(seen(made.server).environments.a?.connections).toEqual(["prod-gke"]);
    expect(seen(made.server).workspaces.team?.environments).toEqual(["a"]);
    expect(await made.dir.planned(engine)).toEqual({});
    await expectNothingLeft(made, await destroy(made));
  });
});
