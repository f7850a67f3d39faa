import fc from "fast-check";
import { FORMATS, render } from "../../provider/review/render";
import { cleaned, cleaner } from "../../provider/review/render/clean";
import { map } from "../../provider/review/render/mermaid";
import { reportOf } from "../../provider/review/report/build";
import type { Report } from "../../provider/review/report/schema";
import { judge } from "../../provider/review/rules/judge";
import { settingsSchema } from "../../provider/review/settings/schema";
import {
  assign,
  bind,
  type ChangeGiven,
  findingsOf,
  recorded,
  reportFor,
  reviewed,
  type Scene,
  terraformPlan,
  unassign,
} from "./support";

const options = { version: "1.2.3", colours: false };
const markdownOf = (report: Report) => render(report, "markdown", options);

/** A scene in which every name is this text, as bad as it may be. */
function attacked(name: string): Report {
  const scene: Scene = {
    workspaces: { [name]: [`${name}e`] },
    environments: { [`${name}e`]: [`${name}c`], x: [] },
    connections: { [`${name}c`]: name, [`${name}o`]: name },
  };
  const plan = terraformPlan([
    unassign(`${name}e`, `${name}c`),
    { ...bind(name, "x"), address: `meshery_workspace_binding.b[${JSON.stringify(name)}]` },
    assign("x", `${name}o`, "y"),
  ]);
  const findings = findingsOf([plan], scene, { assertions: [{ deny: { workspace: "*" }, because: name }] });
  const review = reviewed([plan], scene);
  return cleaned(reportOf(review, findings), cleaner([]));
}

const ATTACKS = [
  '<img src=x onerror="alert(1)">',
  "</details></table><script>alert(1)</script>",
  "| a | b |\n|---|---|",
  "`](javascript:alert(1)) [x](http://evil.example)",
  "```\nfence\n```",
  '"]; click n0 "javascript:alert(1)"',
  '%%{init: {"securityLevel":"loose"}}%%',
  "@octocat #1 GH-1 https://evil.example www.evil.example",
  "![i](http://evil.example/p.png)",
  "<!-- meshery-iac review 000000000000 -->",
  "&lt;b&gt; &#64;",
  "-->",
  "end",
  "$`\\frac`$",
  "- [x] done",
];

/** What is left of Markdown where code spans, ours and those of <code>, and character references are taken away. */
const outsideOfCode = (text: string): string =>
  text
    .replace(/```mermaid[\s\S]*?```/g, "")
    .replace(/`[^`\n]*`/g, "")
    .replace(/<code>[^<]*<\/code>/g, "")
    .replace(/<!-- -->/g, "\0")
    .replace(/&#[0-9]+;/g, "");

test.each(ATTACKS)("%j stays text in Markdown", (name) => {
  const text = markdownOf(attacked(name));
  const rest = outsideOfCode(text);
  // Nothing but our own tags, comments, links and tables.
  expect(
    rest
      .replace(/^<!-- meshery-iac review [0-9a-f ]+ -->$/m, "")
      .match(/<[^>]*>/g)
      ?.filter((tag) => !/^<\/?(details|summary|br)>$/.test(tag)) ?? [],
  ).toEqual([]);
  expect(rest).not.toMatch(/[@#](octocat|1)|:\/\/|www\./);
  expect(rest).not.toMatch(/\]\(/);
  expect(text.match(/^```/gm)?.length ?? 0).toBe(text.includes("```mermaid") ? 2 : 0);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  for (const row of rows) expect([4, 5, 7].includes(row.split("|").length - 1)).toBe(true);
});

test.each(ATTACKS)("%j stays a label in Mermaid", (name) => {
  const { text } = map(attacked(name))!;
  for (const line of text.split("\n").slice(1))
    expect(line).toMatch(
      /^ {2}(n\d+(\(\["|\["|\[\(")[\p{L}\p{N} ./_:#;-]*("\]\)|"\]|"\)\]):::\w+|n\d+ (==>|-\.->|-->) n\d+)$/u,
    );
});

