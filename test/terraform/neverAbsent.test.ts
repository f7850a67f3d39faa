import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEngines, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

const world = {
  connections: {
    c1: { kind: "kubernetes", type: "platform" },
    c2: { kind: "kubernetes", type: "platform" },
    theirs: { kind: "kubernetes", type: "platform" },
  },
  workspaces: { team: {} },
};

/** What every program here has in common; scenarios differ in how they declare the edges. */
const base = `
data "meshery_connection" "c1" {
  name = "c1"
}
data "meshery_connection" "c2" {
  name = "c2"
}
data "meshery_workspace" "team" {
  name = "team"
}
`;
const environments = (e1: string, e2: string) =>
  `resource "meshery_environment" "e1" {\n${e1}\n}\nresource "meshery_environment" "e2" {\n${e2}\n}\n`;
const both = environments('  name = "one"', '  name = "two"');
const assignment = (address: string, e: string, c: string, more = "") =>
  `resource "meshery_connection_assignment" "${address}" {\n  environment_id = ${e}\n  connection_id = data.meshery_connection.${c}.id\n${more}\n}\n`;
const a = (address: string, e: string, c: string, more = "") =>
  assignment(address, `meshery_environment.${e}.id`, c, more);
const binding = (address: string) =>
  `resource "meshery_workspace_binding" "${address}" {\n  workspace_id = data.meshery_workspace.team.id\n  environment_id = meshery_environment.e1.id\n}\n`;
const keyed = (key: string) => `resource "meshery_connection_assignment" "each" {
  for_each       = { ${key} = data.meshery_connection.c1.id }
  environment_id = meshery_environment.e1.id
  connection_id  = each.value
}
`;
const counted = `resource "meshery_connection_assignment" "each" {
  count          = 1
  environment_id = meshery_environment.e1.id
  connection_id  = data.meshery_connection.c1.id
}
`;
const lookedUp = (
  description: string,
) => `${environments(`  name = "one"\n  description = "${description}"`, '  name = "two"')}
data "meshery_environment" "e1" {
  name       = "one"
  depends_on = [meshery_environment.e1]
}
${assignment("x", "data.meshery_environment.e1.id", "c1")}`;
const createFirst = "  lifecycle {\n    create_before_destroy = true\n  }";

type Pair = `${"e1" | "e2" | "team"} ${"c1" | "c2" | "e1"}`;
interface Scenario {
  what: string;
  before: string;
  after?: string;
  args?: string[];
  /** Pairs that are in both programs; `[old, new]`: at every moment one of the two is there. */
  stays: (Pair | [Pair, Pair])[];
  /** What the plan does with the edges, so that the case is the one it is meant to be. */
  plan: Record<string, string>;
}
const edge = (address: string) => `meshery_connection_assignment.${address}`;

