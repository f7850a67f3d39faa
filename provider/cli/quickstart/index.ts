import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findEngine, type QuickstartEngine } from "./engine";
import type { QuickstartMeshery } from "./meshery";
import { startMeshery } from "./meshery";
import type { QuickstartProgram } from "./program";
import { Steps } from "./steps";

const HELP = `Usage: meshery-iac quickstart [options]

Shows it at work, on an embedded Meshery, in less than a minute: plan, apply, change, destroy.

  --engine ENGINE  pulumi, terraform or tofu (default: the first that is found)
  --keep           leave the working folder where it is
  -h, --help       print this
`;

/**
 * Starts an embedded Meshery with connections and workspaces only, applies the environment-per-stage program, shows what came
 * of it, changes one line, applies that, shows that nothing is left to do, and destroys. 0 only if each step did what it says.
 */
export async function quickstart(argv: string[]): Promise<number> {
  let values: ReturnType<typeof parsed>;
  try {
    values = parsed(argv);
  } catch (error) {
    // Node explains at length how to pass an argument that begins with a dash; the first sentence is enough.
    console.error(`meshery-iac quickstart: ${(error as Error).message.split(". ")[0]}; see --help`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const engine = await findEngine(values.engine);
  if (typeof engine === "string") {
    console.error(engine);
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "meshery-iac-quickstart-"));
  const steps = new Steps(9);
  try {
    await run(engine, folder, steps);
    steps.end("Everything did what it says. Next: the README's table shows the way in for the engine you use.");
    return 0;
  } catch (error) {
    steps.fail(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    if (values.keep) console.log(`The working folder is ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

const parsed = (argv: string[]) =>
  parseArgs({
    args: argv,
    options: {
      engine: { type: "string" },
      keep: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;

/** Each engine's program is loaded when it is chosen. */
async function prepare(
  engine: QuickstartEngine,
  folder: string,
  meshery: QuickstartMeshery,
): Promise<QuickstartProgram> {
  return engine.name === "pulumi"
    ? (await import("./pulumiProgram")).pulumiProgram(engine, folder, meshery)
    : (await import("./terraformProgram")).terraformProgram(engine, folder, meshery);
}

async function run(engine: QuickstartEngine, folder: string, steps: Steps): Promise<void> {
  steps.begin("Start an embedded Meshery with connections and workspaces, but no environment");
  const meshery = await startMeshery();
  try {
    const before = await meshery.snapshot();
    steps.done(`${meshery.url}: ${before.connections} connections, ${before.workspaces} workspaces`);

    steps.begin(`Let ${engine.name} ${engine.version} find the provider, and write the program`);
    const program = await prepare(engine, folder, meshery);
    steps.done(program.what);

    steps.begin("Plan");
    const first = await program.plan();
    steps.require(first.changes.length > 0, "the plan is empty, although nothing was applied yet");
    steps.done(first.text);

    steps.begin("Apply");
    await program.apply();
    steps.done();
    steps.show(await meshery.tree());

    steps.begin("Change one line of the program");
    steps.show(program.edit());
    const second = await program.plan();
    steps.require(
      second.changes.length === 1,
      `one line should make one change, the plan has ${second.changes.length}:\n${second.text}`,
    );
    steps.done(second.text);

    steps.begin("Apply the change");
    await program.apply();
    steps.done();
    steps.show(await meshery.tree());

    steps.begin("Plan once more");
    const third = await program.plan();
    steps.require(third.changes.length === 0, `nothing should be left to do, the plan has:\n${third.text}`);
    steps.done("No changes: the program and Meshery say the same");

    steps.begin("Destroy what the program made");
    await program.destroy();
    const after = await meshery.snapshot();
    steps.require(JSON.stringify(after) === JSON.stringify(before), "something was left behind or taken away");
    steps.done("Meshery is as it was: connections and workspaces untouched");

    steps.begin("Stop the embedded Meshery");
  } finally {
    await meshery.stop();
  }
  steps.done();
}
