// Generates the message codec of the Terraform door from provider/terraform/protocol/tfplugin6.proto.
//
// The result (code and types, about 700 kB) is not committed: it takes two seconds to make, and only when the
// description or the generator changed. The build, the tests and the linter call generateProtocol() first.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "provider", "terraform", "protocol");
const source = join(folder, "tfplugin6.proto");

// A root of its own keeps other generated code in one process apart; 64-bit integers of this protocol are small
// (versions, positions), so plain numbers serve.
const PBJS = ["-t", "static-module", "-w", "commonjs", "--root", "tfplugin6", "--force-number"];
const LEFT_OUT = ["--no-create", "--no-verify", "--no-convert", "--no-delimited", "--no-typeurl", "--no-service"];

/** Writes generated/tfplugin6.js and .d.ts unless they are up to date. Returns whether it wrote. */
export async function generateProtocol(target = join(folder, "generated")) {
  const stamp = join(target, "stamp");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  mkdirSync(target, { recursive: true });
  const work = mkdtempSync(join(target, ".new-"));
  try {
    const documented = join(work, "documented.js");
    const code = join(work, "tfplugin6.js");
    const types = join(work, "tfplugin6.d.ts");
    const pbjs = promisify(require("protobufjs-cli/pbjs").main);
    const pbts = promisify(require("protobufjs-cli/pbts").main);
    // The types are read from the documented form; what is run needs no comments.
    await pbjs([...PBJS, ...LEFT_OUT, "-o", documented, source]);
    await Promise.all([
      pbts(["-o", types, documented]),
      pbjs([...PBJS, ...LEFT_OUT, "--no-comments", "-o", code, source]),
    ]);
    renameSync(code, join(target, "tfplugin6.js"));
    renameSync(types, join(target, "tfplugin6.d.ts"));
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}

function fingerprint() {
  const hash = createHash("sha256").update(require("protobufjs-cli/package.json").version);
  for (const file of [source, fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(
    (await generateProtocol()) ? "Generated the Terraform protocol codec." : "Terraform protocol codec: up to date.",
  );
}
