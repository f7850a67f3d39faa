import { changes, summary } from "../src/driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const YAML = `
name: toys
runtime: yaml
variables:
  found:
    fn::invoke:
      function: toy:getThing
      arguments: { name: theirs }
resources:
  base:
    type: toy:Thing
    properties: { name: base, zone: east }
  box:
    type: toy:index:Thing
    properties:
      name: box of \${base.id}
      friend: \${base.id}
      password: { fn::secret: hush }
    options: { protect: false, dependsOn: ["\${base}"] }
outputs:
  friend: \${box.friend}
  serial: \${base.serial}
  found: \${found.serial}
`;

describe("a YAML program", () => {
  scenario("goes through the same life", { yaml: YAML }, async (play) => {
    play.world.objects.set("theirs-9", { id: "theirs-9", properties: { name: "theirs" }, serial: 9 });
    const first = await play.up({});
    expect(first.preview?.outputs).toEqual({ friend: "[unknown]", serial: "[unknown]", found: 9 });
    expect(first.outputs).toEqual({ friend: "base-1", serial: 1, found: 9 });
    expect(play.world.names()).toEqual(["base", "box of base-1", "theirs"]);
    expect(await play.stack.exportText()).not.toContain("hush");
    expect(changes(await play.up())).toEqual([]);

    play.editYaml(YAML.replace("zone: east", "zone: west"));
    expect(summary(changes(await play.up({})))).toEqual([
      "create-replacement base",
      "delete-replaced base",
      "replace base",
      "update box",
    ]);
    expect(changes(await play.refresh())).toEqual([]);
    play.world.takeLog();
    expect((await play.destroy()).ok).toBe(true);
    expect(play.world.log).toEqual(["delete box of base-2", "delete base"]);
  });

  const OPTIONS = `
name: toys
runtime: yaml
resources:
  provider:
    type: pulumi:providers:toy
    properties: { url: <url>, token: explicit }
  theirs:
    type: toy:Thing
    get: { id: theirs-9 }
    options: { provider: "\${provider}" }
  renamed:
    type: toy:Thing
    name: logical
    properties: { name: "\${theirs.name}-\${pulumi.stack}" }
    options:
      provider: \${provider}
      aliases: [{ name: earlier }]
      ignoreChanges: [size]
outputs:
  id: \${renamed.id}
`;

  scenario("has providers, reads and aliases", { yaml: OPTIONS }, async (play) => {
    play.world.objects.set("theirs-9", { id: "theirs-9", properties: { name: "theirs" }, serial: 9 });
    const result = await play.up({});
    expect(result.outputs).toEqual({ id: "theirs-dev-1" });
    expect(play.world.tokens).toEqual(["explicit"]);
    expect(await play.record("logical")).toBeDefined();
    play.editYaml(OPTIONS.replace("name: logical", "name: newer").replace("name: earlier", "name: logical"));
    expect(changes(await play.up())).toEqual([]);
  });

  scenario(
    "is held to the plugin's schema",
    { yaml: OPTIONS.replace("ignoreChanges", "replaceOnChanges") },
    async (play) => {
      play.editYaml(YAML.replace("zone: east", "zoone: east"));
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("zoone does not exist") });
      play.editYaml(YAML.replace("type: toy:Thing", "type: toy:Thong"));
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("Thong") });
      expect(play.world.log).toEqual([]);
    },
  );
});
