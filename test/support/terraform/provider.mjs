// Builds the provider that engine tests run: the one that ships, with every answer checked against the engines' own rules
// (checkedHandlers.ts). Prints its folder. Built once for each state of the sources, so that no test runs a stale one.
// An argument names a module whose resources stand in the place of those that ship.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const builds = join(root, ".cache", "terraform-provider");
const SOURCES = ["provider", "scripts/build", "test/support/terraform", "package.json", "package-lock.json"];
const KEPT_FOR = 24 * 60 * 60 * 1000; // milliseconds; another run may be using an older one

const [toys] = process.argv.slice(2);
const target = join(builds, fingerprint());
if (!existsSync(target)) await build();
process.stdout.write(target);

async function build() {
  mkdirSync(builds, { recursive: true });
  for (const name of readdirSync(builds))
    if (Date.now() - statSync(join(builds, name)).mtimeMs > KEPT_FOR)
      rmSync(join(builds, name), { recursive: true, force: true });
  const work = mkdtempSync(join(builds, ".new-"));
  const scratch = join(work, ".build");
  mkdirSync(scratch);
  const { bundleProvider } = await import("../../../scripts/build/terraform.mjs");
  await bundleProvider({
    target: work,
    work: scratch,
    handlers: "test/support/terraform/checkedHandlers.ts",
    plugins: toys ? [inPlaceOfResources(toys)] : [],
  });
  rmSync(scratch, { recursive: true });
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${join(target, "provider.cjs")}" "$@"\n`;
  writeFileSync(join(work, "terraform-provider-meshery"), launcher, { mode: 0o755 });
  try {
    renameSync(work, target);
  } catch (error) {
    // Another worker was faster, with the same sources.
    rmSync(work, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

function inPlaceOfResources(path) {
  return {
    name: "toys",
    setup: ({ onResolve }) => onResolve({ filter: /\/resources$/ }, () => ({ path })),
  };
}

function fingerprint() {
  const hash = createHash("sha256");
  if (toys) hash.update(readFileSync(toys));
  const add = (path) => {
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) if (name !== "generated") add(`${path}/${name}`);
    } else hash.update(path).update(readFileSync(join(root, path)));
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex").slice(0, 32);
}
