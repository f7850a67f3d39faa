import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, findEngines } from "../support/engines";
import { foreignWorld, MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";
import { CANARY } from "./checks";
import { EngineRunner } from "./engineRunner";
import { LifecyclePlayer } from "./lifecyclePlayer";
import { interrupted, type Lifecycle, lifecycle, SIZE } from "./lifecycles";
import { FaultyProxy } from "./proxy";
import type { Tally } from "./tally";

/** Why a lifecycle failed; its message says how to repeat it, and where its trace is. */
export class LifecycleFailed extends Error {
  constructor(
    message: string,
    readonly tally: Tally,
  ) {
    super(message);
  }
}

/** Which lifecycle a seed stands for. */
export interface Kind {
  of(seed: number): Lifecycle;
  /** Argument of `npm run fuzz`. */
  flag: string;
}
export const LIFECYCLES: Kind = { of: lifecycle, flag: "" };
export const INTERRUPTS: Kind = { of: interrupted, flag: " --interrupts" };

/** Plays the lifecycle of a seed under a real engine. Throws `LifecycleFailed`. */
export async function play(seed: number, { of, flag }: Kind = LIFECYCLES, chosen?: Engine["name"]): Promise<Tally> {
  const life = { ...of(seed), ...(chosen ? { engine: chosen } : {}) };
  const engine = findEngines().find(({ name }) => name === life.engine) ?? findEngines()[0];
  if (!engine) throw new Error("neither terraform nor tofu is there");
  const folder = mkdtempSync(join(tmpdir(), `meshery-faults-${seed}-`));
  const server = await MesheryServer.start({
    era: life.era,
    quirks: life.quirks,
    token: CANARY,
    world: foreignWorld(SIZE),
  });
  const proxy = await FaultyProxy.start(server.url);
  const temporary = mkdtempSync(join(folder, "tmp-"));
  const signIn: Record<string, string> = life.local ? { MESHERY_TOKEN: "", MESHERY_PROVIDER: "Local" } : {};
  const dir = workdir(server, {}, { MESHERY_URL: proxy.url, TMPDIR: temporary, ...signIn }, folder);
  const runner = new EngineRunner({ life, engine, server, proxy, dir });
  try {
    await new LifecyclePlayer(runner).play();
    rmSync(folder, { recursive: true, force: true });
    return runner.tally;
  } catch (error) {
    const trace = join(folder, "trace.txt");
    const why = error instanceof Error ? error.message : String(error);
    runner.note(`FAILED ${why}`);
    writeFileSync(trace, `${runner.trace.join("\n")}\n`);
    throw new LifecycleFailed(
      `seed ${seed} (${engine.name}, ${life.era}): ${why}\n  again: npm run fuzz -- --from ${seed} --seeds 1${flag}${chosen ? ` --engine ${chosen}` : ""}\n  trace: ${trace}`,
      runner.tally,
    );
  } finally {
    await proxy.close();
    await server.close();
  }
}
