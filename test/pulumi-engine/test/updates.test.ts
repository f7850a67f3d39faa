import { changes, summary } from "../src/driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const TWO = `
  const web = new toy.DynamicThing("web", { name: "web", zone: "east", password: pulumi.secret("hush") });
  const box = new toy.Thing("box", { name: "box", zone: "east", friend: web.id });
  export const serial = web.serial;
  export const friend = box.serial;
`;

describe("an update", () => {
  scenario("creates, finds nothing to do, and previews both", { source: TWO }, async (play) => {
    const first = await play.up({});
    expect(summary(first.preview?.steps ?? [])).toEqual(["create box", "create toys-dev", "create web"]);
    expect(first.preview?.outputs).toEqual({ serial: "[unknown]", friend: "[unknown]" });
    expect(summary(first.steps)).toEqual(["create box", "create toys-dev", "create web"]);
    expect(first.outputs).toEqual({ serial: 1, friend: 1 });
    expect(play.world.names()).toEqual(["box", "web"]);

    const second = await play.up({});
    expect(changes(second)).toEqual([]);
    expect(changes(second.preview ?? second)).toEqual([]);
    expect(second.outputs).toEqual({ serial: 1, friend: 1 });
  });

  scenario("keeps secrets marked, wherever they go", { source: TWO }, async (play) => {
    await play.up();
    expect((await play.record("web"))?.inputs.password).toBe("[secret]");
    expect((await play.record("web"))?.outputs.password).toBe("[secret]");
    expect(await play.stack.exportText()).not.toContain("hush");
    expect(await play.stack.exportText()).not.toContain("token-1");
  });

  scenario("updates in place", { source: TWO }, async (play) => {
    await play.up();
    play.edit(`
      new toy.DynamicThing("web", { name: "web", zone: "east", size: 3 });
      new toy.Thing("box", { name: "box", zone: "east", size: "big" });
    `);
    const result = await play.up({});
    expect(summary(changes(result))).toEqual(["update box", "update web"]);
    expect(result.steps.find((step) => step.urn.endsWith("::box"))).toMatchObject({
      diffs: expect.arrayContaining(["size"]),
      detailedDiff: { size: "update", friend: "update" },
    });
    expect(play.world.find("web")?.properties.size).toBe(3);
    expect((await play.record("web"))?.outputs).not.toHaveProperty("password");
  });

  scenario("replaces, creation first and deletion last", { source: TWO }, async (play) => {
    await play.up();
    play.world.takeLog();
    play.edit(`
      const web = new toy.DynamicThing("web", { name: "web", zone: "west" });
      const box = new toy.Thing("box", { name: "box", zone: "west", friend: web.id });
      new toy.DynamicThing("late", { name: "late", friend: box.id });
    `);
    const result = await play.up();
    expect(summary(changes(result))).toEqual([
      "create late",
      "create-replacement box",
      "create-replacement web",
      "delete-replaced box",
      "delete-replaced web",
      "replace box",
      "replace web",
    ]);
    expect(play.world.log).toEqual(["create web", "create box", "create late", "delete box", "delete web"]);
    expect(result.calls.filter((call) => call.urn?.endsWith("::web")).map((call) => call.method)).toEqual([
      "Check",
      "Diff",
      "Check",
      "Create",
      "Delete",
    ]);
  });

  scenario("deletes before it replaces where the provider says so", { source: TWO }, async (play) => {
    play.edit(`
      const web = new toy.DynamicThing("web", { name: "web", zone: "east", deleteFirst: true });
      new toy.Thing("box", { name: "box", zone: web.id });
      new toy.Thing("bag", { name: "bag", friend: web.id });
    `);
    await play.up();
    play.world.takeLog();
    play.edit(`
      const web = new toy.DynamicThing("web", { name: "web", zone: "west", deleteFirst: true });
      new toy.Thing("box", { name: "box", zone: web.id });
      new toy.Thing("bag", { name: "bag", friend: web.id });
    `);
    const result = await play.up({});
    expect(play.world.log.slice(0, 3)).toEqual(["delete box", "delete web", "create web"]);
    expect(summary(changes(result))).toContain("update bag");
  });

  scenario("deletes what the program no longer names, dependents first", { source: TWO }, async (play) => {
    await play.up();
    play.world.takeLog();
    play.edit("");
    const result = await play.up({});
    expect(summary(changes(result))).toEqual(["delete box", "delete web"]);
    expect(play.world.log).toEqual(["delete box", "delete web"]);
  });

  scenario("replaces on request, without asking for a diff", { source: TWO }, async (play) => {
    await play.up();
    play.world.takeLog();
    const urn = play.urn("pulumi-nodejs:dynamic/toy:Thing", "web");
    const result = await play.up({ replace: [urn], skipPreview: true });
    expect(result.calls.filter((call) => call.urn === urn).map((call) => call.method)).toEqual([
      "Check",
      "Create",
      "Delete",
    ]);
    expect(result.calls.filter((call) => call.urn?.endsWith("::box")).map((call) => call.method)).toContain("Update");
  });

  scenario("keeps outputs and rewrites inputs of what is the same", { source: TWO }, async (play) => {
    play.edit('new toy.DynamicThing("web", { name: "web", note: "first" });');
    await play.up();
    play.edit('new toy.DynamicThing("web", { name: "web", note: "second" });');
    const result = await play.up();
    expect(changes(result)).toEqual([]);
    const record = await play.record("web");
    expect(record?.inputs.note).toBe("second");
    expect(record?.outputs.note).toBe("first");
  });

  scenario("compares inputs where the provider does not say", { source: TWO }, async (play) => {
    play.edit('new toy.DynamicThing("web", { name: "web", size: "engine decides", note: "first" });');
    await play.up();
    expect(changes(await play.up())).toEqual([]);
    play.edit('new toy.DynamicThing("web", { name: "web", size: "engine decides", note: "second" });');
    expect(summary(changes(await play.up()))).toEqual(["update web"]);
  });
});

describe("names", () => {
  const before = 'new toy.DynamicThing("old", { name: "thing" });';

  scenario(
    "a new logical name is a creation, and a deletion of the old record at the end",
    { source: before },
    async (play) => {
      await play.up();
      play.world.takeLog();
      play.edit('new toy.DynamicThing("new", { name: "thing" });');
      const result = await play.up();
      expect(summary(changes(result))).toEqual(["create new", "delete old"]);
      expect(play.world.log).toEqual(["create thing", "delete thing"]);
    },
  );

  scenario("an alias keeps the object", { source: before }, async (play) => {
    await play.up();
    play.edit('new toy.DynamicThing("new", { name: "thing" }, { aliases: [{ name: "old" }] });');
    expect(changes(await play.up({}))).toEqual([]);
    expect(await play.record("old")).toBeUndefined();
    expect(changes(await play.up())).toEqual([]);
  });

  scenario(
    "an alias takes a dynamic resource over to the plugin; outputs stay until a refresh",
    { source: before },
    async (play) => {
      await play.up();
      const type = "pulumi-nodejs:dynamic/toy:Thing";
      play.edit(`new toy.Thing("old", { name: "thing" }, { aliases: [{ type: "${type}" }] });`);
      expect(changes(await play.up({}))).toEqual([]);
      expect((await play.record("old"))?.outputs).toHaveProperty("__provider");
      await play.refresh();
      expect((await play.record("old"))?.outputs).not.toHaveProperty("__provider");
      expect(play.world.names()).toEqual(["thing"]);
    },
  );

  scenario("children follow a component that is renamed with an alias", { source: before }, async (play) => {
    const group = (name: string, options = "") => `
      const group = new toy.Group("${name}", { ${options} });
      const child = new toy.DynamicThing("${name}-child", { name: "child" }, { parent: group });
      group.finish({ child: child.id });
    `;
    play.edit(group("one"));
    await play.up();
    play.edit(group("two", 'aliases: [{ name: "one" }]'));
    expect(changes(await play.up({}))).toEqual([]);
    expect(play.world.names()).toEqual(["child"]);
    expect((await play.record("two"))?.outputs).toMatchObject({ child: "child-1" });
  });
});
