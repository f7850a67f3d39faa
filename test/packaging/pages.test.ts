import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/terraform";

const text = (name: string) => readFileSync(join(root, name), "utf8");

test.each(["ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md"])("%s names files that are there", (name) => {
  const named = [...text(name).matchAll(/`((?:\w+\/)+\w+\.(?:ts|mjs))`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !existsSync(join(root, "provider", path)) && !existsSync(join(root, path)))).toEqual(
    [],
  );
});

test.each([
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/edges-by-name.md",
  "docs/resources/connection_assignment.md",
  "docs/resources/workspace_binding.md",
  "examples/cdktf/README.md",
  "examples/pulumi-plugin/README.md",
])("%s links to what is there", (name) => {
  const targets = [...text(name).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
  expect(targets.filter((path) => !existsSync(join(root, name, "..", path)))).toEqual([]);
});
