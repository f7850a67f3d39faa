import { MesheryServer } from "../../../provider/server";
import { changes, secret } from "../../pulumi-engine";
import { applied, binding, engines, environment, idOf, lookUp, PluginBench, yamlProgram } from "./support/bench";
import { PluginClient } from "./support/client";

// Tags, the archive and default tags in the plugin: what previews show, what is stored, and what the next run finds.

const world = { workspaces: { team: {} } };

describe.each(engines())("tags and the archive, on the %s", (engine) => {
  let bench: PluginBench;
  beforeEach(async () => {
    bench = await PluginBench.open({ world });
  });
  afterEach(() => bench.close());
  const stored = () => bench.server.store.environments.find({ name: "production" })?.description;
  const program = (more: object) => yamlProgram({ production: environment({ name: "production", ...more }) });

  test("are created, changed, found changed by hand, and taken away", async () => {
    const stack = await bench.stack(engine, program({ description: "Live", tags: { b: "2", a: "1" } }));
    await applied(stack);
    expect(stored()).toBe("Live\n[meshery-iac] a=1 b=2");
    expect(changes(await stack.preview())).toEqual([]);
    stack.setYaml(program({ description: "Live", tags: { b: "3" }, archived: true }));
    await applied(stack);
    expect(stored()).toBe("Live\n[meshery-iac] archived b=3");
    const { id } = bench.server.store.environments.find({ name: "production" })!;
    bench.server.store.environments.update(id, { description: "Live\n[meshery-iac] b=4" });
    await stack.refresh({ skipPreview: true });
    expect(changes(await stack.preview())).toHaveLength(1);
    await applied(stack);
    expect(stored()).toBe("Live\n[meshery-iac] archived b=3");
    stack.setYaml(program({ description: "Live", tags: {}, archived: false }));
    await applied(stack);
    expect(stored()).toBe("Live");
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.steps.filter(({ op }) => op !== "same")).toEqual([]);
    expect(changes(await stack.preview())).toEqual([]);
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
  });

  test.each([
    ["as JSON of the stack", '{"team":"core"}', '{"team":"platform"}'],
    ["with a blank in it", '{"team":"the core"}', "{}"],
  ])("default tags, %s, are merged; a changed default updates", async (_, before, after) => {
    const stack = await bench.stack(engine, program({ tags: { stage: "production" } }), {
      config: { "meshery:defaultTags": before },
    });
    await applied(stack);
    const tags = (text: string) =>
      `[meshery-iac] ${["stage=production", ...Object.entries(JSON.parse(text) as object).map(([k, v]) => `${k}=${String(v).replace(" ", "%20")}`)].join(" ")}`;
    expect(stored()).toBe(tags(before));
    expect(changes(await stack.preview())).toEqual([]);
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.steps.filter(({ op }) => op !== "same")).toEqual([]);
    await stack.setConfig("meshery:defaultTags", after);
    const preview = await stack.preview();
    expect(changes(preview)).toHaveLength(1);
    await applied(stack);
    expect(stored()).toBe(tags(after));
    expect(changes(await stack.preview())).toEqual([]);
  });

  test("an archived environment is not bound anew, and the error says what to do", async () => {
    const yaml = (archived: boolean) =>
      yamlProgram(
        { production: environment({ name: "production", archived }), b: binding(idOf("team"), idOf("production")) },
        { team: lookUp("getWorkspace", "team") },
      );
    const stack = await bench.stack(engine, yaml(true));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/is archived/);
    expect(bench.server.store.workspaceEnvironments.list()).toEqual([]);
    stack.setYaml(yaml(false));
    await applied(stack);
    stack.setYaml(yaml(true));
    const preview = await stack.preview();
    expect(preview.messages.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/"production" is archived while it is bound.*workspace "team"/s),
    );
    await applied(stack);
    expect(changes(await stack.preview())).toEqual([]);
  });
});

describe("each request", () => {
  let server: MesheryServer;
  let client: PluginClient;
  beforeEach(async () => {
    server = await MesheryServer.start({ world });
    client = await PluginClient.on(server);
    await client.configure({ defaultTags: { team: "core" } });
  });
  afterEach(async () => {
    await client.stop();
    await server.close();
  });

  test("a check gives the merged tags with the inputs, so that a preview can show them; secrets stay secrets", async () => {
    const news = { name: "e", tags: { stage: secret("production") } };
    const { inputs } = await client.check("Environment", news);
    expect(inputs).toEqual({ ...news, tagsAll: { stage: secret("production"), team: "core" } });
    const { outputs } = await client.create("Environment", inputs);
    expect(outputs).toMatchObject({ tagsAll: { stage: secret("production"), team: "core" } });
  });

  test("a diff names the tags, one by one", async () => {
    const inputs = { name: "e", tags: { a: "1", b: "2", c: "3" } };
    const { id, outputs } = await client.create("Environment", inputs);
    const diff = await client.diff(
      "Environment",
      id,
      { inputs, outputs },
      { name: "e", tags: { a: "1", b: "9", d: "4" } },
    );
    expect(diff.detailedDiff).toEqual({
      "tags.b": "update",
      "tags.c": "delete",
      "tags.d": "add",
      "tagsAll.b": "update",
      "tagsAll.c": "delete",
      "tagsAll.d": "add",
    });
  });

  test("an import says what a program would write", async () => {
    const { id } = await client.create("Environment", { name: "e", tags: { a: "1" }, archived: false });
    await client.configure({ defaultTags: { team: "core" } });
    const read = await client.read("Environment", id, {});
    expect(read.inputs).toEqual({ name: "e", tags: { a: "1" } });
  });

  test.each([
    ["[]", "defaultTags must be an object with texts"],
    ['{"a":1}', "defaultTags must be an object with texts"],
    ["{", "defaultTags must be an object with texts"],
    ['{"":"x"}', "defaultTags must not have an empty key"],
  ])("default tags that are none are refused: %s", async (defaultTags, says) => {
    const { failures } = await client.checkConfig({ defaultTags });
    expect(failures).toEqual([{ property: "defaultTags", reason: expect.stringContaining(says) }]);
  });
});
