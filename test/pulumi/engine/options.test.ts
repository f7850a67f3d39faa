import { changes, summary } from "./driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const thing = (args: string, options = "") => `new toy.Thing("box", { name: "box", ${args} }, { ${options} });\n`;

describe("resource options", () => {
  scenario("ignoreChanges keeps what was", { source: thing('size: "small", zone: "east"') }, async (play) => {
    await play.up();
    play.edit(thing('size: "big", zone: "east"', 'ignoreChanges: ["size"]'));
    expect(changes(await play.up({}))).toEqual([]);
    expect((await play.record("box"))?.inputs.size).toBe("small");
    play.edit(thing('size: "big", zone: "west"', 'ignoreChanges: ["size", "zone"]'));
    expect(changes(await play.up())).toEqual([]);
  });

  scenario("replaceOnChanges makes an update a replacement", { source: thing('size: "small"') }, async (play) => {
    await play.up();
    play.edit(thing('size: "big"', 'replaceOnChanges: ["size"]'));
    const result = await play.up({});
    expect(summary(changes(result))).toContain("replace box");
    expect(result.steps.find((step) => step.op === "replace")?.replaceKeys).toEqual(["size"]);
  });

  scenario(
    "deleteBeforeReplace turns the order round",
    { source: thing('zone: "east"', "deleteBeforeReplace: true") },
    async (play) => {
      await play.up();
      play.world.takeLog();
      play.edit(thing('zone: "west"', "deleteBeforeReplace: true"));
      await play.up();
      expect(play.world.log).toEqual(["delete box", "create box"]);
    },
  );

  scenario(
    "deleteBeforeReplace whose create fails is made good by the next run",
    { source: thing('zone: "east"', "deleteBeforeReplace: true") },
    async (play) => {
      await play.up();
      play.edit(thing('zone: "west"', "deleteBeforeReplace: true"));
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
    "deleteBeforeReplace whose create failed is forgotten when the program drops it",
    { source: thing('zone: "east"', "deleteBeforeReplace: true") },
    async (play) => {
      await play.up();
      play.edit(thing('zone: "west"', "deleteBeforeReplace: true"));
      play.world.faults.set("create box", "no room");
      await play.up();
      play.world.takeLog();
      play.edit("");
      expect((await play.up()).ok).toBe(true);
      expect(play.world.log).toEqual([]);
      expect(await play.record("box")).toBeUndefined();
    },
  );

  scenario(
    "protect refuses deletion and replacement, and spares what the protected one needs",
    { source: "" },
    async (play) => {
      const two = (zone: string) => `
      const base = new toy.Thing("base", { name: "base" });
      new toy.Thing("box", { name: "box", zone: "${zone}", friend: base.id }, { protect: true });
      new toy.Thing("loose", { name: "loose" });
    `;
      play.edit(two("east"));
      await play.up();
      play.edit(two("west"));
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("protect") });
      play.edit("");
      expect((await play.up()).ok).toBe(false);
      expect(play.world.names()).toEqual(["base", "box"]);
      expect((await play.destroy()).ok).toBe(false);
      expect(play.world.names()).toEqual(["base", "box"]);
    },
  );

  scenario("retainOnDelete lets go", { source: thing("", "retainOnDelete: true") }, async (play) => {
    await play.up();
    play.edit("");
    expect(summary(changes(await play.up()))).toEqual(["delete box"]);
    expect(play.world.names()).toEqual(["box"]);
    expect(await play.record("box")).toBeUndefined();
  });

  scenario(
    "additionalSecretOutputs marks an output",
    { source: thing("", 'additionalSecretOutputs: ["serial"]') },
    async (play) => {
      play.edit(`const box = ${thing("", 'additionalSecretOutputs: ["serial"]')} export const serial = box.serial;`);
      const result = await play.up({});
      expect(result.outputs).toEqual({ serial: "[secret]" });
      expect((await play.record("box"))?.outputs.serial).toBe("[secret]");
    },
  );

  scenario("deletedWith spares the call where the other is deleted anyway", { source: "" }, async (play) => {
    play.edit(`
      const base = new toy.Thing("base", { name: "base" });
      new toy.Thing("box", { name: "box", friend: base.id }, { deletedWith: base });
    `);
    await play.up();
    play.world.takeLog();
    expect((await play.destroy()).ok).toBe(true);
    expect(play.world.log).toEqual(["delete base"]);
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
