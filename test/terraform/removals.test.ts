import { describeEngines, type Engine } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// A destroy makes an ordinary plan first; an edge that is declared under another address stays only where that is recorded.

const environment = (name: string, more = "") =>
  `resource "meshery_environment" "${name}" {\n  name = "${name}"\n${more}\n}\n`;
const connection = 'data "meshery_connection" "c" {\n  name = "c"\n}\n';
const edge = (address: string, more = "") =>
  `resource "meshery_connection_assignment" "${address}" {\n  environment_id = meshery_environment.a.id\n  connection_id  = data.meshery_connection.c.id\n${more}\n}\n`;
const failing = 'resource "terraform_data" "fails" {\n  provisioner "local-exec" {\n    command = "exit 1"\n  }\n}\n';

async function setup(program: string) {
  const server = await MesheryServer.start({ world: { connections: { c: { kind: "kubernetes" } } } });
  const dir = workdir(server, { "main.tf": program });
  const close = async () => {
    dir.remove();
    await server.close();
  };
  return { server, dir, [Symbol.asyncDispose]: close };
}

const left = (server: MesheryServer) => ({
  environments: server.store.environments.list({ deletedAt: null }).map(({ name }) => name),
  edges: server.store.environmentConnections.list({ deletedAt: null }).length,
});
const NOTHING = { environments: [], edges: 0 };

describeEngines("a destroy destroys, whatever is not applied yet", (engine) => {
  const applied = environment("a") + environment("b") + connection + edge("e");
  const pending: [string, string][] = [
    ["a new environment", applied + environment("c")],
    ["another description", environment("a", '  description = "other"') + environment("b") + connection + edge("e")],
    ["another address of an edge", environment("a") + environment("b") + connection + edge("other")],
  ];
  test.each(pending)("%s", async (_, program) => {
    await using made = await setup(applied);
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", program);
    await dir.destroy(engine);
    expect(left(server)).toEqual(NOTHING);
  });

  test("from a saved plan", async () => {
    await using made = await setup(applied);
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", applied + environment("c"));
    await dir.succeed(engine, ["plan", "-destroy", "-input=false", "-out=plan.bin"]);
    await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(left(server)).toEqual(NOTHING);
  });
});

describeEngines("an edge under another address", (engine: Engine) => {
  const before = environment("a") + connection + edge("old");

  test("stays, without an interruption, once it is recorded there", async () => {
    await using made = await setup(before);
    const { server, dir } = made;
    await dir.apply(engine);
    server.requests.clear();
    dir.write("main.tf", environment("a") + connection + edge("new"));
    expect(await dir.apply(engine)).toMatch(
      /ConnectionAssignment of connection "c" \(\S+\) in environment "a" \(\S+\) was kept/,
    );
    expect(server.requests.list.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(left(server).edges).toBe(1);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("is removed at the end of a run that did not come to it", async () => {
    await using made = await setup(before + failing.replace("exit 1", "exit 0"));
    const { server, dir } = made;
    await dir.apply(engine);
    const after = environment("a") + connection + failing.replace("fails", "later");
    dir.write("main.tf", after + edge("new", "  depends_on = [terraform_data.later]"));
    const { code } = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);
    expect(code).toBe(1);
    expect(left(server).edges).toBe(0);
    await dir.destroy(engine);
    expect(left(server)).toEqual(NOTHING);
  });

  test("stays where that had it already, and is not applied", async () => {
    await using made = await setup(before + edge("new"));
    const { server, dir } = made;
    await dir.apply(engine);
    dir.write("main.tf", environment("a") + connection + edge("new"));
    await dir.apply(engine);
    expect(left(server).edges).toBe(1);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("stays where it is imported", async () => {
    await using made = await setup(before);
    const { server, dir } = made;
    await dir.apply(engine);
    const [row] = server.store.environmentConnections.list({ deletedAt: null });
    const id = `${row!.environmentId}/${row!.connectionId}`;
    const imported = `import {\n  to = meshery_connection_assignment.new\n  id = "${id}"\n}\n`;
    dir.write("main.tf", environment("a") + connection + edge("new") + imported);
    await dir.apply(engine);
    expect(left(server).edges).toBe(1);
    expect(await dir.planned(engine)).toEqual({});
  });

  test("is really removed where it is replaced", async () => {
    await using made = await setup(before);
    const { server, dir } = made;
    await dir.apply(engine);
    server.requests.clear();
    await dir.apply(engine, "-replace=meshery_connection_assignment.old");
    const writes = server.requests.list.filter(({ method }) => method !== "GET").map(({ method }) => method);
    expect(writes).toEqual(["DELETE", "POST"]);
    expect(left(server).edges).toBe(1);
  });
});

describeEngines("an environment that is removed here and adopted there", (engine) => {
  test("is a plan error that names moved", async () => {
    await using made = await setup(environment("a"));
    const { server, dir } = made;
    await dir.apply(engine);
    const adopting = 'resource "meshery_environment" "other" {\n  name = "a"\n  adopt = true\n}\n';
    dir.write("main.tf", adopting);
    const { code, stderr } = await dir.run(engine, ["plan", "-input=false", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr.replace(/[│\s]+/g, " ")).toContain("`moved` block");
    dir.write("main.tf", `${adopting}moved {\n  from = meshery_environment.a\n  to = meshery_environment.other\n}\n`);
    await dir.apply(engine);
    expect(left(server).environments).toEqual(["a"]);
  });
});