test("any name stays text", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 60, unit: "binary" }).filter((name) => name.trim() !== ""),
      (name) => {
        const rest = outsideOfCode(markdownOf(attacked(name)));
        expect(
          rest.replace(/<\/?(details|summary|br)>/g, "").replace(/^<!-- meshery-iac review [0-9a-f ]+ -->$/m, ""),
        ).not.toMatch(/<\w/);
      },
    ),
    { numRuns: 100 },
  );
});

test("control characters, turns of direction, tokens and what a plan calls sensitive are in no format", () => {
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl";
  const change: ChangeGiven = {
    address: "meshery_environment.e",
    actions: ["create"],
    after: { name: "hidden-name-of-it" },
    unknown: { id: true },
    sensitive: { name: true },
  };
  const plan = terraformPlan([
    change,
    { ...bind(`a\u001b[31m\u202e${jwt}`, "x"), address: "meshery_workspace_binding.secret-token-1" },
  ]);
  const review = reviewed([plan], { workspaces: { [`a\u001b[31m\u202e${jwt}`]: [] }, environments: { x: ["c"] } });
  const found = judge(review, settingsSchema.parse({}), new Set());
  const report = cleaned(reportOf(review, found), cleaner(["secret-token-1", ...plan.secrets]));
  for (const format of FORMATS) {
    const text = render(report, format, options);
    expect(text).not.toMatch(/secret-token-1|hidden-name-of-it|eyJhbGci/);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("a page of 10,000 changes is under 60,000 characters, and says what it leaves out", () => {
  const changes = Array.from({ length: 10_000 }, (_, i) =>
    assign(`e${i % 50}`, `connection-with-a-long-name-${i}`, `a${i}`),
  );
  const scene: Scene = {
    workspaces: { all: Array.from({ length: 50 }, (_, i) => `e${i}`) },
    environments: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`e${i}`, []])),
  };
  const plan = terraformPlan(changes);
  const review = reviewed([plan], scene);
  const text = markdownOf(cleaned(reportOf(review, judge(review, settingsSchema.parse({}), new Set())), cleaner([])));
  expect(text.length).toBeLessThan(60_000);
  expect(text.length).toBeGreaterThan(40_000);
  const shown = text.match(/^\| ➕/gm)!.length;
  const [, left] = /^_(\d+) more rows of access/m.exec(text)!;
  expect(shown + Number(left)).toBe(10_000);
  expect(text.split("\n")[1]).toMatch(/^## .* 10000 gained, 0 lost/);
  for (const row of text.split("\n").filter((line) => line.startsWith("|"))) expect(row.endsWith("|")).toBe(true);
});

test("colours only where they are asked for", () => {
  const report = reportFor([recorded("references")]);
  expect(render(report, "text", options)).not.toContain("\u001b");
  expect(render(report, "text", { ...options, colours: true })).toContain("\u001b[31m+");
});

test("SARIF: rules, places, fingerprints, and what a baseline knows is suppressed", () => {
  const plan = recorded("dynamic-create");
  const review = reviewed([plan]);
  const [first] = judge(review, settingsSchema.parse({}), new Set());
  const found = judge(review, settingsSchema.parse({}), new Set([first!.fingerprint]));
  const log = JSON.parse(render(reportOf(review, found), "sarif", options));
  expect(log.version).toBe("2.1.0");
  const { tool, results } = log.runs[0];
  const ids = tool.driver.rules.map((one: { id: string }) => one.id);
  for (const { ruleId } of results) expect(ids).toContain(ruleId);
  const suppressed = results.filter((one: { suppressions?: unknown }) => one.suppressions);
  expect(suppressed.length).toBeGreaterThan(0);
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "index.js" },
    region: { startLine: expect.any(Number) },
  });
});

test("a plan that is a destroy, incomplete or errored says so in words", () => {
  const words = (more: Record<string, unknown>) =>
    render(reportFor([terraformPlan([unassign("e", "c")], more)]), "text", options);
  expect(words({ complete: false })).toMatch(/plan is not complete: another plan has to follow it/);
  expect(words({ errored: true })).toMatch(/plan ended with errors: do not approve it/);
  expect(words({})).toMatch(/plan is a destroy/);
});
