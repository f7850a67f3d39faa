import { changes, summary } from "../src/driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

/** A YAML program, which costs no Node process: a resource per entry, its properties and options as they are written. */
const yaml = (resources: Record<string, { properties?: string; options?: string }>): string =>
  [
    "name: toys\nruntime: yaml\nresources:",
    ...Object.entries(resources).map(
      ([name, { properties = "", options = "" }]) =>
        `  ${name}:\n    type: toy:Thing\n    properties: { name: ${name}, ${properties} }\n    options: { ${options} }`,
    ),
  ].join("\n");

const box = (properties: string, options = ""): string => yaml({ box: { properties, options } });

describe("resource options", () => {
  scenario("ignoreChanges keeps what was", { yaml: box("size: small, zone: east") }, async (play) => {
    await play.up();
    play.editYaml(box("size: big, zone: east", "ignoreChanges: [size]"));
    expect(changes(await play.up({}))).toEqual([]);
    expect((await play.record("box"))?.inputs.size).toBe("small");
    play.editYaml(box("size: big, zone: west", "ignoreChanges: [size, zone]"));
    expect(changes(await play.up())).toEqual([]);
  });

  scenario("replaceOnChanges makes an update a replacement", { yaml: box("size: small") }, async (play) => {
    await play.up();
    play.editYaml(box("size: big", "replaceOnChanges: [size]"));
    const result = await play.up({});
    expect(summary(changes(result))).toContain("replace box");
    expect(result.steps.find((step) => step.op === "replace")?.replaceKeys).toEqual(["size"]);
  });

  const deleteFirst = (zone: string): string => box(`zone: ${zone}`, "deleteBeforeReplace: true");

  scenario("deleteBeforeReplace turns the order round", { yaml: deleteFirst("east") }, async (play) => {
    await play.up();
    play.world.takeLog();
    play.editYaml(deleteFirst("west"));
    await play.up();
    expect(play.world.log).toEqual(["delete box", "create box"]);
  });

  scenario(
    "deleteBeforeReplace whose create failed is made good later",
    { yaml: deleteFirst("east") },
    async (play) => {
      await play.up();
      play.editYaml(deleteFirst("west"));
      play.world.faults.set("create box", "no room");
      expect((await play.up()).ok).toBe(false);
      expect((await play.record("box"))?.pendingReplacement).toBe(true);
      play.world.faults.clear();
      play.world.takeLog();
      expect((await play.up({})).ok).toBe(true);
      expect(play.world.log).toEqual(["create box"]);
      expect((await play.record("box"))?.pendingReplacement).toBeUndefined();
    },
  );

  scenario(
    "deleteBeforeReplace whose create failed is forgotten with the resource",
    { yaml: deleteFirst("east") },
    async (play) => {
      await play.up();
      play.editYaml(deleteFirst("west"));
      play.world.faults.set("create box", "no room");
      await play.up();
      play.world.takeLog();
      play.editYaml(yaml({ bag: {} }));
      expect((await play.up()).ok).toBe(true);
      expect(play.world.log).toEqual(["create bag"]);
      expect(await play.record("box")).toBeUndefined();
    },
  );

  const guarded = (zone: string): string =>
    yaml({
      base: {},
      box: { properties: `zone: ${zone}, friend: "\${base.id}"`, options: "protect: true" },
      loose: {},
    });

  scenario(
    "protect refuses deletion and replacement, and spares what is needed",
    { yaml: guarded("east") },
    async (play) => {
      await play.up();
      play.editYaml(guarded("west"));
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("protect") });
      play.editYaml(yaml({ other: {} }));
      expect((await play.up()).ok).toBe(false);
      expect(play.world.names()).toEqual(["base", "box", "other"]);
      expect((await play.destroy()).ok).toBe(false);
      expect(play.world.names()).toEqual(["base", "box"]);
    },
  );

  scenario("retainOnDelete lets go", { yaml: box("", "retainOnDelete: true") }, async (play) => {
    await play.up();
    expect(summary(changes(await play.destroy()))).toContain("delete box");
    expect(play.world.names()).toEqual(["box"]);
    expect(await play.record("box")).toBeUndefined();
  });

  const together = yaml({ base: {}, box: { options: 'deletedWith: "${base}"' } });

  scenario("deletedWith spares the call where the other is deleted anyway", { yaml: together }, async (play) => {
    await play.up();
    play.world.takeLog();
    expect((await play.destroy()).ok).toBe(true);
    expect(play.world.log).toEqual(["delete base"]);
  });

  scenario("of a Node program arrive whole", { source: "" }, async (play) => {
    const thing = (args: string) => `
      new toy.Thing("box", { name: "box", ${args} }, {
        ignoreChanges: ["size"], replaceOnChanges: ["friend"], deleteBeforeReplace: true, retainOnDelete: false,
      });
      new toy.Thing("kept", { name: "kept" }, { protect: true, retainOnDelete: true });
    `;
    play.edit(thing('size: "small", friend: "one"'));
    await play.up();
    play.world.takeLog();
    play.edit(thing('size: "big", friend: "two"'));
    await play.up();
    expect(play.world.log).toEqual(["delete box", "create box"]);
    expect(await play.record("kept")).toMatchObject({ protect: true, retainOnDelete: true });
  });

  scenario("additionalSecretOutputs marks an output", { source: "" }, async (play) => {
    play.edit(`
      const box = new toy.Thing("box", { name: "box" }, { additionalSecretOutputs: ["serial"] });
      export const serial = box.serial;
    `);
    const result = await play.up({});
    expect(result.outputs).toEqual({ serial: "[secret]" });
    expect((await play.record("box"))?.outputs.serial).toBe("[secret]");
  });

  scenario("dependsOn and parents are deleted last", { source: "" }, async (play) => {
    play.edit(`
      const base = new toy.Thing("base", { name: "base" });
      const group = new toy.Group("group", { protect: false });
      const child = new toy.Thing("child", { name: "child" }, { parent: group, dependsOn: [base] });
      new toy.DynamicThing("last", { name: "last" }, { dependsOn: [group] });
      group.finish({});
    `);
    await play.up();
    expect(play.world.takeLog()).toEqual(["create base", "create child", "create last"]);
    await play.destroy();
    expect(play.world.log).toEqual(["delete last", "delete child", "delete base"]);
  });
});
