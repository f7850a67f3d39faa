import ts from "typescript";
import { UNKNOWN } from "../../../provider/framework";
import { resourceClass } from "../../../provider/pulumi/codegen/resourceClass";
import { type Properties, secret } from "../../../provider/pulumi/plugin/codec";
import { PluginResource } from "../../../provider/pulumi/plugin/resource";
import { languages } from "../../../provider/pulumi/schema/examples/languages";
import { resourceSpec } from "../../../provider/pulumi/schema/resources";
import type { TypeSpecs } from "../../../provider/pulumi/schema/spec";
import { PulumiResource } from "../../../provider/pulumi/shared/resource";
import { UNKNOWN_VALUES } from "../../../provider/pulumi/shared/values";
import { toyBox } from "./toy";

const PASSWORD = "open-sesame";
const written = { name: "bear", tags: ["soft", "brown"], size: "small", password: secret(PASSWORD) };

/** Properties without what is marked secret. */
const inPlain = (properties: unknown) =>
  JSON.stringify(properties, (_, value: unknown) =>
    JSON.stringify(value) === JSON.stringify(secret(PASSWORD)) ? "[secret]" : value,
  );

async function made() {
  const box = toyBox();
  const resource = new PluginResource(box.lifecycle);
  const { inputs } = resource.check(written);
  const { id, outputs } = await resource.create(box.context, inputs);
  return { ...box, resource, old: { id, inputs, outputs } };
}

describe("a set of texts", () => {
  const changes = async (tags: unknown) => {
    const { resource, old } = await made();
    const { fields, detailed } = resource.diff(undefined, old, { ...written, tags } as Properties);
    return [fields, [...detailed].map(([path, { change }]) => `${change} ${path}`)];
  };

  test("differs by its members alone, each shown at its place", async () => {
    expect(await changes(["brown", "soft"])).toEqual([[], []]);
    expect(await changes(["brown", "soft", "old"])).toEqual([["tags"], ["add tags[2]"]]);
    expect(await changes(["soft"])).toEqual([["tags"], ["delete tags[1]"]]);
    expect(await changes(["old", "soft"])).toEqual([["tags"], ["add tags[0]", "delete tags[1]"]]);
    expect(await changes(["soft", "old"])).toEqual([["tags"], ["update tags[1]"]]);
    expect(await changes([])).toEqual([["tags"], ["delete tags[0]", "delete tags[1]"]]);
    // Left out it is not managed.
    expect(await changes(undefined)).toEqual([[], []]);
    expect(await changes(UNKNOWN_VALUES.array)).toEqual([["tags"], ["update tags"]]);
    expect(await changes(["soft", UNKNOWN_VALUES.string])).toEqual([["tags"], ["update tags"]]);
  });

  test("that a server gives back in another order stays as it was written", async () => {
    const { resource, old, store, context } = await made();
    store.set(old.id, { ...store.get(old.id), tags: ["brown", "soft"] });
    expect((await resource.read(context, old))?.inputs.tags).toEqual(["soft", "brown"]);
    store.set(old.id, { ...store.get(old.id), tags: ["brown"] });
    expect((await resource.read(context, old))?.inputs.tags).toEqual(["brown"]);
  });

  test("holds each text once", async () => {
    const { resource } = await made();
    expect(resource.check({ ...written, tags: ["soft", "soft"] }).failures).toEqual([
      { field: "tags", message: expect.stringMatching(/twice/) },
    ]);
  });
});

