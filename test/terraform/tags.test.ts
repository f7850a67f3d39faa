import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// Tags, the archive and default tags as the engines plan, apply, refresh and import them.

const provider = (tags: string) => `provider "meshery" {\n  default_tags = ${tags}\n}\n`;
const environment = (more: string) => `resource "meshery_environment" "production" {
  name = "production"
${more}
}
`;
const flat = (text: string) => text.replace(/[│╷╵\s]+/g, " ");

describeEngines("tags and the archive", (engine: Engine) => {
  let server: MesheryServer;
  let dir: Workdir;
  beforeEach(async () => {
    server = await MesheryServer.start({ quirks: true, world: { workspaces: { team: {} } } });
    dir = workdir(server, {});
  });
  afterEach(async () => {
    dir.remove();
    await server.close();
  });
  const stored = () => server.store.environments.list().find(({ name }) => name === "production")?.description;
  const write = (text: string) => dir.write("main.tf", text);
  const change = async () => {
    const [one] = (await dir.planJson(engine)).resource_changes ?? [];
    return one!.change as { actions: string[]; before: unknown; after: unknown };
  };
  const isQuiet = async () => {
    expect(await dir.planned(engine)).toEqual({});
    expect(await dir.planned(engine, "-refresh=false")).toEqual({});
  };

  test("are created, changed, repaired and taken away; no plan after an apply shows anything", async () => {
    const steps = [
      [
        '  description = "Live"\n  tags = { stage = "production", "a b" = "c" }',
        "Live\n[meshery-iac] a%20b=c stage=production",
      ],
      [
        '  description = "Live"\n  tags = { stage = "production" }\n  archived = true',
        "Live\n[meshery-iac] archived stage=production",
      ],
      // What is left out is not managed.
      ['  description = "Still"', "Still\n[meshery-iac] archived stage=production"],
      ['  description = "Still"\n  archived = false\n  tags = {}', "Still"],
    ] as const;
    for (const [more, description] of steps) {
      write(environment(more));
      await dir.apply(engine);
      expect(stored()).toBe(description);
      await isQuiet();
    }
  });

  test("one tag changed by hand is one line of the plan", async () => {
    write(environment('  tags = { stage = "production", region = "eu" }'));
    await dir.apply(engine);
    const { id } = server.store.environments.find({ name: "production" })!;
    server.store.environments.update(id, { description: "Ask Ann\n[meshery-iac] region=eu stage=test" });
    const text = await dir.succeed(engine, ["plan", "-input=false", "-no-color"]);
    expect(text).toMatch(/~ tags +=[^}]*~ "stage" += "test" -> "production"/);
    await dir.apply(engine);
    expect(stored()).toBe("Ask Ann\n[meshery-iac] region=eu stage=production");
    await isQuiet();
  });

  test("default tags are known at plan, and a changed one is an update of all that have them", async () => {
    write(provider('{ team = "core", stage = "none" }') + environment('  tags = { stage = "production" }'));
    expect((await change()).after).toMatchObject({
      tags: { stage: "production" },
      tags_all: { stage: "production", team: "core" },
    });
    await dir.apply(engine);
    expect(stored()).toBe("[meshery-iac] stage=production team=core");
    await isQuiet();
    write(provider('{ team = "platform" }') + environment('  tags = { stage = "production" }'));
    expect(await change()).toMatchObject({
      actions: ["update"],
      before: { tags_all: { stage: "production", team: "core" } },
      after: { tags: { stage: "production" }, tags_all: { stage: "production", team: "platform" } },
    });
    await dir.apply(engine);
    await isQuiet();
    write(environment('  tags = { stage = "production" }'));
    await dir.apply(engine);
    expect(stored()).toBe("[meshery-iac] stage=production");
    await isQuiet();
  });

  test("a tag known only after apply, of something that is replaced too", async () => {
    write(`${provider('{ team = "core" }')}resource "meshery_workspace" "w" {
  name = "w"
}
${environment("  tags = { owner = meshery_workspace.w.id }")}`);
    await dir.apply(engine);
    const { id } = server.store.workspaces.find({ name: "w" })!;
    expect(stored()).toBe(`[meshery-iac] owner=${id} team=core`);
    await isQuiet();
    await dir.apply(engine, "-replace=meshery_environment.production");
    expect(stored()).toBe(`[meshery-iac] owner=${id} team=core`);
    await isQuiet();
  });

  test("default tags known only after apply keep no plan from being made", async () => {
    write(`resource "terraform_data" "t" {
  input = "x"
}
${provider('{ owner = terraform_data.t.output, team = "core" }')}${environment('  tags = { stage = "production" }')}`);
    const planned = (await dir.planJson(engine)).resource_changes!.find(({ address }) =>
      address.startsWith("meshery"),
    )!;
    expect(planned.change).toMatchObject({
      after: { tags_all: { stage: "production", team: "core" } },
      after_unknown: { tags_all: { owner: true } },
    });
    await dir.apply(engine);
    expect(stored()).toBe("[meshery-iac] owner=x stage=production team=core");
    await isQuiet();
  });

  test("an import fills them, with and without default tags", async () => {
    write(environment('  tags = { stage = "production" }\n  archived = true'));
    await dir.apply(engine);
    const { id } = server.store.environments.find({ name: "production" })!;
    await dir.succeed(engine, ["state", "rm", "meshery_environment.production"]);
    for (const [defaults, tags] of [
      ["", '{ stage = "production" }'],
      [provider('{ stage = "production" }'), "{}"],
      [provider('{ stage = "none" }'), '{ stage = "production" }'],
    ] as const) {
      for (const more of [`  tags = ${tags}\n  archived = true`, ""]) {
        write(`${defaults}${environment(more)}import {\n  to = meshery_environment.production\n  id = "${id}"\n}\n`);
        const changes = await dir.planned(engine);
        // Left out, default tags bring what they say.
        expect([defaults, more, changes]).toEqual([defaults, more, {}]);
      }
    }
  });

  test("archiving what is bound is warned about; a new binding of it is refused, and says the way out", async () => {
    const bound = (archived: boolean, bindings: string) =>
      write(
        `data "meshery_workspace" "team" {\n  name = "team"\n}\n${environment(`  archived = ${archived}`)}${bindings}`,
      );
    const binding = `resource "meshery_workspace_binding" "b" {
  workspace_id   = data.meshery_workspace.team.id
  environment_id = meshery_environment.production.id
}
`;
    bound(true, binding);
    const refused = await dir.run(engine, ["apply", "-auto-approve", "-input=false", "-no-color"]);
    expect(refused.code).toBe(1);
    expect(flat(refused.stderr)).toMatch(/environment "production" \([^)]+\) is archived.*archived = false/);
    expect(server.store.workspaceEnvironments.list()).toEqual([]);
    const planned = await dir.succeed(engine, ["plan", "-input=false", "-no-color"]);
    expect(flat(planned)).toMatch(/Warning: WorkspaceBinding: environment "production" \([^)]+\) is archived/);
    bound(false, binding);
    await dir.apply(engine);
    bound(true, binding);
    const warned = await dir.succeed(engine, ["plan", "-input=false", "-no-color"]);
    expect(flat(warned)).toMatch(
      /Warning: Environment "production" is archived while it is bound.*It stays bound to workspace "team"/,
    );
    await dir.apply(engine);
    await isQuiet();
    await dir.destroy(engine);
    expect(server.store.environments.list().filter(({ deletedAt }) => deletedAt === null)).toEqual([]);
  });

  test("lookups filter by them, and tell them", async () => {
    write(`${environment('  tags = { stage = "production" }\n  archived = true')}
data "meshery_environments" "found" {
  tags       = { stage = "production" }
  state      = "archived"
  search     = "PROD"
  order_by   = "name desc"
  depends_on = [meshery_environment.production]
}
data "meshery_environment" "one" {
  id = meshery_environment.production.id
}
output "found" {
  value = [for e in data.meshery_environments.found.environments : "\${e.name} \${e.state} \${e.archived} \${e.tags["stage"]}"]
}
output "one" {
  value = data.meshery_environment.one.tags
}
`);
    await dir.apply(engine);
    expect(JSON.parse(await dir.succeed(engine, ["output", "-json"]))).toMatchObject({
      found: { value: ["production archived true production"] },
      one: { value: { stage: "production" } },
    });
    await isQuiet();
  });
});
