import { changes } from "../../pulumi-engine";
import { type EngineName, engines, Workbench } from "./support/workbench";

// Tags, the archive and default tags in dynamic providers, by the stack's configuration and by a provider's arguments.

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => bench.server.reset());

describe.each(engines())("tags and default tags, on the %s", (engine: EngineName) => {
  const stored = (name: string) => bench.server.store.environments.find({ name })?.description;

  test("reach the server, merged, and no later run shows anything", async () => {
    const source = `
const own = new meshery.Environment("own", { name: "own", description: "Live", tags: { stage: "production" }, archived: true });
const provider = new meshery.MesheryProvider("p", { defaultTags: { team: pulumi.output("core"), stage: "none" } });
new meshery.Environment("other", { name: "other", tags: { stage: "production" } }, { provider });
new meshery.Environment("left", { name: "left" }, { provider });
new meshery.EnvironmentTopology("t", { environments: { inside: { tags: { a: own.name }, archived: false } } });
export const all = own.tagsAll;
export const found = own.id.apply((id) => meshery.getEnvironmentsOutput({ tags: { cost: "7" }, state: "archived" }).environments.apply((rows) => rows.map((row) => row.name)));
`;
    const stack = await bench.stack(engine, bench.program(source), {
      config: { "meshery:defaultTags": '{"cost":"7"}' },
    });
    const up = await stack.up();
    expect(up.error).toBeUndefined();
    expect(["own", "other", "left", "inside"].map(stored)).toEqual([
      "Live\n[meshery-iac] archived cost=7 stage=production",
      "[meshery-iac] stage=production team=core",
      "[meshery-iac] stage=none team=core",
      "[meshery-iac] a=own cost=7",
    ]);
    expect(up.outputs).toMatchObject({ all: { cost: "7", stage: "production" }, found: ["own"] });
    expect(changes(await stack.preview())).toEqual([]);
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.error).toBeUndefined();
    expect(refreshed.steps.filter(({ op }) => op !== "same")).toEqual([]);
    expect((await stack.destroy({ skipPreview: true })).ok).toBe(true);
  });
});
