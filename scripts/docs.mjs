// Writes what people read and what is derived from the declarations: docs/, schema.json, schemas/ and api/.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const { load } = await import("./build/bundle.mjs");
const { generatePulumi } = await import("./build/pulumi.mjs");
const { writeSchema } = await import("./build/plugin.mjs");

const work = join(root, "dist", ".build");
const { documentationPages } = await load(
  "provider/terraform/packaging/documentation.ts",
  join(work, "documentation.cjs"),
);
const example = (name) => {
  const file = join(root, "examples", "hcl", "documentation", `${name}.tf`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};
for (const folder of ["resources", "data-sources"])
  rmSync(join(root, "docs", folder), { recursive: true, force: true });
const pages = documentationPages(example);
for (const { file, text } of pages) {
  const target = join(root, "docs", file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
const { reviewJsonSchema, settingsJsonSchema, rulesPage } = await load(
  "provider/review/published.ts",
  join(work, "published.cjs"),
);
for (const [file, text] of [
  ["schemas/review.json", reviewJsonSchema()],
  ["schemas/settings.json", settingsJsonSchema()],
  ["docs/guides/review-rules.md", rulesPage()],
])
  writeFileSync(join(root, file), text);
await generatePulumi();
await writeSchema();
await import("./api.mjs");
console.log(`wrote ${pages.length} pages to docs/, schemas/ and schema.json`);
