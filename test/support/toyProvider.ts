import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundles test/terraform/protocol/toy into a folder of its own, as the shipped provider is bundled. */
export function buildToyProvider(): { dir: string; file: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "toy-provider-"));
  const file = join(dir, "dist", "provider.cjs");
  mkdirSync(join(dir, "dist"));
  buildSync({
    entryPoints: [join(__dirname, "..", "terraform", "protocol", "toy", "main.ts")],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  return { dir, file, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Resolves once `holds` does, else rejects after `timeoutMs` with what was waited for. */
export async function eventually(what: string, holds: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
