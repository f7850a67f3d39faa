import { changes, summary } from "../src/driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const BOTH = `
  new toy.DynamicThing("web", { name: "web", size: 1 });
  new toy.Thing("box", { name: "box", size: "small" });
`;

describe("a refresh", () => {
  scenario("finds nothing where nothing changed", { source: BOTH }, async (play) => {
    await play.up();
    const result = await play.refresh({});
    expect(changes(result)).toEqual([]);
    expect(
      result.calls
        .map((call) => call.method)
        .filter((method) => !["Cancel", "GetPluginInfo"].includes(method))
        .sort(),
    ).toEqual(["Configure", "Configure", "Diff", "Diff", "Handshake", "Handshake", "Read", "Read"]);
  });

  scenario("takes over what changed, inputs too, and the next update puts it back", { source: BOTH }, async (play) => {
    await play.up();
    for (const name of ["web", "box"]) (play.world.find(name)?.properties ?? {}).size = "huge";
    expect(summary(changes(await play.refresh({})))).toEqual(["update box", "update web"]);
    expect(await play.record("web")).toMatchObject({ inputs: { size: "huge" }, outputs: { size: "huge" } });
    expect(await play.record("box")).toMatchObject({ inputs: { size: "huge" }, outputs: { size: "huge" } });
    expect(summary(changes(await play.up()))).toEqual(["update box", "update web"]);
    expect(play.world.find("box")?.properties.size).toBe("small");
  });

  scenario("drops what is gone, and the next update makes it again", { source: BOTH }, async (play) => {
    await play.up();
    play.world.objects.clear();
    expect(summary(changes(await play.refresh({})))).toEqual(["delete box", "delete web"]);
    expect(await play.record("web")).toBeUndefined();
    expect(summary(changes(await play.up()))).toEqual(["create box", "create web"]);
  });

  scenario("keeps what could not be read, refreshes the rest, and fails", { source: BOTH }, async (play) => {
    await play.up();
    (play.world.find("box")?.properties ?? {}).size = "huge";
    play.world.faults.set("read web", "out of order");
    expect((await play.refresh()).ok).toBe(false);
    expect((await play.record("web"))?.inputs.size).toBe(1);
    expect((await play.record("box"))?.inputs.size).toBe("huge");
  });

  scenario("can come before an update", { source: BOTH }, async (play) => {
    await play.up();
    play.world.objects.clear();
    const result = await play.up({ refresh: true, skipPreview: true });
    expect(result.ok).toBe(true);
    expect(play.world.names()).toEqual(["box", "web"]);
  });
});

describe("a get", () => {
  scenario("reads what others own, in the preview too, and never deletes it", { source: "" }, async (play) => {
    play.world.objects.set("box-9", { id: "box-9", properties: { name: "box" }, serial: 9 });
    play.edit(`
      const box = toy.Thing.get("theirs", "box-9");
      new toy.Thing("mine", { name: "mine", friend: box.name });
      export const serial = box.serial;
    `);
    const result = await play.up({});
    expect(result.preview?.outputs).toEqual({ serial: 9 });
    expect(play.world.find("mine")?.properties.friend).toBe("box");
    expect(await play.record("theirs")).toMatchObject({ external: true, id: "box-9" });
    expect((await play.refresh()).ok).toBe(true);
    play.world.takeLog();
    expect((await play.destroy()).ok).toBe(true);
    expect(play.world.log).toEqual(["delete mine"]);
  });

  scenario("of something that does not exist fails", { source: 'toy.Thing.get("theirs", "box-9");' }, async (play) => {
    const result = await play.up({});
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining("does not exist") });
  });

  scenario(
    "of what the stack owned gives it up without deleting it",
    { source: 'new toy.Thing("box", { name: "box" });' },
    async (play) => {
      await play.up();
      play.edit('toy.Thing.get("box", "box-1");');
      expect((await play.up()).ok).toBe(true);
      expect(play.world.names()).toEqual(["box"]);
      play.edit('new toy.Thing("box", { name: "box" });');
      expect(summary((await play.up()).steps)).toContain("discard-replaced box");
      expect(play.world.names()).toEqual(["box", "box"]);
    },
  );
});

describe("a function", () => {
  scenario("is asked in preview and update, with the provider's failures as errors", { source: "" }, async (play) => {
    play.world.objects.set("box-9", { id: "box-9", properties: { name: "box" }, serial: 9 });
    play.edit(`
      const found = toy.getThing({ name: "box" });
      export const id = found.then((thing: { id: string }) => thing.id, (error: Error) => error.message);
    `);
    const found = await play.up({});
    expect(found.outputs).toEqual({ id: "box-9" });
    expect(found.calls.filter((call) => call.method === "Invoke")).toMatchObject([{ token: "toy:index:getThing" }]);
    play.world.objects.clear();
    expect((await play.up()).outputs).toEqual({ id: expect.stringContaining("no such thing") });
  });

  scenario("is not asked while an argument is unknown", { source: "" }, async (play) => {
    play.edit(`
      const box = new toy.Thing("box", { name: "box" });
      export const serial = toy.getThingOutput({ name: box.id.apply(() => "box") }).apply((thing: { serial: number }) => thing.serial);
    `);
    const result = await play.up({});
    expect(result.preview?.calls.filter((call) => call.method === "Invoke")).toEqual([]);
    expect(result.preview?.outputs).toEqual({ serial: "[unknown]" });
    expect(result.outputs).toEqual({ serial: 1 });
  });
});

describe("an import", () => {
  const THING = "toy:index:Thing";
  const source = 'new toy.Thing("box", { name: "box", size: "small" });';

  scenario("from outside reads by id alone and checks what it read", { source }, async (play) => {
    play.world.objects.set("box-9", { id: "box-9", properties: { name: "box", size: "small" }, serial: 9 });
    const result = await play.import({ type: THING, name: "box", id: "box-9" });
    expect(result.ok).toBe(true);
    expect(
      result.calls
        .map((call) => call.method)
        .filter((method) => !["Cancel", "Handshake", "GetPluginInfo"].includes(method)),
    ).toEqual(["CheckConfig", "Configure", "Read", "Check"]);
    expect(await play.record("box")).toMatchObject({ id: "box-9", inputs: { name: "box", size: "small" } });
    expect(changes(await play.up({}))).toEqual([]);
  });

  scenario(
    "from outside fails for what does not exist, and configures from the state where there is one",
    { source },
    async (play) => {
      await play.up();
      const result = await play.import({ type: THING, name: "other", id: "box-9" });
      expect(result).toMatchObject({ ok: false, error: expect.stringContaining("does not exist") });
      expect(result.preview?.calls.map((call) => call.method)).not.toContain("CheckConfig");
    },
  );

  scenario("by option reads, compares, and brings the object in line", { source }, async (play) => {
    play.world.objects.set("box-9", { id: "box-9", properties: { name: "box", size: "huge" }, serial: 9 });
    play.edit('new toy.Thing("box", { name: "box", size: "small" }, { import: "box-9" });');
    const result = await play.up({});
    expect(summary(result.steps)).toEqual(expect.arrayContaining(["import box", "update box"]));
    expect(play.world.find("box")?.properties.size).toBe("small");
    expect(changes(await play.up())).toEqual([]);
    play.edit(source);
    expect(changes(await play.up())).toEqual([]);
  });

  scenario("by option of a dynamic resource cannot work", { source }, async (play) => {
    play.world.objects.set("web-9", { id: "web-9", properties: { name: "web" }, serial: 9 });
    play.edit('new toy.DynamicThing("web", { name: "web" }, { import: "web-9" });');
    expect((await play.up()).ok).toBe(false);
  });
});
