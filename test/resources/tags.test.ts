import fc from "fast-check";
import type { State, Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// Tags and the archive stand in the last line of a description. The server is asked from behind, its store is changed by hand.

const worlds = eraNames.flatMap((era) => [false, true].map((quirks) => ({ era, quirks })));
let server: MesheryServer;
const start = async (options: Parameters<typeof MesheryServer.start>[0] = {}) => {
  server = await MesheryServer.start({ world: { workspaces: { team: {} } }, ...options });
};
afterEach(() => server.close());

const run = (defaultTags?: Record<string, string>) => benchFor(server, { ...(defaultTags && { defaultTags }) });
const stored = (id: string) => server.store.environments.list().find((row) => row.id === id)!.description;
const byHand = (id: string, description: string) => server.store.environments.update(id, { description });
const diff = (state: Values, inputs: Values, defaultTags?: Record<string, string>) =>
  lifecycles
    .get("Environment")!
    .diff(state, inputs, { defaultTags })
    .map(({ field }) => field);

/** Nothing shows after an apply, neither with a refresh nor without one. */
async function isQuiet(state: State, inputs: Values, defaultTags?: Record<string, string>): Promise<void> {
  expect(diff(state, inputs, defaultTags)).toEqual([]);
  const live = await run(defaultTags).read("Environment", state);
  expect(live).toEqual(state);
}

describe.each(worlds)("in $era, quirks $quirks", ({ era, quirks }) => {
  beforeEach(() => start({ era, quirks }));

  test("tags and the archive are created, changed, taken away and imported, and plans stay quiet", async () => {
    const steps: [inputs: Values, description: string | RegExp][] = [
      [
        { description: "Live", tags: { stage: "production", region: "us-east" } },
        "Live\n[meshery-iac] region=us-east stage=production",
      ],
      [
        { description: "Live", tags: { region: "eu", "a b": "c=d" }, archived: true },
        "Live\n[meshery-iac] archived a%20b=c=d region=eu",
      ],
      [{ description: "", tags: { region: "eu" }, archived: true }, "[meshery-iac] archived region=eu"],
      [{ tags: { region: "eu" }, archived: false }, "[meshery-iac] region=eu"],
      [{ tags: {}, archived: false }, /^(\[meshery-iac\])?$/],
      [{ description: "Again", archived: true }, "Again\n[meshery-iac] archived"],
      [{ description: "Again", archived: false }, "Again"],
    ];
    let state: State | undefined;
    for (const [fields, description] of steps) {
      const inputs = { name: "production", ...fields };
      state = state ? await run().update("Environment", state, inputs) : await run().create("Environment", inputs);
      expect(state).toMatchObject(inputs);
      expect(stored(state.id)).toEqual(
        typeof description === "string" ? description : expect.stringMatching(description),
      );
      await isQuiet(state, inputs);
      const imported = await run().import("Environment", state.id);
      expect(imported).toMatchObject({
        tags: state.tagsAll,
        tagsAll: state.tagsAll,
        archived: state.archived ?? false,
      });
      expect(diff(imported, inputs)).toEqual([]);
      await isQuiet(imported, inputs);
    }
  });

  test("an update of something else keeps the tags and the archive of others", async () => {
    const state = await run().create("Environment", { name: "production" });
    byHand(state.id, "Theirs\n[meshery-iac] archived stage=production");
    await run().update("Environment", state, { name: "renamed" });
    expect(stored(state.id)).toBe("Theirs\n[meshery-iac] archived stage=production");
    await run().update("Environment", state, { name: "renamed", description: "Ours" });
    expect(stored(state.id)).toBe("Ours\n[meshery-iac] archived stage=production");
    await run().update("Environment", state, { name: "renamed", tags: { a: "b" } });
    expect(stored(state.id)).toBe("Ours\n[meshery-iac] archived a=b");
  });

  test("default tags are merged, the resource's own win, and a changed default is a change", async () => {
    const inputs = { name: "production", tags: { stage: "production" } };
    const before = { stage: "none", team: "platform" };
    const state = await run(before).create("Environment", inputs);
    expect(state).toMatchObject({ tags: inputs.tags, tagsAll: { stage: "production", team: "platform" } });
    expect(stored(state.id)).toBe("[meshery-iac] stage=production team=platform");
    await isQuiet(state, inputs, before);
    const imported = await run(before).import("Environment", state.id);
    expect([imported.tags, diff(imported, inputs, before)]).toEqual([inputs.tags, []]);

    const after = { team: "core" };
    expect(diff(state, inputs, after)).toEqual(["tagsAll"]);
    const next = await run(after).update("Environment", state, inputs);
    expect(stored(state.id)).toBe("[meshery-iac] stage=production team=core");
    await isQuiet(next, inputs, after);
    expect(diff(next, inputs)).toEqual(["tagsAll"]);
    await run().update("Environment", next, inputs);
    expect(stored(state.id)).toBe("[meshery-iac] stage=production");
  });
});

describe("what people do in Meshery", () => {
  beforeEach(() => start());
  const inputs = {
    name: "production",
    description: "Live",
    tags: { stage: "production", region: "eu" },
    archived: false,
  };

  test.each<[string, string, Values]>([
    ["blanks around the line", "Live\n  [meshery-iac]  region=eu   stage=production \n\n", {}],
    ["another order", "Live\n[meshery-iac] stage=production region=eu", {}],
    ["a line below it", "Live\n[meshery-iac] region=eu stage=production\nAsk Ann", { description: "Live\nAsk Ann" }],
    ["another text", "Dead\n[meshery-iac] region=eu stage=production", { description: "Dead" }],
    ["one tag edited", "Live\n[meshery-iac] region=eu stage=test", { tags: { stage: "test", region: "eu" } }],
    ["one tag more", "Live\n[meshery-iac] region=eu stage=production a=b", { tags: { ...inputs.tags, a: "b" } }],
    ["one tag less", "Live\n[meshery-iac] region=eu", { tags: { region: "eu" } }],
    ["archived", "Live\n[meshery-iac] archived region=eu stage=production", { archived: true }],
    ["the line deleted", "Live", { tags: {} }],
    ["all deleted", "", { description: "", tags: {} }],
  ])("%s shows as what it is, and the next apply brings it back", async (_, description, shown) => {
    const state = await run().create("Environment", inputs);
    byHand(state.id, description);
    const live = (await run().read("Environment", state))!;
    const all = shown.tags ? { tagsAll: shown.tags } : {};
    expect(live).toEqual({ ...state, ...shown, ...all });
    expect(diff(live, inputs).sort()).toEqual(Object.keys({ ...shown, ...all }).sort());
    if (Object.keys(shown).length > 0) {
      await run().update("Environment", live, inputs);
      expect(stored(state.id)).toBe("Live\n[meshery-iac] region=eu stage=production");
    }
  });

  test("what a program does not manage never shows", async () => {
    const state = await run().create("Environment", { name: "production" });
    byHand(state.id, "Theirs\n[meshery-iac] archived a=b");
    const live = (await run().read("Environment", state))!;
    expect(live).toEqual({ ...state, tagsAll: { a: "b" } });
    expect(diff(live, { name: "production" })).toEqual([]);
  });

  test("with default tags, a tag by hand shows as one's own, and is taken away", async () => {
    const defaults = { team: "platform" };
    const state = await run(defaults).create("Environment", { name: "production", tags: { a: "1" } });
    byHand(state.id, "[meshery-iac] a=1 b=2 team=other");
    const live = (await run(defaults).read("Environment", state))!;
    expect(live).toMatchObject({ tags: { a: "1", b: "2" }, tagsAll: { a: "1", b: "2", team: "other" } });
    await run(defaults).update("Environment", live, { name: "production", tags: { a: "1" } });
    expect(stored(state.id)).toBe("[meshery-iac] a=1 team=platform");
  });

  test("default tags are put where tags are left out, too", async () => {
    const defaults = { team: "platform" };
    const state = await run(defaults).create("Environment", { name: "production" });
    expect(stored(state.id)).toBe("[meshery-iac] team=platform");
    await isQuiet(state, { name: "production" }, defaults);
    // What was imported stays.
    byHand(state.id, "[meshery-iac] a=b team=platform");
    const imported = await run(defaults).import("Environment", state.id);
    await isQuiet(imported, { name: "production" }, defaults);
  });
});

describe("the archive", () => {
  beforeEach(() => start());
  const bind = async (environment: State) => {
    const workspaceId = server.store.workspaces.list()[0]!.id;
    return run().create("WorkspaceBinding", { workspaceId, environmentId: environment.id });
  };

  test("an archived environment is bound nowhere anew; what it has, it keeps, and it comes back", async () => {
    const inputs = { name: "production", archived: true };
    const state = await run().create("Environment", inputs);
    await expect(bind(state)).rejects.toMatchObject({
      code: "invalid-input",
      details: {
        field: "environmentId",
        what: expect.stringContaining("is archived"),
        hint: expect.stringContaining("archived = false"),
      },
    });
    expect(server.store.workspaceEnvironments.list()).toEqual([]);
    const active = await run().update("Environment", state, { ...inputs, archived: false });
    const binding = await bind(active);
    const archived = await run().update("Environment", active, inputs);
    // One that exists is taken over as ever, and found by a refresh.
    expect(await bind(archived)).toEqual(binding);
    expect(await run().read("WorkspaceBinding", binding)).toEqual(binding);
  });

  test("what was taken out of the archive by others just now can be bound", async () => {
    const state = await run().create("Environment", { name: "production", archived: true });
    const bench = run();
    await bench.read("Environment", state);
    byHand(state.id, "");
    const workspaceId = server.store.workspaces.list()[0]!.id;
    await bench.create("WorkspaceBinding", { workspaceId, environmentId: state.id });
    expect(server.store.workspaceEnvironments.list()).toHaveLength(1);
  });

  test("archiving one that is bound is warned about in the plan, by name; all else is not", async () => {
    const state = await run().create("Environment", { name: "production" });
    const lifecycle = lifecycles.get("Environment")!;
    const notices = async (before: State, inputs: Values) =>
      lifecycle.changeNotices(
        run().session.context(() => undefined),
        before,
        { name: "production", ...inputs },
      );
    expect(await notices(state, { archived: true })).toEqual([]);
    await bind(state);
    expect(await notices(state, { archived: true })).toEqual([
      {
        summary: 'Environment "production" is archived while it is bound',
        detail: expect.stringContaining('workspace "team"'),
      },
    ]);
    expect(await notices(state, { archived: false })).toEqual([]);
    expect(await notices({ ...state, archived: true }, { archived: true })).toEqual([]);
  });

  test("a plan says of a binding to one that it will be refused", async () => {
    const state = await run().create("Environment", { name: "production", archived: true });
    const notices = await lifecycles.get("WorkspaceBinding")!.plannedNotices(
      run().session.context(() => undefined),
      {
        workspaceId: server.store.workspaces.list()[0]!.id,
        environmentId: state.id,
      },
    );
    expect(notices).toEqual([
      { summary: expect.stringContaining("is archived"), detail: expect.stringContaining("archived = false") },
    ]);
  });
});

describe("what does not fit", () => {
  beforeEach(() => start());
  const problems = (inputs: Values) =>
    lifecycles
      .get("Environment")!
      .validate({ name: "production", ...inputs })
      .map(({ field, message }) => `${field}: ${message}`);

  test("is said before anything is sent, with the length of each part", () => {
    const tags = { key: "v".repeat(50) };
    expect(problems({ description: "d".repeat(1000 - 69), tags })).toEqual([]);
    expect(problems({ description: "d".repeat(1000 - 68), tags })).toEqual([
      "tags: description and tags together have 1001 characters, and at most 1000 fit: the description has 932, the line in which tags are kept 68.",
    ]);
    expect(problems({ tags: { "": "x" } })).toEqual(["tags must not have an empty key.".replace("tags", "tags: tags")]);
    expect(problems({ tags: { a: "\ud800" } })).toEqual([expect.stringContaining("half a character")]);
  });

  test("a description with a line like the marked one is refused, wherever it stands", () => {
    for (const description of ["[meshery-iac] a=b", "Live\n [meshery-iac]", "[meshery-iac]\nLive"])
      expect(problems({ description })).toEqual([
        expect.stringContaining("description must not have a line that begins with [meshery-iac]"),
      ]);
    expect(problems({ description: "see [meshery-iac]" })).toEqual([]);
  });

  test("is said too where the server's own description, or default tags, make it too long", async () => {
    const state = await run().create("Environment", { name: "production", description: "d".repeat(990) });
    const refused = {
      code: "invalid-input",
      details: {
        what: expect.stringContaining("the description has 990"),
        hint: expect.stringContaining("Nothing was sent"),
      },
    };
    await expect(run().update("Environment", state, { name: "production", tags: { a: "b" } })).rejects.toMatchObject(
      refused,
    );
    await expect(
      run({ a: "b" }).create("Environment", { name: "new", description: "d".repeat(990) }),
    ).rejects.toMatchObject(refused);
    expect(server.store.environments.list()).toHaveLength(1);
    expect(stored(state.id)).toBe("d".repeat(990));
  });
});

test("any tags come back from the server as they were written, and from behind any description", async () => {
  await start({ quirks: true });
  const text = fc.string({ unit: "grapheme", maxLength: 8 });
  const tags = fc.dictionary(
    text.filter((key) => key !== ""),
    text,
    { maxKeys: 4 },
  );
  await fc.assert(
    fc.asyncProperty(fc.record({ description: text, tags, archived: fc.boolean() }), tags, async (fields, later) => {
      fc.pre(!lifecycles.get("Environment")!.validate({ name: "e", ...fields }).length);
      const inputs = { name: "e", ...fields };
      const state = await run().create("Environment", inputs);
      await isQuiet(state, inputs);
      const next = await run().update("Environment", state, { ...inputs, tags: later });
      await isQuiet(next, { ...inputs, tags: later });
      await run().remove("Environment", next);
    }),
    { numRuns: 40 },
  );
});

describe("lookups", () => {
  beforeEach(() =>
    start({
      world: {
        connections: { one: { kind: "kubernetes", subType: "a" }, two: { kind: "github", subType: "b" } },
        environments: {
          production: { description: "Live\n[meshery-iac] region=eu stage=production", connections: ["one"] },
          staging: { description: "[meshery-iac] archived stage=staging", connections: ["one"] },
          bare: { description: "[meshery-iac] region=eu" },
        },
        workspaces: { team: { description: "[meshery-iac] cost=7" }, other: {} },
      },
    }),
  );
  const look = async (name: string, inputs: Values = {}) => {
    const { lookups } = await import("../../provider/resources");
    return lookups
      .find((lookup) => lookup.name === name)!
      .read(
        run().session.context(() => undefined),
        inputs,
      );
  };
  const found = async (name: string, rows: string, inputs: Values) =>
    ((await look(name, inputs))[rows] as { name: string }[]).map((row) => row.name);

  test("tell tags, the archive and the state, and the text without them", async () => {
    expect((await look("getEnvironments")).environments).toMatchObject([
      { name: "bare", description: "", tags: { region: "eu" }, archived: false, state: "empty" },
      {
        name: "production",
        description: "Live",
        tags: { region: "eu", stage: "production" },
        archived: false,
        state: "active",
      },
      { name: "staging", description: "", tags: { stage: "staging" }, archived: true, state: "archived" },
    ]);
    expect(await look("getEnvironment", { name: "staging" })).toMatchObject({
      archived: true,
      state: "archived",
      tags: { stage: "staging" },
    });
  });

  test.each<[string, string, Values, string[]]>([
    ["getEnvironments", "environments", { tags: { region: "eu" } }, ["bare", "production"]],
    ["getEnvironments", "environments", { tags: { region: "eu", stage: "production" } }, ["production"]],
    ["getEnvironments", "environments", { tags: { region: "us" } }, []],
    ["getEnvironments", "environments", { tags: {} }, ["bare", "production", "staging"]],
    ["getEnvironments", "environments", { state: "active" }, ["production"]],
    ["getEnvironments", "environments", { state: "empty" }, ["bare"]],
    ["getEnvironments", "environments", { state: "archived" }, ["staging"]],
    ["getEnvironments", "environments", { search: "R", orderBy: "name desc" }, ["production", "bare"]],
    ["getEnvironments", "environments", { orderBy: "state" }, ["production", "staging", "bare"]],
    ["getWorkspaces", "workspaces", { tags: { cost: "7" } }, ["team"]],
    ["getWorkspaces", "workspaces", { search: "OTH" }, ["other"]],
    ["getConnections", "connections", { assigned: false }, ["two"]],
    ["getConnections", "connections", { assigned: true }, ["one"]],
    ["getConnections", "connections", { kind: "github", assigned: true }, []],
    ["getConnections", "connections", { orderBy: "kind" }, ["two", "one"]],
    ["getConnections", "connections", { orderBy: "sub_type desc" }, ["two", "one"]],
  ])("%s narrows %s by %j", async (name, rows, inputs, expected) => {
    expect(await found(name, rows, inputs)).toEqual(expected);
  });

  test("refuse what they cannot order or know", async () => {
    const { lookups } = await import("../../provider/resources");
    const { validate } = await import("../../provider/framework");
    const of = (inputs: Values) =>
      validate(lookups.find(({ name }) => name === "getEnvironments")!, "getEnvironments", inputs);
    expect(of({ orderBy: "age" })).toEqual([
      { field: "orderBy", message: expect.stringContaining("must be one of id, id desc, name, name desc") },
    ]);
    expect(of({ state: "gone" })).toEqual([
      { field: "state", message: "state must be one of active, empty, archived." },
    ]);
  });
});
