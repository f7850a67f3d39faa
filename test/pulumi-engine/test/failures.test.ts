import { changes, summary } from "../src/driver";
import type { TestStack } from "../src/testStack";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const DYNAMIC = "pulumi-nodejs:dynamic/toy:Thing";
const dynamic = (name: string, more = "") => `new toy.DynamicThing("${name}", { name: "${name}", ${more} });\n`;
const plugin = (name: string, more = "") => `new toy.Thing("${name}", { name: "${name}", ${more} });\n`;

describe("a failure", () => {
  scenario(
    "of a create records nothing and keeps deletions from being reached",
    { source: dynamic("old") },
    async (play) => {
      await play.up();
      play.world.faults.set("create web", "the world is full");
      play.edit(dynamic("web"));
      const failed = await play.up();
      expect(failed).toMatchObject({ ok: false, error: expect.stringContaining("the world is full") });
      expect(failed.steps.find((step) => step.op === "create")).toMatchObject({ failed: true });
      expect(await play.record("web")).toBeUndefined();
      expect(play.world.names()).toEqual(["old"]);

      play.world.faults.clear();
      expect(summary(changes(await play.up()))).toEqual(["create web", "delete old"]);
    },
  );

  scenario(
    "of a create in a run that goes on keeps only what depends on it from being made",
    { source: dynamic("old") },
    async (play) => {
      await play.up();
      play.world.faults.set("create web", "the world is full");
      const waits = 'new toy.DynamicThing("waits", { name: "waits", size: web.id.apply(() => 1) });\n';
      play.edit(`const web = ${dynamic("web")}${waits}${dynamic("free")}`);
      const failed = await play.up({ skipPreview: true, continueOnError: true });
      expect(failed).toMatchObject({ ok: false, error: expect.stringContaining("the world is full") });
      expect(await play.record("web")).toBeUndefined();
      expect(await play.record("waits")).toBeUndefined();
      expect(play.world.names()).toContain("free");
    },
  );

  scenario(
    "of an update stops every later run before its deletions",
    { source: dynamic("web") + dynamic("old") },
    async (play) => {
      await play.up();
      play.edit(dynamic("web", "size: 2"));
      play.world.faults.set("update web", "not now");
      expect((await play.up()).ok).toBe(false);
      expect((await play.up()).ok).toBe(false);
      expect(play.world.names()).toEqual(["old", "web"]);
      expect((await play.record("web"))?.inputs).not.toHaveProperty("size");
      play.world.faults.clear();
      expect(summary(changes(await play.up()))).toEqual(["delete old", "update web"]);
    },
  );

  scenario(
    "of a delete keeps the record, and the next run tries again",
    { source: dynamic("a") + dynamic("b") },
    async (play) => {
      await play.up();
      play.edit("");
      play.world.faults.set("delete a", "in use");
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("in use") });
      expect(play.world.names()).toEqual(["a"]);
      expect(await play.record("a")).toBeDefined();
      play.world.faults.clear();
      expect(summary(changes(await play.up()))).toEqual(["delete a"]);
    },
  );

  scenario(
    "of a replacement's delete leaves a pending deletion, which the next run does",
    { source: plugin("web") },
    async (play) => {
      await play.up();
      play.edit(plugin("web", 'zone: "west"'));
      play.world.faults.set("delete web", "in use");
      expect((await play.up()).ok).toBe(false);
      const records = await play.stack.resources();
      expect(
        records.filter((record) => record.urn.endsWith("::web")).map((record) => [record.id, record.delete ?? false]),
      ).toEqual([
        ["web-2", false],
        ["web-1", true],
      ]);
      play.world.faults.clear();
      expect(summary(changes(await play.up({})))).toEqual(["delete-replaced web"]);
      expect([...play.world.objects.keys()]).toEqual(["web-2"]);
    },
  );

  scenario("of the program deletes nothing", { source: dynamic("web") }, async (play) => {
    await play.up();
    // An error of one line: Node 20 takes half a minute to print a stack that leads through @pulumi/pulumi.
    play.edit('throw Object.assign(new pulumi.RunError("no such luck"), { stack: "RunError: no such luck" });');
    expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("no such luck") });
    expect(play.world.names()).toEqual(["web"]);
  });

  scenario("of a check stops the preview already", { source: plugin("web", 'name: ""') }, async (play) => {
    const result = await play.up({});
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining("a thing needs a name"), steps: [] });
    expect(result.preview?.ok).toBe(false);
    expect(play.world.log).toEqual([]);
  });
});

