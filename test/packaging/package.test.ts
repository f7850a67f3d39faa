import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../support/terraform";

interface Packed {
  size: number;
  files: { path: string }[];
}

/** What `npm pack` would pack, and what it ran before. */
function pack(): { packed: Packed; ran: string } {
  const { stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--foreground-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  return { packed: JSON.parse(stdout.slice(stdout.search(/^\[$/m)))[0], ran: stderr };
}

const { packed, ran } = pack();
const paths = packed.files.map(({ path }) => path);

/** What the bundler wrote down of each bundle: path below dist/ to the files that went into it. */
const folder = join(root, "dist", ".metafiles");
const bundles = new Map(
  readdirSync(folder).map((file) => [
    `dist/${file.replace(/\.json$/, "").replaceAll("+", "/")}`,
    Object.keys((JSON.parse(readFileSync(join(folder, file), "utf8")) as { inputs: object }).inputs),
  ]),
);

/** Folders of the npm packages that are in any bundle. */
function bundled(): string[] {
  const folders = new Set<string>();
  for (const input of [...bundles.values()].flat()) {
    if (!input.includes("node_modules/")) continue;
    let at = dirname(join(root, input));
    while (!existsSync(join(at, "package.json")) || manifest(at).version === undefined) at = dirname(at);
    folders.add(at);
  }
  return [...folders];
}
const manifest = (at: string): { name: string; version?: string; license: string } =>
  JSON.parse(readFileSync(join(at, "package.json"), "utf8"));

const notices = () => readFileSync(join(root, "THIRD-PARTY-NOTICES"), "utf8");
const condensed = (text: string) => text.replace(/\s+/g, " ").trim();

test("is built before it is packed", () => {
  expect(ran).toContain("prepack\n> node scripts/prepare.mjs");
  expect(paths).toEqual(expect.arrayContaining(["dist/cli.cjs", "dist/terraform/provider.cjs", "schema.json"]));
});

test("stays small, and takes nothing along that only its making needs", () => {
  expect(packed.size).toBeLessThan(1_200_000);
  expect(paths.filter((path) => /(^|\/)(\.|node_modules|cdktf\.out)/.test(path))).toEqual([]);
});

test("knows of each program in it what went into it", () => {
  const generated = /^dist\/(cdktf|cdktn|examples)\/|^dist\/dynamic\/index\.js$|^dist\/pulumi-plugin\/nodejs\//;
  const programs = paths.filter((path) => /^dist\/.*\.[cm]?js$/.test(path));
  const own = programs.filter((path) => !generated.test(path));
  expect(own.sort()).toEqual([...bundles.keys()].sort());
});

test("generated constructs name no packages but those that users install", () => {
  const constructs = paths.filter((path) => /^dist\/cdkt[fn]\/.*\.js$/.test(path));
  const named = constructs.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/require\("([^."][^"]*)"\)/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].sort()).toEqual(["cdktf", "cdktn", "constructs", "node:fs", "node:path"]);
});

test("THIRD-PARTY-NOTICES lists the packages in the bundles, and no others", () => {
  const wanted = bundled().map((at) => `${manifest(at).name} ${manifest(at).version}, ${manifest(at).license}`);
  expect(wanted.length).toBeGreaterThan(10);
  const listed = notices()
    .split(`\n${"-".repeat(79)}\n`)
    .slice(1)
    .flatMap((part) => part.trim().split("\n\n")[0]!.split("\n"));
  expect(listed.sort()).toEqual(wanted.sort());
  expect(paths).toContain("THIRD-PARTY-NOTICES");
});

test("THIRD-PARTY-NOTICES holds the terms of each of them, word for word", () => {
  const text = condensed(notices());
  for (const at of bundled()) {
    const files = readdirSync(at).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    for (const name of files) expect(text).toContain(condensed(readFileSync(join(at, name), "utf8")));
    if (files.length === 0)
      expect(text).toMatch(new RegExp(`${manifest(at).name} ${manifest(at).version}, MIT.*?Copyright`));
  }
});

test("the plugin's archive says nothing of when, where and by whom it was built", () => {
  const archive = readFileSync(join(root, "dist", "pulumi-plugin.tar.gz"));
  const [operatingSystem] = archive.subarray(9, 10);
  expect({ stamp: archive.readUInt32LE(4), operatingSystem }).toEqual({ stamp: 0, operatingSystem: 255 });
  const listed = execFileSync("tar", ["tvzf", join(root, "dist", "pulumi-plugin.tar.gz"), "--numeric-owner"], {
    encoding: "utf8",
    env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
  });
  const entries = listed.trim().split("\n");
  const modes = Object.fromEntries(entries.map((line) => [line.split(" ").at(-1), line.split(" ")[0]]));
  expect(modes).toMatchObject({ "pulumi-resource-meshery": "-rwxr-xr-x", "plugin.cjs": "-rw-r--r--" });
  expect(entries.filter((line) => !/ 0\/0 .* 1970-01-01 /.test(line))).toEqual([]);
});

test("the plugin's archive, which travels alone, has the notices of what is in it", () => {
  const own = execFileSync("tar", ["xzOf", join(root, "dist", "pulumi-plugin.tar.gz"), "THIRD-PARTY-NOTICES"], {
    encoding: "utf8",
  });
  expect(own).toMatch(/^google-protobuf 3/m);
  expect(own).not.toMatch(/^protobufjs 8/m);
});
