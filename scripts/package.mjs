// Says what is wrong with the package as it would be published: what its manifest promises and does not keep, and how the types
// of each of its doors are found by every way in which TypeScript looks for them.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./build/bundle.mjs";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const cache = join(root, ".cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "package-"));
try {
  const tarball = pack(work);
  const problems = [...(await ofTheManifest(tarball)), ...(await ofTheTypes(tarball))];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What is built is packed as it is: whoever runs this has built it. */
function pack(folder) {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const options = { cwd: root, shell: process.platform === "win32" };
  const name = execFileSync(process.platform === "win32" ? "npm.cmd" : "npm", args, options)
    .toString()
    .trim();
  const file = readFileSync(join(folder, name));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

async function ofTheManifest(tarball) {
  const { messages } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `package.json: ${formatMessage(message, manifest, { color: false })}`);
}

async function ofTheTypes(tarball) {
  const excludeEntrypoints = [/\.json$/];
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), { excludeEntrypoints });
  if (result.types === false) return ["the package has no types"];
  return result.problems.map((problem) => {
    const where = ["entrypoint", "resolutionKind", "fileName", "typesFileName"]
      .filter((key) => key in problem)
      .map((key) => problem[key]);
    return `types: ${problemKindInfo[problem.kind].description} ${where.join(", ")}`;
  });
}
