import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeEngines, type Engine, Workdir } from "../../support/engines";
import type { Violation } from "../../support/terraform/consistency";
import { buildToyProvider } from "../../support/toyProvider";

const toy = buildToyProvider();
const bin = join(toy.dir, "bin");
mkdirSync(bin);
writeFileSync(join(bin, "terraform-provider-toy"), `#!/bin/sh\nexec "${process.execPath}" "${toy.file}"\n`);
chmodSync(join(bin, "terraform-provider-toy"), 0o755);

const header = `terraform {
  required_providers {
    toy = { source = "example/toy" }
  }
}
`;
const workdirs: Workdir[] = [];

function workdir(files: Record<string, string>, env: Record<string, string> = {}): Workdir {
  const made = new Workdir({ "versions.tf": header, ...files }, { overrides: { "example/toy": bin }, env });
  workdirs.push(made);
  return made;
}

afterAll(() => {
  for (const made of workdirs) made.remove();
  toy.remove();
});

describeEngines("a provider on this runtime", (engine) => {
  const things = `
resource "toy_thing" "a" {
  name  = "ä"
  size  = 0.1
  tags  = { "a b" = "c", empty = "" }
  zones = ["b", "a"]
  ports = [{ port = 1 }, { port = 9007199254740993 }, { port = 0.12345678901234567890 }, { port = -2.5 }]
}
resource "toy_thing" "b" {
  name = toy_thing.a.id
  tags = { from = toy_thing.a.owner }
}`;

  it("is gone as soon as the engine lets go of it", async () => {
    // The engine waits two seconds for a provider, and says so where it had to end one that used all of its grace.
    const made = workdir(
      { "main.tf": things },
      { TOY_SHUTDOWN_GRACE_MS: "60000", TF_LOG: "debug", TF_LOG_PATH: "log" },
    );
    for (let run = 0; run < 3; run++) await made.succeed(engine, ["plan", "-input=false"]);
    const ends = made.read("log").match(/plugin exited|failed to exit gracefully/g);
    expect(ends).toEqual(Array(ends?.length).fill("plugin exited"));
    expect(ends?.length).toBeGreaterThanOrEqual(6);
  });

  it("creates, keeps, changes and destroys, with values the engine knows only later", async () => {
    const made = workdir({ "main.tf": things });
    expect(await made.planned(engine)).toEqual({ "toy_thing.a": "create", "toy_thing.b": "create" });
    await made.apply(engine);
    const { values } = await made.stateJson(engine);
    expect(values?.root_module.resources?.map((resource) => resource.values)).toEqual([
      {
        id: "id of ä",
        name: "ä",
        size: 0.1,
        tags: { "a b": "c", empty: "" },
        zones: ["a", "b"],
        ports: [1, expect.any(Number), expect.any(Number), -2.5].map((port) => ({ port })),
        owner: "nobody",
      },
      {
        id: "id of id of ä",
        name: "id of ä",
        size: null,
        tags: { from: "nobody" },
        zones: null,
        ports: null,
        owner: "nobody",
      },
    ]);
    expect(await made.planned(engine)).toEqual({});
    expect(await made.planned(engine, "-refresh=false")).toEqual({});
    made.write("main.tf", things.replace("0.1", "0.2"));
    expect(await made.planned(engine)).toEqual({ "toy_thing.a": "update" });
    await made.apply(engine);
    await made.destroy(engine);
    expect((await made.stateJson(engine)).values).toBeUndefined();
  });

  it("imports, and the configuration the engine writes for it plans nothing more", async () => {
    const made = workdir({ "main.tf": 'import {\n  to = toy_thing.c\n  id = "id of c"\n}\n' });
    await made.succeed(engine, ["plan", "-input=false", "-generate-config-out=c.tf"]);
    await made.apply(engine);
    expect(await made.planned(engine)).toEqual({});
  });

  it("is refused exactly where the consistency check says so", async () => {
    const verdicts = await judge(engine);
    expect(verdicts.ours).toEqual(verdicts.engine);
    expect(verdicts.engine).toEqual([
      "apply_empty",
      "apply_list",
      "apply_map",
      "apply_null",
      "apply_set",
      "apply_unknown",
      "plan_case",
      "plan_default",
      "plan_map",
      "plan_null",
      "plan_unknown",
    ]);
  });
});

