import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const pulumi = resolve(__dirname, "..", "..", "provider", "pulumi");

/** What each folder of `provider/pulumi/` may import of its neighbours. The two providers know nothing of each other. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  schema: ["shared"],
  codegen: ["schema", "shared"],
  dynamic: ["shared"],
  plugin: ["shared"],
  sdk: ["dynamic", "shared"],
};

const folders = readdirSync(pulumi, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));

/** At the head of a file, or where it is first needed; not in a text of code that is generated. */
const IMPORT = /^(?:(?:import|export)\b.*|\}) from "(\.[^"]*)"|(?:import|require)\("(\.[^"]*)"\)/gm;

test("every folder has a rule", () => {
  expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test.each(folders)("pulumi/%s imports only what it may", (folder) => {
  const files = readdirSync(join(pulumi, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(pulumi, folder, file));
  expect(files).not.toEqual([]);
  const broken = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(IMPORT)]
      .map(([, early, late]) => relative(pulumi, resolve(dirname(file), early ?? late!)).split("/")[0]!)
      .filter((target) => target !== ".." && target !== folder && !MAY_IMPORT[folder]!.includes(target))
      .map((target) => `${relative(pulumi, file)} imports ${target}`),
  );
  expect(broken).toEqual([]);
});