const scenarios: Scenario[] = [
  {
    what: "the address of an edge changes without a moved block",
    before: both + a("old", "e1", "c1"),
    after: both + a("new", "e1", "c1"),
    stays: ["e1 c1"],
    plan: { [edge("old")]: "delete", [edge("new")]: "create" },
  },
  {
    what: "the address of a binding changes without a moved block",
    before: both + binding("old"),
    after: both + binding("new"),
    stays: ["team e1"],
    plan: { "meshery_workspace_binding.old": "delete", "meshery_workspace_binding.new": "create" },
  },
  {
    what: "a for_each key changes",
    before: both + keyed("old"),
    after: both + keyed("new"),
    stays: ["e1 c1"],
    plan: { [edge('each["old"]')]: "delete", [edge('each["new"]')]: "create" },
  },
  {
    what: "count becomes for_each, one step at a time",
    before: both + counted,
    after: both + keyed("c1"),
    args: ["-parallelism=1"],
    stays: ["e1 c1"],
    plan: { [edge("each[0]")]: "delete", [edge('each["c1"]')]: "create" },
  },
  {
    what: "an edge is replaced on demand",
    before: both + a("x", "e1", "c1"),
    args: [`-replace=${edge("x")}`],
    // That is what was asked for.
    stays: [],
    plan: { [edge("x")]: "delete+create" },
  },
  {
    what: "an edge is replaced on demand, created first",
    before: both + a("x", "e1", "c1", createFirst),
    args: [`-replace=${edge("x")}`],
    stays: ["e1 c1"],
    plan: { [edge("x")]: "create+delete" },
  },
  {
    what: "an edge moves to another environment",
    before: both + a("x", "e1", "c1"),
    after: both + a("x", "e2", "c1"),
    stays: [["e1 c1", "e2 c1"]],
    plan: { [edge("x")]: "update" },
  },
  {
    what: "an edge moves to another connection",
    before: both + a("x", "e1", "c1"),
    after: both + a("x", "e1", "c2"),
    stays: [["e1 c1", "e1 c2"]],
    plan: { [edge("x")]: "update" },
  },
  {
    what: "two edges change places",
    before: both + a("x", "e1", "c1") + a("y", "e2", "c2"),
    after: both + a("x", "e2", "c2") + a("y", "e1", "c1"),
    stays: ["e1 c1", "e2 c2"],
    plan: { [edge("x")]: "update", [edge("y")]: "update" },
  },
  {
    what: "two edges change places, one step at a time",
    before: both + a("x", "e1", "c1") + a("y", "e1", "c2"),
    after: both + a("x", "e1", "c2") + a("y", "e1", "c1"),
    args: ["-parallelism=1"],
    stays: ["e1 c1", "e1 c2"],
    plan: { [edge("x")]: "update", [edge("y")]: "update" },
  },
  {
    what: "one edge takes the place of another that goes",
    before: both + a("goes", "e1", "c1") + a("takes", "e1", "c2"),
    after: both + a("takes", "e1", "c1"),
    stays: ["e1 c1"],
    plan: { [edge("goes")]: "delete", [edge("takes")]: "update" },
  },
  {
    what: "two environments change names, and an edge its address",
    before: both + a("x", "e1", "c1") + a("old", "e2", "c2"),
    after: environments('  name = "two"', '  name = "one"') + a("x", "e1", "c1") + a("new", "e2", "c2"),
    stays: ["e1 c1", "e2 c2"],
    plan: { [edge("old")]: "delete", [edge("new")]: "create" },
  },
  {
    what: "a lookup depends on an environment that changes",
    before: lookedUp("before"),
    after: lookedUp("after"),
    stays: ["e1 c1"],
    plan: { [edge("x")]: "update" },
  },
  {
    what: "an edge is only declared a second time, and then once again",
    before: both + a("x", "e1", "c1") + a("y", "e1", "c1"),
    after: both + a("y", "e1", "c1"),
    stays: ["e1 c1"],
    plan: { [edge("x")]: "delete" },
  },
];
/** Those that the second engine plays as well. */
const SHORT = [0, 4, 8];