// Each lie in a resource of its own: what it plans, or answers after the apply, in place of the truth.
const planLies: Record<string, { config?: string; plan_lie: object }> = {
  plan_case: { config: 'owner = "Prod"', plan_lie: { owner: "prod" } },
  plan_default: { plan_lie: { size: 3 } },
  plan_null: { config: "size = 3", plan_lie: { size: null } },
  plan_unknown: { config: "size = 3", plan_lie: { size: "?" } },
  plan_map: { config: 'tags = { a = "1" }', plan_lie: { tags: { a: "1", b: "2" } } },
  plan_computed_default: { plan_lie: { owner: "me" } },
  plan_computed_unknown: { plan_lie: { owner: "?" } },
  plan_set_order: { config: 'zones = ["b", "a"]', plan_lie: { zones: ["b", "a"] } },
};
const applyLies: Record<string, { config?: string; apply_lie: object }> = {
  apply_empty: { apply_lie: { tags: {} } },
  apply_null: { config: "size = 3", apply_lie: { size: null } },
  apply_set: { config: 'zones = ["a", "b"]', apply_lie: { zones: ["a"] } },
  apply_list: { config: "ports = [{ port = 1 }, { port = 2 }]", apply_lie: { ports: [{ port: 2 }, { port: 1 }] } },
  apply_map: { config: 'tags = { a = "1" }', apply_lie: { tags: { a: "2" } } },
  apply_unknown: { apply_lie: { owner: "?" } },
  apply_computed_null: { apply_lie: { owner: null } },
  apply_set_order: { config: 'zones = ["a", "b"]', apply_lie: { zones: ["b", "a"] } },
};

async function judge(engine: Engine): Promise<{ engine: string[]; ours: string[] }> {
  const refused = new Set<string>();
  const found = new Set<string>();
  for (const [phase, lies] of Object.entries({ plan: planLies, apply: applyLies })) {
    const made = workdir(
      { "main.tf": Object.entries(lies).map(liar).join("\n") },
      { TOY_VERDICTS: join(toy.dir, `${engine.name}.jsonl`) },
    );
    const args = phase === "plan" ? ["plan"] : ["apply", "-auto-approve"];
    const { stdout } = await made.run(engine, [...args, "-input=false", "-json"]);
    for (const line of stdout.trim().split("\n")) {
      const { diagnostic } = JSON.parse(line) as { diagnostic?: { severity: string; detail: string; summary: string } };
      if (diagnostic?.severity !== "error") continue;
      const name = /toy_liar\.(\w+)/.exec(diagnostic.detail)?.[1];
      if (!name) throw new Error(`an error about nothing we know: ${diagnostic.summary} ${diagnostic.detail}`);
      refused.add(name);
    }
  }
  const file = join(toy.dir, `${engine.name}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  for (const line of lines) {
    const { name, violations } = JSON.parse(line) as { name: string; violations: Violation[] };
    if (violations.length > 0) found.add(name);
  }
  return { engine: [...refused].sort(), ours: [...found].sort() };
}

function liar([name, { config = "", ...lies }]: [
  string,
  { config?: string; plan_lie?: object; apply_lie?: object },
]): string {
  const told = Object.entries(lies).map(
    ([attribute, lie]) => `  ${attribute} = ${JSON.stringify(JSON.stringify(lie))}`,
  );
  return `resource "toy_liar" "${name}" {\n  name = "${name}"\n  ${config}\n${told.join("\n")}\n}`;
}
