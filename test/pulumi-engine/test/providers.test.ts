import { changes, summary } from "../src/driver";
import { scenario, useWorkshop } from "./toy/play";

useWorkshop();

const BOTH = `
  new toy.DynamicThing("web", { name: "web" });
  new toy.Thing("box", { name: "box" });
`;

describe("default providers", () => {
  scenario(
    "take a changed configuration in an update, but not in a refresh or a destroy",
    { source: BOTH },
    async (play) => {
      await play.up();
      await play.stack.setConfig("toy:token", "token-2", { secret: true });
      await play.refresh();
      expect(play.world.tokens).toEqual(["token-1"]);

      play.edit(`
      new toy.DynamicThing("web", { name: "web", size: 1 });
      new toy.Thing("box", { name: "box", size: "1" });
    `);
      const result = await play.up({});
      expect(summary(changes(result))).toEqual(["update box", "update web"]);
      expect(play.world.tokens).toEqual(["token-1", "token-2"]);

      await play.stack.setConfig("toy:token", "token-3", { secret: true });
      await play.destroy({});
      expect(play.world.tokens).toEqual(["token-1", "token-2"]);
      expect(play.world.names()).toEqual([]);
    },
  );

  scenario("take the configuration of now when destroy runs the program", { source: BOTH }, async (play) => {
    await play.up();
    await play.stack.setConfig("toy:token", "token-2", { secret: true });
    const result = await play.destroy({ runProgram: true, skipPreview: true });
    expect(result.ok).toBe(true);
    expect(result.calls.map((call) => call.method)).not.toContain("Check");
    expect(play.world.tokens).toEqual(["token-1", "token-2"]);
    expect(await play.stack.resources()).toEqual([]);
  });

  scenario("take the configuration of now when refresh runs the program", { source: BOTH }, async (play) => {
    await play.up();
    await play.stack.setConfig("toy:token", "token-2", { secret: true });
    play.edit('new toy.Thing("box", { name: "box" });\nnew toy.Thing("bag", { name: "bag" });');
    (play.world.find("box")?.properties ?? {}).size = "huge";
    const result = await play.refresh({ runProgram: true, skipPreview: true });
    expect(summary(changes(result))).toEqual(["update box"]);
    expect((await play.record("box"))?.inputs.size).toBe("huge");
    expect(await play.record("web")).toBeDefined();
    expect(await play.record("bag")).toBeUndefined();
  });

  scenario(
    "that refuse their configuration end the run",
    { source: 'new toy.Thing("box", { name: "box" });', bare: true },
    async (play) => {
      expect(await play.up({})).toMatchObject({ ok: false, error: expect.stringContaining("toy:url is missing") });
    },
  );

  scenario("are started once for each run and package", { source: BOTH }, async (play) => {
    const result = await play.up({});
    for (const run of [result, result.preview ?? result]) {
      expect(run.calls.filter((call) => call.method === "Handshake").length).toBe(2);
      expect(run.calls.filter((call) => call.method === "Configure").length).toBe(2);
      expect(run.calls.slice(0, 4).map((call) => call.method)).toEqual([
        "Handshake",
        "GetPluginInfo",
        "CheckConfig",
        "Configure",
      ]);
    }
  });
});

describe("explicit providers", () => {
  const explicit = (more = "") => `
    const config = new pulumi.Config("toy");
    const here = { url: config.require("url"), token: pulumi.secret("explicit") };
    const plugin = new toy.ToyProvider("plugin", here);
    const host = new toy.DynamicProvider("host", { "toy:url": here.url, "toy:token": here.token });
    new toy.DynamicThing("web", { name: "web" }, { provider: host });
    new toy.Thing("box", { name: "box" }, { provider: plugin });
    ${more}
  `;

  scenario("see the keys they were given and nothing else", { source: explicit() }, async (play) => {
    const result = await play.up({});
    expect(summary(result.steps)).toEqual([
      "create box",
      "create host",
      "create plugin",
      "create toys-dev",
      "create web",
    ]);
    expect(play.world.tokens).toEqual(["explicit"]);
    expect(Object.keys((await play.record("host"))?.inputs ?? {}).sort()).toEqual(["toy:token", "toy:url"]);
    expect(await play.stack.exportText()).not.toContain("explicit");
    expect(changes(await play.up())).toEqual([]);
    play.world.takeLog();
    expect((await play.destroy()).ok).toBe(true);
    expect(play.world.names()).toEqual([]);
  });

  scenario("stand in for children of a component", { source: "" }, async (play) => {
    play.edit(`
      const config = new pulumi.Config("toy");
      const plugin = new toy.ToyProvider("plugin", { url: config.require("url"), token: "explicit" });
      const group = new toy.Group("group", { providers: [plugin] });
      new toy.Thing("box", { name: "box" }, { parent: group });
      group.finish({});
    `);
    await play.up();
    expect(play.world.tokens).toEqual(["explicit"]);
  });

  scenario("can be exchanged for others without a replacement", { source: explicit() }, async (play) => {
    await play.up();
    play.edit(BOTH);
    const result = await play.up({});
    expect(summary(changes(result))).toEqual(["delete host", "delete plugin"]);
    expect(play.world.names()).toEqual(["box", "web"]);
    expect((await play.record("box"))?.provider).toContain("::default::");
  });

  scenario("whose configuration is unknown in the preview answer nothing", { source: "" }, async (play) => {
    play.edit(`
      const config = new pulumi.Config("toy");
      const first = new toy.DynamicThing("first", { name: "first" });
      const url = first.serial.apply(() => config.require("url"));
      const plugin = new toy.ToyProvider("plugin", { url, token: "late" });
      const box = new toy.Thing("box", { name: "box" }, { provider: plugin });
      export const name = box.name;
    `);
    const result = await play.up({});
    expect(result.preview?.outputs).toEqual({ name: "[unknown]" });
    expect(result.preview?.calls.filter((call) => call.urn?.endsWith("::box"))).toEqual([]);
    expect(result.outputs).toEqual({ name: "box" });
  });
});