describeEngines("an edge that is in both programs is there at every moment", (engine) => {
  let server: MesheryServer;
  let dir: Workdir;
  beforeAll(async () => {
    server = await MesheryServer.start({ world });
    dir = workdir(server, { "main.tf": base + both });
    await dir.apply(engine);
    const { store } = server;
    store.environmentConnections.insert({ environmentId: idOf("e1"), connectionId: named("connections", "theirs") });
  });
  afterAll(async () => {
    dir.remove();
    await server.close();
  });

  const named = (table: "connections" | "environments" | "workspaces", name: string) =>
    server.store[table].find({ name, deletedAt: null })!.id;
  const ids = new Map<string, string>();
  /** Ids stay what they are when names change hands. */
  function idOf(key: string): string {
    const found = ids.get(key);
    if (found) return found;
    const id =
      key === "team"
        ? named("workspaces", "team")
        : key === "e1" || key === "e2"
          ? named("environments", key === "e1" ? "one" : "two")
          : named("connections", key);
    ids.set(key, id);
    return id;
  }
  function isThere(pair: string): boolean {
    const [parent, child] = pair.split(" ") as [string, string];
    const { store } = server;
    return parent === "team"
      ? store.workspaceEnvironments.find({ workspaceId: idOf(parent), environmentId: idOf(child) }) !== undefined
      : store.environmentConnections.find({ environmentId: idOf(parent), connectionId: idOf(child) }) !== undefined;
  }

  /** Looks at every moment at which the server could change: at each request, and all the time besides. */
  async function watched<T>(stays: Scenario["stays"], work: () => Promise<T>): Promise<T> {
    const missing: unknown[] = [];
    const look = () => {
      for (const expected of [...stays, "e1 theirs"])
        if (![expected].flat().some(isThere)) missing.push([expected, server.requests.list.at(-1)?.path]);
    };
    server.requests.clear();
    const fault = server.faults.add({ effect: { kind: "call", run: look }, times: Number.POSITIVE_INFINITY });
    const timer = setInterval(look, 2);
    try {
      look();
      expect(missing).toEqual([]);
      const result = await work();
      look();
      expect(missing).toEqual([]);
      const removed = server.requests.list.filter(({ method }) => method === "DELETE").map(({ path }) => path);
      const kept = stays.filter((pair) => typeof pair === "string").map((pair) => pair.split(" ").map(idOf).join("/"));
      for (const pair of kept)
        expect(
          removed.filter((path) => path.replace(/\/(connections|environments)\/(?=[^/]+$)/, "/").endsWith(pair)),
        ).toEqual([]);
      return result;
    } finally {
      clearInterval(timer);
      server.faults.clear(fault);
    }
  }

  async function expectNothingToDo(): Promise<void> {
    const { code, stdout } = await dir.run(engine, ["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
    expect({ code, said: code === 0 ? "" : stdout }).toEqual({ code: 0, said: "" });
  }
  const edgesOf = (plan: Record<string, string>) =>
    Object.fromEntries(Object.entries(plan).filter(([address]) => !address.startsWith("meshery_environment.")));

  const chosen = engine.name === "terraform" ? scenarios : scenarios.filter((_, i) => SHORT.includes(i));
  test.each(chosen)("$what", async ({ before, after, args = [], stays, plan }) => {
    dir.write("main.tf", base + before);
    await dir.apply(engine);
    if (after !== undefined) dir.write("main.tf", base + after);
    const [replace, apply] = [
      args.filter((arg) => arg.startsWith("-replace")),
      args.filter((arg) => !arg.startsWith("-replace")),
    ];
    await watched(stays, async () => {
      expect(edgesOf(await dir.planned(engine, ...replace))).toEqual(plan);
      await dir.succeed(engine, ["apply", "-input=false", ...apply, "plan.bin"]);
    });
    await expectNothingToDo();
  });
});

describeEngines("an edge under a new address, with plan and apply apart", (engine) => {
  const program = (address: string) => base + both + a(address, "e1", "c1") + binding(address);
  const setup = async () => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, { "main.tf": program("old") });
    await dir.apply(engine);
    dir.write("main.tf", program("new"));
    server.requests.clear();
    const close = async () => {
      dir.remove();
      await server.close();
    };
    return { server, dir, [Symbol.asyncDispose]: close };
  };
  const deletes = (server: MesheryServer) => server.requests.list.filter(({ method }) => method === "DELETE");

  test("in one command", async () => {
    await using made = await setup();
    await made.dir.apply(engine);
    expect(deletes(made.server)).toEqual([]);
  });

  if (engine.name === "terraform")
    test("on another machine, it is there again after the apply", async () => {
      await using made = await setup();
      const other = mkdtempSync(join(tmpdir(), "other-machine-"));
      try {
        await made.dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
        await made.dir.succeed(engine, ["apply", "-input=false", "plan.bin"], { TMPDIR: other });
        expect(made.server.store.environmentConnections.count()).toBe(1);
        expect(made.server.store.workspaceEnvironments.count()).toBe(1);
      } finally {
        rmSync(other, { recursive: true, force: true });
      }
    });
});

