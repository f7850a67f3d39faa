import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { reviewJsonSchema, rulesPage, settingsJsonSchema } from "../../provider/review/published";
import { reportSchema } from "../../provider/review/report/schema";
import { recorded, reportFor } from "./support";

const root = join(__dirname, "..", "..");
const file = (name: string) => readFileSync(join(root, name), "utf8");

test.each([
  ["schemas/review.json", reviewJsonSchema],
  ["schemas/settings.json", settingsJsonSchema],
  ["docs/guides/review-rules.md", rulesPage],
])("%s is what the declarations say: npm run docs", (name, made) => {
  expect(file(name)).toBe(made());
});

const valid = (schema: string) => new Ajv({ strict: false }).compile(JSON.parse(schema));

test.each([
  "references",
  "modules",
  "destroy",
  "dynamic-create",
  "dynamic-retain",
])("the report of %s is as published", (name) => {
  const report = reportFor([recorded(name)]);
  const check = valid(reviewJsonSchema());
  check(report);
  expect(check.errors).toBeNull();
  expect(reportSchema.parse(report)).toEqual(report);
});

test("readers take reports with keys that they do not know", () => {
  expect(valid(reviewJsonSchema())({ ...reportFor([recorded("destroy")]), later: true })).toBe(true);
});

test("the settings of the guide are as published", () => {
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(file("docs/guides/review.md")) ?? [];
  const check = valid(settingsJsonSchema());
  check(parse(yaml!));
  expect(check.errors).toBeNull();
});