describe.each([
  ["dynamic", dynamic],
  ["plugin", plugin],
])("a partial failure (%s)", (_, thing) => {
  scenario(
    "of a create is recorded and updated by the next run, though nothing differs",
    { source: thing("web") },
    async (play) => {
      play.world.faults.set("create web", "partial: no door yet");
      expect(await play.up()).toMatchObject({ ok: false, error: expect.stringContaining("no door yet") });
      expect(await play.record("web")).toMatchObject({
        id: "web-1",
        initErrors: ["no door yet"],
        outputs: { name: "web" },
      });

      play.world.faults.clear();
      const repaired = await play.up();
      expect(summary(changes(repaired))).toEqual(["update web"]);
      expect(repaired.calls.filter((call) => call.urn?.endsWith("::web")).map((call) => call.method)).toEqual([
        "Check",
        "Diff",
        "Update",
      ]);
      expect((await play.record("web"))?.initErrors).toBeUndefined();
      expect(changes(await play.up())).toEqual([]);
    },
  );

  scenario("of an update keeps the old inputs with the new outputs", { source: thing("web") }, async (play) => {
    await play.up();
    play.edit(thing("web", 'size: "big"'));
    play.world.faults.set("update web", "partial: half painted");
    expect((await play.up()).ok).toBe(false);
    const record = await play.record("web");
    expect(record?.inputs).not.toHaveProperty("size");
    expect(record).toMatchObject({ outputs: { size: "big" }, initErrors: ["half painted"] });
    play.world.faults.clear();
    expect(summary(changes(await play.up()))).toEqual(["update web"]);
  });
});

describe("work at the same time", () => {
  const many = ["a", "b", "c", "d"].map((name) => dynamic(name)).join("");

  scenario("creates go side by side", { source: many }, async (play) => {
    play.world.expectTogether(4);
    expect((await play.up()).ok).toBe(true);
    expect(play.world.names()).toEqual(["a", "b", "c", "d"]);
  });

  scenario("what is under way when something fails is finished and recorded", { source: many }, async (play) => {
    play.world.expectTogether(4);
    play.world.faults.set("create b", "no");
    expect((await play.up()).ok).toBe(false);
    expect(play.world.names()).toEqual(["a", "c", "d"]);
    const records = await play.stack.resources();
    expect(
      records
        .filter((record) => record.type === DYNAMIC)
        .map((record) => record.id)
        .sort(),
    ).toEqual(["a-1", "c-1", "d-1"]);
  });
});

describe("an engine that is cut off", () => {
  const only = "test engine";

  scenario("before the deletions leaves new and old", { source: dynamic("old"), only }, async (play) => {
    await play.up();
    play.edit(dynamic("new"));
    const cut = await play.up({ skipPreview: true, crash: { beforeDeletes: true } });
    expect(cut).toMatchObject({ ok: false, error: "the engine was cut off" });
    expect(play.world.names()).toEqual(["new", "old"]);
    expect(await play.record("old")).toBeDefined();
    expect(await play.record("new")).toBeDefined();
    expect(summary(changes(await play.up()))).toEqual(["delete old"]);
  });

  scenario(
    "after a step knows that step and no more",
    { source: dynamic("old") + dynamic("older"), only },
    async (play) => {
      await play.up();
      play.edit("");
      await play.up({ skipPreview: true, crash: { afterSteps: 1 } });
      const records = (await play.stack.resources()).filter((record) => record.type === DYNAMIC);
      expect(records.length).toBe(1);
      expect((await play.up()).ok).toBe(true);
      expect(play.world.names()).toEqual([]);
    },
  );

  scenario(
    "before it could record a create remembers that one was under way",
    { source: dynamic("web"), only },
    async (play) => {
      await play.up({ skipPreview: true, crash: { unrecorded: 1 } });
      expect(play.world.names()).toEqual(["web"]);
      expect(await play.record("web")).toBeUndefined();
      expect((play.stack as TestStack).pendingOperations).toMatchObject([
        { type: "creating", resource: { inputs: { name: "web" } } },
      ]);

      const next = await play.up();
      expect(next.messages.map((message) => message.text).join("\n")).toContain("interrupted while creating");
      expect(play.world.names()).toEqual(["web", "web"]);
    },
  );
});