describeEngines("an environment that was adopted, and is adopted under a new address", (engine) => {
  test("is never deleted, and neither are its edges", async () => {
    const server = await MesheryServer.start({ world: { ...world, environments: { one: {} } } });
    const environment = (address: string, edge = "x") =>
      `${base}resource "meshery_environment" "${address}" {\n  name = "one"\n  adopt = true\n}\n${assignment(edge, `meshery_environment.${address}.id`, "c1")}`;
    const dir = workdir(server, { "main.tf": environment("old") });
    try {
      await dir.apply(engine);
      const { id } = server.store.environments.find({ name: "one" })!;
      server.requests.clear();
      dir.write("main.tf", environment("new"));
      expect(await dir.apply(engine)).toMatch(/Environment "one" is released, not deleted/);
      expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
      expect(server.store.environments.list({ name: "one", deletedAt: null })).toMatchObject([{ id }]);
      expect(await dir.planned(engine)).toEqual({});
      // The plan knows what it adopts, so that an edge that gets another address as well is still seen as the same.
      for (const args of [[], ["-replace=meshery_environment.newer"]]) {
        server.requests.clear();
        dir.write("main.tf", environment("newer", "y"));
        await dir.apply(engine, ...args);
        expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
        expect(await dir.planned(engine)).toEqual({});
      }
      await dir.destroy(engine);
      expect(server.store.environments.get(id)?.deletedAt).toBeNull();
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

describeEngines("an object that is imported under a new address", (engine) => {
  test("is a plan error while its old address would delete it, and works where that forgets it", async () => {
    const server = await MesheryServer.start({ world });
    const program = (address: string) =>
      `${base}resource "meshery_environment" "${address}" {\n  name = "one"\n  force_destroy = true\n}\n${assignment("x", `meshery_environment.${address}.id`, "c1")}`;
    const dir = workdir(server, { "main.tf": program("old") });
    try {
      await dir.apply(engine);
      const { id } = server.store.environments.find({ name: "one" })!;
      server.requests.clear();
      const imported = `${program("new")}\nimport {\n  to = meshery_environment.new\n  id = "${id}"\n}\n`;
      dir.write("main.tf", imported);
      const { code, stderr } = await dir.run(engine, ["plan", "-input=false", "-no-color"]);
      expect(code).toBe(1);
      expect(stderr.replace(/[│\s]+/g, " ")).toMatch(
        /to be destroyed under one address and kept under another.*`moved` block/,
      );
      dir.write(
        "main.tf",
        `${imported}removed {\n  from = meshery_environment.old\n  lifecycle {\n    destroy = false\n  }\n}\n`,
      );
      await dir.apply(engine);
      expect(server.requests.list.filter(({ method }) => method === "DELETE")).toEqual([]);
      expect(server.store.environments.list({ name: "one", deletedAt: null })).toMatchObject([{ id }]);
      expect(await dir.planned(engine)).toEqual({});
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

describeEngines("a replacement that is asked for", (engine) => {
  test("makes an object of the program's own anew, although it may be adopted", async () => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, {
      "main.tf": 'resource "meshery_environment" "e" {\n  name = "one"\n  adopt = true\n}\n',
    });
    try {
      await dir.apply(engine);
      const { id } = server.store.environments.find({ name: "one" })!;
      await dir.apply(engine, "-replace=meshery_environment.e");
      expect(server.store.environments.get(id)?.deletedAt).not.toBeNull();
      expect(await dir.planned(engine)).toEqual({});
      await dir.destroy(engine);
      expect(server.store.environments.list({ name: "one", deletedAt: null })).toEqual([]);
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

describeEngines("another plan in another checkout", (engine) => {
  test("does not keep what this plan takes away", async () => {
    const server = await MesheryServer.start({ world });
    const program = (...edges: string[]) => base + both + edges.join("");
    const dir = workdir(server, { "main.tf": program(a("x", "e1", "c1")) });
    const other = workdir(server, { "main.tf": program(a("x", "e1", "c2"), a("y", "e1", "c1")) });
    try {
      await dir.apply(engine);
      other.write("terraform.tfstate", dir.read("terraform.tfstate"));
      dir.write("main.tf", program(a("x", "e1", "c2")));
      await dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
      await other.succeed(engine, ["plan", "-input=false"]);
      await dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
      const c2 = server.store.connections.find({ name: "c2" })!.id;
      expect(server.store.environmentConnections.list({ deletedAt: null })).toMatchObject([{ connectionId: c2 }]);
    } finally {
      for (const made of [dir, other]) made.remove();
      await server.close();
    }
  });
});

describeEngines("what one plan cannot be sure of is refused", (engine) => {
  const environment = (address: string, name = "one", more = "") =>
    `resource "meshery_environment" "${address}" {\n  name = "${name}"\n${more}\n}\n`;
  const setup = async () => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, { "main.tf": environment("old") });
    const close = async () => {
      dir.remove();
      await server.close();
    };
    return { server, dir, [Symbol.asyncDispose]: close };
  };
  const refused = async (dir: Workdir, args: readonly string[]) => {
    const { code, stderr } = await dir.run(engine, [args[0]!, "-input=false", "-no-color", ...args.slice(1)]);
    expect(code).toBe(1);
    return stderr.replace(/[│╷╵\s]+/g, " ");
  };

  test("adopting what another address has", async () => {
    await using made = await setup();
    await made.dir.apply(engine);
    made.server.requests.clear();
    made.dir.write("main.tf", environment("old") + environment("new", "one", "  adopt = true"));
    expect(await refused(made.dir, ["apply", "-auto-approve"])).toContain("another address of this program has it");
    expect(made.server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test.each([
    ["two that are new", "", "new"],
    ["two that are renamed", environment("x", "old x") + environment("y", "old y"), "renamed"],
    ["one that stays, and one that is renamed", environment("x", "both") + environment("y", "old y"), "both"],
  ])("one name for %s", async (_, before, name) => {
    await using made = await setup();
    made.dir.write("main.tf", before);
    await made.dir.apply(engine);
    made.server.requests.clear();
    made.dir.write("main.tf", environment("x", name) + environment("y", name));
    const said = await refused(made.dir, ["apply", "-auto-approve"]);
    expect(said).toContain(`two of this program are to be named "${name}"`);
    expect(made.server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("adopting what is gone since the plan", async () => {
    await using made = await setup();
    await made.dir.apply(engine);
    const { id } = made.server.store.environments.find({ name: "one" })!;
    made.dir.write("main.tf", environment("new", "one", "  adopt = true"));
    await made.dir.succeed(engine, ["state", "rm", "meshery_environment.old"]);
    await made.dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin"]);
    made.server.store.environments.delete(id);
    made.server.requests.clear();
    // An apply plans once more, without being told what was planned first: the engine notices, in its own words.
    expect(await refused(made.dir, ["apply", "plan.bin"])).toContain("inconsistent final plan");
    expect(made.server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
    await made.dir.apply(engine);
    expect(made.server.store.environments.list()).toMatchObject([{ name: "one" }]);
  });
});

describeEngines("an object whose address changes without a word", (engine) => {
  const objects = (address: string) => `${base}
resource "meshery_environment" "${address}" {
  name = "one"
}
resource "meshery_workspace" "${address}" {
  name = "ours"
}
resource "meshery_connection" "${address}" {
  name = "ours"
  kind = "github"
  type = "collaboration"
}
${assignment(address, `meshery_environment.${address}.id`, "c1")}`;
  const moved = ["environment", "workspace", "connection", "connection_assignment"]
    .map((type) => `moved {\n  from = meshery_${type}.old\n  to = meshery_${type}.new\n}\n`)
    .join("");

  test("is refused while it is planned, and keeps what it is once the program says that it moved", async () => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, { "main.tf": objects("old") });
    try {
      await dir.apply(engine);
      server.requests.clear();
      dir.write("main.tf", objects("new"));
      const { code, stderr } = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);
      const errors = stderr
        .replace(/[│╷╵\s]+/g, " ")
        .match(/Error: .*?destroyed under one address and created under another/g);
      expect([code, errors?.sort()]).toEqual([
        1,
        ['Connection: "ours"', 'Environment: "one"', 'Workspace: "ours"'].map(
          (what) => `Error: ${what} is to be destroyed under one address and created under another`,
        ),
      ]);
      expect(stderr).toContain("`moved` block");
      dir.write("main.tf", objects("new") + moved);
      await dir.apply(engine);
      expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
      expect(await dir.planned(engine)).toEqual({});
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

describeEngines("an environment that goes while an edge moves away from it", (engine) => {
  const objects = (...addresses: string[]) =>
    addresses.map((address) => `resource "meshery_environment" "${address}" {\n  name = "${address}"\n}\n`).join("");
  const binding = (e: string) =>
    `resource "meshery_workspace_binding" "b" {\n  workspace_id = data.meshery_workspace.team.id\n  environment_id = meshery_environment.${e}.id\n}\n`;
  const edges = (e: string) => a("x", e, "c1") + binding(e);
  const setup = async () => {
    const server = await MesheryServer.start({ world });
    const dir = workdir(server, { "main.tf": base + objects("e1", "e2") + edges("e1") });
    await dir.apply(engine);
    const close = async () => {
      dir.remove();
      await server.close();
    };
    return { server, dir, [Symbol.asyncDispose]: close };
  };
  const held = ({ store }: MesheryServer) => {
    const name = (id: string) => store.environments.get(id)?.name;
    return [
      ...store.environmentConnections.list().map(({ environmentId }) => name(environmentId)),
      ...store.workspaceEnvironments.list().map(({ environmentId }) => name(environmentId)),
    ];
  };

  test("removed from the program", async () => {
    await using made = await setup();
    made.dir.write("main.tf", base + objects("e2") + edges("e2"));
    await made.dir.apply(engine);
    expect(held(made.server)).toEqual(["e2", "e2"]);
    expect(made.server.store.environments.list({ deletedAt: null })).toMatchObject([{ name: "e2" }]);
    expect(await made.dir.planned(engine)).toEqual({});
  });

  test.each(["on demand", "because it is tainted"])("replaced %s", async (why) => {
    await using made = await setup();
    const { id } = made.server.store.environments.find({ name: "e1" })!;
    const args = why === "on demand" ? ["-replace=meshery_environment.e1"] : [];
    if (args.length === 0) await made.dir.succeed(engine, ["taint", "meshery_environment.e1"]);
    await made.dir.succeed(engine, ["plan", "-input=false", "-out=plan.bin", ...args]);
    await made.dir.succeed(engine, ["apply", "-input=false", "plan.bin"]);
    expect(made.server.store.environments.get(id)?.deletedAt).not.toBeNull();
    expect(held(made.server)).toEqual(["e1", "e1"]);
    expect(await made.dir.planned(engine)).toEqual({});
  });

  test("is not deleted while others hold it, and nothing is taken from it by then", async () => {
    await using made = await setup();
    const { store } = made.server;
    const theirs = {
      environmentId: store.environments.find({ name: "e1" })!.id,
      connectionId: store.connections.find({ name: "theirs" })!.id,
    };
    store.environmentConnections.insert(theirs);
    made.dir.write("main.tf", base + objects("e2") + edges("e2"));
    const { code, stderr } = await made.dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);
    expect([code, stderr.replace(/[│╷╵\s]+/g, " ")]).toEqual([
      1,
      expect.stringContaining('it is still used by connection "theirs" (kubernetes)'),
    ]);
    expect(store.environmentConnections.find(theirs)).toBeDefined();
    expect(held(made.server)).toEqual(["e1", "e1", "e1"]);
  });
});
