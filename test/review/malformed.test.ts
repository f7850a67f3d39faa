import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPlan } from "../../provider/review/plans/read";

const plan = readFileSync(join(__dirname, "fixtures", "references.json"));
const said = (content: Buffer | string): string => {
  try {
    readPlan(Buffer.from(content as string), "given.json");
    return "read";
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<[string, Buffer | string, RegExp]>([
  ["nothing", "", /^given.json is empty; give what/],
  ["blanks", " \n\n", /is empty/],
  ["a text", "Plan: 3 to add", /is not JSON/],
  ["noise", Buffer.concat([Buffer.from("x"), randomBytes(1_000)]), /is not JSON/],
  ["noise that begins like JSON", Buffer.concat([Buffer.from("{"), randomBytes(1_000), Buffer.from("x")]), /cut short/],
  ["a plan that is cut short", plan.subarray(0, plan.length / 2), /is cut short: it ends in the middle of its JSON/],
  [
    "a saved plan",
    Buffer.concat([Buffer.from("PK\u0003\u0004"), randomBytes(100)]),
    /is a saved plan itself, not its JSON/,
  ],
  ["a state file", '{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[]}', /is a state/],
  ["a state as JSON", '{"format_version":"1.0","terraform_version":"1.11.4","values":{}}', /is a state/],
  ["an export of a stack", '{"version":3,"deployment":{}}', /is a state/],
  ["a log of events", '{"@level":"info","type":"version"}\n{"@level":"info"}\n', /is a log of events, one a line/],
  ["a list", "[]", /is JSON, but no plan/],
  ["null", "null", /is not JSON/],
  ["something else", '{"name":"x"}', /is JSON, but no plan/],
  ["a plan of another format", '{"format_version":"2.1","resource_changes":[]}', /has the plan format "2.1"/],
  ["changes that are none", '{"format_version":"1.2","resource_changes":[1]}', /is not built like one/],
  ["steps that are none", '{"steps":[{}]}', /steps that are none of a preview/],
])("%s is refused in one sentence", (_, content, message) => {
  expect(said(content)).toMatch(message);
  expect(said(content).split("\n")).toHaveLength(1);
});

test("50 MB of noise are refused at once", () => {
  const noise = Buffer.alloc(50 * 1024 * 1024, "{");
  expect(said(noise)).toMatch(/is cut short|is not JSON/);
});

test("a byte order mark in front is nothing", () => {
  expect(said(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plan]))).toBe("read");
});