describe("a write-only value", () => {
  test("is a secret in inputs and state, and nowhere in plain", async () => {
    const { resource, old, passwords, context, store } = await made();
    expect(passwords).toEqual([PASSWORD]);
    expect(JSON.stringify([...store])).not.toContain(PASSWORD);
    expect(old.inputs.password).toEqual(secret(PASSWORD));
    expect(old.outputs.password).toEqual(secret(PASSWORD));
    // Written in plain, too.
    expect(resource.check({ ...written, password: PASSWORD }).inputs).toEqual(old.inputs);
    expect(await resource.previewCreate(undefined, {}, { ...written, password: PASSWORD })).toMatchObject({
      password: secret(PASSWORD),
    });
    expect(resource.previewUpdate(old, old.inputs).password).toEqual(secret(PASSWORD));
    const read = await resource.read(context, old);
    expect(read).toEqual({ id: old.id, inputs: old.inputs, outputs: old.outputs });
    expect(inPlain([old, read])).not.toContain(PASSWORD);
  });

  test("that changes is sent, one that stays is not", async () => {
    const { resource, old, passwords, context } = await made();
    expect(resource.diff(undefined, old, old.inputs).fields).toEqual([]);
    const news = { ...old.inputs, password: secret("another") };
    const diff = resource.diff(undefined, old, news);
    expect([diff.fields, diff.replaces, [...diff.detailed.keys()]]).toEqual([["password"], [], ["password"]]);
    const outputs = await resource.update(context, old, news);
    expect(outputs.password).toEqual(secret("another"));
    expect(passwords).toEqual([PASSWORD, "another"]);
    expect(resource.diff(undefined, { ...old, inputs: news, outputs }, news).fields).toEqual([]);
  });

  test("is not known after an import, and the first one that is written is sent", async () => {
    const { resource, old, context } = await made();
    const imported = await resource.read(context, { id: old.id, inputs: undefined, outputs: undefined });
    expect(imported?.inputs).toEqual({ name: "bear", tags: ["soft", "brown"], size: "small" });
    expect(imported?.outputs).not.toHaveProperty("password");
    const diff = resource.diff(undefined, imported!, old.inputs);
    expect([...diff.detailed]).toEqual([["password", { change: "add", replace: false, inputs: true }]]);
  });

  test("is kept by the dynamic provider's state for the next comparison", async () => {
    const { lifecycle, context } = toyBox();
    const resource = new PulumiResource(lifecycle);
    const inputs = { ...written, password: PASSWORD };
    const state = await resource.create(context, inputs);
    expect(resource.diff(undefined, state, inputs)).toEqual([]);
    expect(resource.diff(undefined, state, { ...inputs, password: UNKNOWN })).toHaveLength(1);
    expect(await resource.read(context, state)).toMatchObject({ password: PASSWORD });
  });
});

test("the schema names a set, a choice and a secret", () => {
  const types: TypeSpecs = {};
  const { inputProperties, properties, required, requiredInputs } = resourceSpec(toyBox().definition, types);
  expect(inputProperties.tags).toEqual({ type: "array", items: { type: "string" }, description: "Its tags." });
  expect(inputProperties.size).toMatchObject({ $ref: "#/types/meshery:index:ToySize" });
  expect(types["meshery:index:ToySize"]).toMatchObject({ enum: [{ value: "small" }, { value: "very large" }] });
  expect([inputProperties.password?.secret, properties.password?.secret]).toEqual([true, true]);
  expect(requiredInputs).toEqual(["name", "password"]);
  expect(required).toEqual(["name", "serial"]);
});

test("the class of a program names a set, a choice and a secret", () => {
  const source = resourceClass(toyBox().definition);
  const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  expect(source).toContain("tags?: pulumi.Input<pulumi.Input<string>[]>;");
  expect(source).toContain("declare readonly tags: pulumi.Output<string[] | undefined>;");
  expect(source).toContain('size?: pulumi.Input<"small" | "very large">;');
  expect(source).toContain("declare readonly password: pulumi.Output<string | undefined>;");
  expect(source).toContain('"secrets":["password"]');
});

test("examples write a set in each language", () => {
  const inputs = { tags: ["soft", "a: b"] };
  const step = { kind: "resource", variable: "toy", resource: "Toy", name: "toy", inputs } as const;
  const programs = Object.fromEntries(languages.map(({ fence, render }) => [fence, render([step])]));
  expect(programs).toEqual({
    typescript: expect.stringContaining('tags: ["soft","a: b"],'),
    python: expect.stringContaining('tags=["soft","a: b"],'),
    go: expect.stringContaining('Tags: pulumi.StringArray{pulumi.String("soft"), pulumi.String("a: b")},'),
    yaml: expect.stringContaining('tags:\n        - soft\n        - "a: b"'),
  });
});
