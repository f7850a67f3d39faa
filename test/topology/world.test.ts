import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { checkWorld, parseWorld, references, TopologyError } from "../../provider/topology";

/** What is wrong with a world, as `line:column path: message`. */
function problems(text: string): string[] {
  try {
    parseWorld(text, "world.yaml");
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    expect(error.message.split("\n").every((line) => line.startsWith("world.yaml:"))).toBe(true);
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
  return [];
}

test("everything may be left out, and a name is the key where none is given", () => {
  expect(parseWorld("")).toEqual({
    organizations: {},
    users: {},
    teams: {},
    credentials: {},
    connections: {},
    environments: {},
    workspaces: {},
  });
  expect(parseWorld("environments:\n  production:\n").environments.production).toEqual({
    description: "",
    connections: [],
  });
});

test("JSON is a world file too", () => {
  const text = JSON.stringify({
    connections: { c: { kind: "kubernetes" } },
    environments: { e: { connections: ["c"] } },
  });
  expect(parseWorld(text)).toMatchObject({ environments: { e: { connections: ["c"] } } });
});

test("the examples' world has what they look up, and nothing of what they declare", () => {
  const file = join(__dirname, "../../examples/world.yaml");
  const world = parseWorld(readFileSync(file, "utf8"), file);
  expect(world.environments).toEqual({});
  expect(Object.keys(world.workspaces)).toEqual(["platform-team", "app-team-alpha", "app-team-beta"]);
  expect(references(world)).toEqual([]);
  const patterns = ["environment-per-stage", "region-based", "shared-connection", "shared-infrastructure"];
  const programs = patterns.map((name) => readFileSync(join(__dirname, "../../examples/hcl", name, "main.tf"), "utf8"));
  const named = (name: string) => programs.some((program) => program.includes(`"${name}"`));
  expect([...Object.keys(world.connections), ...Object.keys(world.workspaces)].filter((name) => !named(name))).toEqual(
    [],
  );
});

test.each<[string, string, string[]]>([
  [
    "an unknown connection",
    "connections:\n  a: {kind: github}\nenvironments:\n  prod:\n    connections: [a, b]\n",
    ["5:22 environments.prod.connections[1]: no such key under connections: b (there are: a)"],
  ],
  [
    "an unknown team where there is none",
    "workspaces:\n  w:\n    teams:\n      - sre\n",
    ["4:9 workspaces.w.teams[0]: no such key under teams: sre (teams is empty)"],
  ],
  [
    "an unknown credential",
    "connections:\n  a: {kind: github, credential: c}\n",
    ["2:33 connections.a.credential: no such key under credentials: c (credentials is empty)"],
  ],
  [
    "an unknown owner of a credential",
    "credentials:\n  c: {owner: eve}\n",
    ["2:14 credentials.c.owner: no such key under users: eve (users is empty)"],
  ],
  [
    "an unknown owner",
    "environments:\n  e: {owner: eve}\n",
    ["2:14 environments.e.owner: no such key under users: eve (users is empty)"],
  ],
  [
    "a key that is listed twice",
    "connections:\n  a: {kind: github}\nenvironments:\n  e: {connections: [a, a]}\n",
    ["4:24 environments.e.connections[1]: a is listed twice"],
  ],
  ["one id for two", "environments:\n  a: {id: x}\n  b: {id: x}\n", ["3:11 environments.b.id: a has the same id"]],
  ["a misspelled section", "environment:\n  e:\n", ["1:1 environment: unknown key"]],
  ["a misspelled field", "environments:\n  e:\n    descripton: x\n", ["3:5 environments.e.descripton: unknown key"]],
  ["a kind that is missing", "connections:\n  c: {type: platform}\n", ["2:6 connections.c.kind: is required"]],
  [
    "a status there is not",
    "connections:\n  c: {kind: k, status: broken}\n",
    [
      '2:24 connections.c.status: Invalid option: expected one of "discovered"|"registered"|"connected"|"ignored"|"maintenance"|"disconnected"|"deleted"|"not found"',
    ],
  ],
  ["a key with a slash", "environments:\n  a/b:\n", ["2:3 environments.a/b: must not be blank or contain /"]],
  [
    "a list where a map belongs",
    "environments: [a]\n",
    ["1:15 environments: Invalid input: expected record, received array"],
  ],
  ["a key that stands twice", "environments:\n  a: {}\n  a: {}\n", ["3:3 : Map keys must be unique"]],
])("%s is reported at its place", (_, text, expected) => {
  expect(problems(text)).toEqual(expected);
});

test("every problem is reported, not the first alone", () => {
  expect(problems("environments:\n  a: {connections: [x]}\n  b: {connections: [y]}\n")).toHaveLength(2);
});

test("text that is no YAML is reported at its place", () => {
  expect(problems("environments:\n  a: [1, 2\nworkspaces: {}\n")[0]).toMatch(/^3:1 : /);
});

test("a few lines cannot grow into a large world", () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [name, before] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"].map((pair) => [...pair])) {
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }
  expect(problems(lines.join("\n"))[0]).toMatch(/alias/i);
});

test("a world that a program holds is checked by the same rules", () => {
  expect(checkWorld({ environments: { e: {} } }).environments.e).toEqual({ description: "", connections: [] });
  expect(() => checkWorld({ environments: { e: { connections: ["none"] } } })).toThrow("environments.e.connections[0]");
});

test("any text is a world or an error with a place, and never anything else", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        parseWorld(text);
      } catch (error) {
        expect(error).toBeInstanceOf(TopologyError);
        for (const { line, column } of (error as TopologyError).problems)
          expect(Math.min(line, column)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});
