// THIRD-PARTY-NOTICES: which packages are in the bundles, and under which terms. What counts is what the bundler says it read.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { METAFILES, root } from "./bundle.mjs";

export const NOTICES = "THIRD-PARTY-NOTICES";
const TERMS = /^(licen[cs]e|notice|copying|copyright)/i;

/** Writes the notices of everything in dist/. */
export function writeNotices() {
  writeFileSync(
    join(root, NOTICES),
    noticesText(() => true),
  );
}

/** The notices of the bundles whose path below dist/ is asked for. */
export function noticesText(which) {
  const packages = new Map();
  for (const { bundle, inputs } of bundles()) {
    if (!which(bundle)) continue;
    for (const folder of inputs.map(packageFolder).filter(Boolean)) {
      const { name, version } = manifest(folder);
      packages.set(`${name} ${version}`, folder);
    }
  }
  const entries = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, folder]) => ({ title, folder }));
  const line = "-".repeat(79);
  return `${[INTRODUCTION, ...sharedTerms(entries)].join(`\n\n${line}\n\n`)}\n`;
}

const INTRODUCTION = `meshery-iac is licensed under the Apache License 2.0, see LICENSE. Its bundles contain code of the
packages below, each under its own terms.`;

function bundles() {
  return readdirSync(METAFILES).map((file) => ({
    bundle: file.slice(0, -".json".length).replaceAll("+", "/"),
    inputs: Object.keys(JSON.parse(readFileSync(join(METAFILES, file), "utf8")).inputs),
  }));
}

/** The folder of the package that a file belongs to; undefined for files of this repository. */
function packageFolder(file) {
  if (!file.includes("node_modules/")) return undefined;
  for (let folder = dirname(join(root, file)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && manifest(folder).version !== undefined) return folder;
  }
}

const manifest = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** One part for each text, since many packages have the same one. */
function sharedTerms(entries) {
  const titles = new Map();
  for (const { title, folder } of entries) {
    const text = terms(title, folder);
    titles.set(text, [...(titles.get(text) ?? []), `${title}, ${manifest(folder).license}`]);
  }
  return [...titles].map(([text, names]) => `${names.join("\n")}\n\n${text}`);
}

function terms(title, folder) {
  const read = (name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
  const files = readdirSync(folder).filter((name) => TERMS.test(name));
  // Some say their terms in the last part of the read-me alone.
  const readme = readdirSync(folder).find((name) => /^readme/i.test(name));
  const [, inReadme] =
    /^#* *licen[cs]e\b.*\n(?:[-=]+\n)?([\s\S]*copyright[\s\S]*)/im.exec(readme ? read(readme) : "") ?? [];
  const texts = files.length > 0 ? files.sort().map(read) : [inReadme];
  if (texts.some((text) => text === undefined))
    throw new Error(`${title} is in a bundle and comes without the text of its licence`);
  return texts.map((text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").trim()).join("\n\n");
}
