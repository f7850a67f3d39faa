import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// A plan fails only on what cannot come true, and says who gets what.

const world = {
  connections: { c: { kind: "kubernetes", type: "platform" } },
  environments: { taken: { description: "theirs", connections: ["c"] } },
  workspaces: { team: {} },
};
const environment = (address: string, name = address, more = "") =>
  `resource "meshery_environment" "${address}" {\n  name = "${name}"\n${more}\n}\n`;
const flat = (text: string) => text.replace(/[│╷╵\s]+/g, " ");

/** Those of the provider; the engine says of a provider under development that it is one. */
const warnings = (text: string) =>
  (text.match(/Warning: .*/g) ?? []).filter((line) => !/development overrides/.test(line));

async function setup(program: string, env: Record<string, string> = {}) {
  const server = await MesheryServer.start({ world });
  const dir = workdir(server, { "main.tf": program }, env);
  const close = async () => {
    dir.remove();
    await server.close();
  };
  return { server, dir, [Symbol.asyncDispose]: close };
}
const tryPlan = (dir: Workdir, engine: Engine, ...args: string[]) =>
  dir.run(engine, ["plan", "-input=false", "-no-color", ...args]);
const tryApply = (dir: Workdir, engine: Engine) =>
  dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);

describeEngines("a plan that cannot come true fails, with one error", (engine) => {
  // Without a provider block the engine adds an error of its own: that there is none.
  const block = 'provider "meshery" {\n}\n';
  const many = block + Array.from({ length: 20 }, (_, i) => environment(`e${i}`)).join("");
  test.each([
    ["a refused token", { MESHERY_TOKEN: "wrong-token" }, /Not authenticated at .*MESHERY_TOKEN/],
    [
      "an organization that is not there",
      { MESHERY_ORGANIZATION_ID: "acme" },
      /no organization with the id acme.*MESHERY_ORGANIZATION_ID.*It sees:/,
    ],
  ])("%s", async (_, env, says) => {
    await using made = await setup(many, env);
    const { code, stderr } = await tryPlan(made.dir, engine);
    expect(code).toBe(1);
    expect(stderr.match(/Error:/g)).toHaveLength(1);
    expect(flat(stderr)).toMatch(says);
  });

  test("an organization of one resource that is not there", async () => {
    await using made = await setup(environment("e", "e", '  organization_id = "acme"'));
    const { code, stderr } = await tryPlan(made.dir, engine);
    expect(code).toBe(1);
    expect(flat(stderr)).toMatch(/acme.*It sees:/);
  });
});

describeEngines("a plan that may come true does not fail", (engine) => {
  test("where Meshery cannot be reached: a warning, and an error of the apply", async () => {
    await using made = await setup(environment("e"), { MESHERY_URL: "http://127.0.0.1:9" });
    const { code, stdout } = await tryPlan(made.dir, engine);
    expect(code).toBe(0);
    expect(flat(stdout)).toMatch(
      /Warning: Cannot reach Meshery at http:\/\/127\.0\.0\.1:9 \(url from the environment variable MESHERY_URL\)/,
    );
    expect(warnings(stdout)).toHaveLength(1);
    const applied = await tryApply(made.dir, engine);
    expect(applied.code).toBe(1);
    expect(flat(applied.stderr)).toMatch(/Environment "e": Cannot reach Meshery/);
  });

  test("without a refresh, where Meshery cannot be reached", async () => {
    await using made = await setup(environment("e"));
    const { server, dir } = made;
    await dir.apply(engine);
    await server.close();
    expect((await tryPlan(dir, engine, "-refresh=false", "-detailed-exitcode")).code).toBe(0);
    expect((await tryPlan(dir, engine)).code).toBe(1);
  });

  test("where this run starts Meshery behind a literal url", async () => {
    const made = await setup("");
    const { server, dir } = made;
    const options = { port: Number(new URL(server.url).port), token: server.token };
    await server.close();
    let started: MesheryServer | undefined;
    // The run asks for it over this door, as it would ask a cloud for a machine.
    const door = createServer(async (_, answer) => {
      started = await MesheryServer.start(options);
      answer.end("started");
    });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    const { port } = door.address() as AddressInfo;
    try {
      const start = `node -e 'fetch("http://127.0.0.1:${port}").then((r) => r.text())'`;
      dir.write(
        "main.tf",
        `provider "meshery" {\n  url = "${server.url}"\n}\nresource "terraform_data" "meshery" {\n  provisioner "local-exec" {\n    command = ${JSON.stringify(start)}\n  }\n}\n${environment("e", "e", "  depends_on = [terraform_data.meshery]")}`,
      );
      await dir.apply(engine);
      expect(started!.store.environments.list({ deletedAt: null }).map(({ name }) => name)).toEqual(["e"]);
    } finally {
      door.close();
      dir.remove();
      await started?.close();
    }
  });

  test("a tainted environment meets itself, without a word", async () => {
    await using made = await setup(environment("e"));
    const { dir } = made;
    await dir.apply(engine);
    await dir.succeed(engine, ["taint", "meshery_environment.e"]);
    const { code, stdout } = await tryPlan(dir, engine);
    expect(code).toBe(0);
    expect(warnings(stdout)).toEqual([]);
    await dir.apply(engine);
    expect(await dir.planned(engine)).toEqual({});
  });

  test.each([
    ["a", "z"],
    ["z", "a"],
  ])("a name that passes from %s to %s in one apply", async (from, to) => {
    await using made = await setup(environment(from, "one"));
    const { server, dir } = made;
    await dir.apply(engine);
    const { id } = server.store.environments.find({ name: "one" })!;
    dir.write("main.tf", environment(from, "two") + environment(to, "one"));
    await dir.apply(engine);
    expect(server.store.environments.get(id)?.name).toBe("two");
    expect(server.store.environments.list({ deletedAt: null, name: "one" })).toHaveLength(1);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("a connection that this run registers by other means", async () => {
    await using made = await setup("");
    const { server, dir } = made;
    const body = JSON.stringify({ name: "charted", kind: "kubernetes", type: "platform", status: "registered" });
    const register = `node -e 'fetch(process.env.MESHERY_URL + "/api/integrations/connections", { method: "POST", headers: { "content-type": "application/json", cookie: "token=" + process.env.MESHERY_TOKEN + "; meshery-provider=" + process.env.MESHERY_PROVIDER }, body: process.argv[1] }).then((r) => process.exit(r.ok ? 0 : 1))' '${body}'`;
    dir.write(
      "main.tf",
      `${environment("e")}resource "terraform_data" "chart" {\n  provisioner "local-exec" {\n    command = ${JSON.stringify(register)}\n  }\n}
data "meshery_connection" "charted" {\n  name       = "charted"\n  depends_on = [terraform_data.chart]\n}
resource "meshery_connection_assignment" "it" {\n  environment_id = meshery_environment.e.id\n  connection_id  = data.meshery_connection.charted.id\n}\n`,
    );
    await dir.apply(engine);
    const { id } = server.store.connections.find({ name: "charted" })!;
    expect(server.store.environmentConnections.list({ connectionId: id })).toHaveLength(1);
    expect(await dir.planned(engine)).toEqual({});
  });
});

describeEngines("a plan says", (engine) => {
  const lookups = `data "meshery_connection" "c" {\n  name = "c"\n}\ndata "meshery_environment" "taken" {\n  name = "taken"\n}\ndata "meshery_workspace" "team" {\n  name = "team"\n}\n`;

  test("the names and the kind of what is joined, where ids are known", async () => {
    await using made = await setup(
      `${lookups}resource "meshery_connection_assignment" "a" {\n  environment_id = data.meshery_environment.taken.id\n  connection_id  = data.meshery_connection.c.id\n}\nresource "meshery_workspace_binding" "b" {\n  workspace_id   = data.meshery_workspace.team.id\n  environment_id = data.meshery_environment.taken.id\n}\n`,
    );
    const { dir } = made;
    const { resource_changes: changes } = await dir.planJson(engine);
    expect(changes!.map(({ change }) => change.after)).toMatchObject([
      { environment_name: "taken", connection_name: "c", connection_kind: "kubernetes" },
      { workspace_name: "team", environment_name: "taken" },
    ]);
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("the name that an environment gets in the same plan", async () => {
    await using made = await setup(lookups + environment("e", "old"));
    const { dir } = made;
    await dir.apply(engine);
    dir.write(
      "main.tf",
      `${lookups}${environment("e", "new")}resource "meshery_connection_assignment" "a" {\n  environment_id = meshery_environment.e.id\n  connection_id  = data.meshery_connection.c.id\n}\n`,
    );
    const { resource_changes: changes } = await dir.planJson(engine);
    const assignment = changes!.find(({ address }) => address === "meshery_connection_assignment.a");
    expect(assignment!.change.after).toMatchObject({ environment_name: "new", connection_name: "c" });
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("that a name is in use, and the apply how to take over what has it", async () => {
    await using made = await setup(environment("mine", "taken"));
    const { server, dir } = made;
    const { id } = server.store.environments.find({ name: "taken" })!;
    const planned = await tryPlan(dir, engine);
    expect(planned.code).toBe(0);
    expect(flat(planned.stdout)).toMatch(new RegExp(`Warning: .*"taken".* ${id}`));
    const applied = await tryApply(dir, engine);
    expect(applied.code).toBe(1);
    expect(flat(applied.stderr)).toContain(`import { to = meshery_environment`);
    expect(flat(applied.stderr)).toContain(`id = "${id}"`);
  });

  test("that nobody has an id, and the apply fails on it before it writes", async () => {
    const nobody = "5f7b2c1a-0b1e-4c57-9d60-4f1f0e3b9a77";
    await using made = await setup(
      `data "meshery_environment" "taken" {\n  name = "taken"\n}\nresource "meshery_connection_assignment" "a" {\n  environment_id = data.meshery_environment.taken.id\n  connection_id  = "${nobody}"\n}\n`,
    );
    const { server, dir } = made;
    const planned = await tryPlan(dir, engine);
    expect(planned.code).toBe(0);
    expect(flat(planned.stdout)).toMatch(new RegExp(`Warning: .*no connection.* ${nobody}`));
    const applied = await tryApply(dir, engine);
    expect(applied.code).toBe(1);
    expect(server.requests.list.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("what it takes over, what changes by that, and what is released", async () => {
    const edge = `resource "meshery_connection_assignment" "a" {\n  environment_id = meshery_environment.e.id\n  connection_id  = data.meshery_connection.c.id\n}\n`;
    await using made = await setup(
      `data "meshery_connection" "c" {\n  name = "c"\n}\n${environment("e", "taken", '  description = "ours"\n  adopt = true')}${edge}`,
    );
    const { dir } = made;
    const planned = flat((await tryPlan(dir, engine)).stdout);
    expect(planned).toMatch(/Environment "taken" exists already and is adopted.*"theirs" becomes "ours".*releases it/);
    expect(planned).toMatch(/connection "c" \(.*is in environment "taken" \(.*already.*destroy, revokes it/);
    await dir.apply(engine);
    const destroying = flat((await tryPlan(dir, engine, "-destroy")).stdout);
    expect(destroying).toMatch(/Environment "taken" is released, not deleted/);
  });
});
