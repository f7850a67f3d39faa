/**
 * Plays a scenario with toys, on the test engine and, where there is one, on a real Pulumi command line, and holds the
 * two to the same account of it: steps, requests to providers, state, what reached the world.
 */
import { CliStack, findPulumi } from "../../../support/pulumiCli";
import type {
  DestroyOptions,
  ImportRequest,
  RefreshOptions,
  ResourceRecord,
  RunResult,
  StackDriver,
  UpOptions,
} from "../../src/driver";
import { type CrashOptions, TestStack, type TestStackOptions } from "../../src/testStack";
import { type Program, Workshop } from "./workshop";
import { World } from "./world";

export interface Setting {
  /** The first program. */
  source?: string;
  /** The first document of a YAML program; `<url>` in it stands for the world's. */
  yaml?: string;
  /** Without the world's url and token in the stack configuration. */
  bare?: boolean;
  /** What no command line can do is played on the test engine alone. */
  only?: "test engine";
}

/** What a run came to, without what differs from one playing to the next. */
type Account = Record<string, unknown>;

let workshop: Workshop | undefined;

/** Call once per test file. */
export function useWorkshop(): void {
  beforeAll(async () => {
    workshop = await Workshop.open();
  });
  afterAll(() => workshop?.close());
}

/** Declares the tests of one scenario. */
export function scenario(title: string, setting: Setting, act: (play: Play) => Promise<void>): void {
  let account: Account[] | undefined;
  test(title, async () => {
    account = await perform(setting, act, async (options) => new TestStack(options));
  });
  if (setting.only) return;
  const pulumi = findPulumi(setting.yaml ? "yaml" : "nodejs");
  const other = pulumi.available ? test : test.skip;
  const why = pulumi.available ? pulumi.version : `skipped: ${pulumi.reason}`;
  other(`${title} [as pulumi does; ${why}]`, async () => {
    const real = await perform(setting, act, (options) => CliStack.create(options));
    expect(account).toEqual(real);
  });
}

async function perform(
  setting: Setting,
  act: (play: Play) => Promise<void>,
  create: (options: TestStackOptions) => Promise<StackDriver & { setYaml(text: string): void }>,
): Promise<Account[]> {
  if (!workshop) throw new Error("useWorkshop() is missing");
  const world = await World.open();
  const program = workshop.program(setting.source ?? "");
  const stack = await create({
    ...(setting.yaml ? { yaml: setting.yaml.replaceAll("<url>", world.url) } : { programDir: program.folder }),
    ...(!setting.bare && { config: { "toy:url": world.url }, secretConfig: { "toy:token": "token-1" } }),
    plugins: { toy: workshop.plugin },
  });
  try {
    const play = new Play(stack, world, program, setting.yaml !== undefined);
    await act(play);
    return play.accounts;
  } finally {
    await stack.dispose();
    await world.close();
  }
}

/** One playing of a scenario: every run is entered in the account. */
export class Play {
  readonly accounts: Account[] = [];

  constructor(
    readonly stack: StackDriver & { setYaml(text: string): void },
    readonly world: World,
    readonly program: Program,
    private readonly yaml: boolean,
  ) {}

  edit(source: string): void {
    this.program.edit(source);
  }

  editYaml(text: string): void {
    this.stack.setYaml(text.replaceAll("<url>", this.world.url));
  }

  up(options: UpOptions & CrashOptions = { skipPreview: true }): Promise<RunResult> {
    return this.enter("up", this.stack.up(options));
  }

  preview(options: UpOptions = {}): Promise<RunResult> {
    return this.enter("preview", this.stack.preview(options));
  }

  refresh(options: RefreshOptions = { skipPreview: true }): Promise<RunResult> {
    return this.enter("refresh", this.stack.refresh(options));
  }

  destroy(options: DestroyOptions = { skipPreview: true }): Promise<RunResult> {
    return this.enter("destroy", this.stack.destroy(options));
  }

  import(request: ImportRequest): Promise<RunResult> {
    return this.enter("import", this.stack.import(request));
  }

  /** The record of a logical name that is not waiting to be deleted. */
  async record(name: string): Promise<ResourceRecord | undefined> {
    return (await this.stack.resources()).find((record) => nameOf(record.urn) === name && !record.delete);
  }

  urn(type: string, name: string): string {
    return `urn:pulumi:${this.stack.stack}::${this.stack.project}::${type}::${name}`;
  }

  private async enter(command: string, running: Promise<RunResult>): Promise<RunResult> {
    const result = await running;
    const seen = this.world.log.slice(this.seen).sort();
    this.seen = this.world.log.length;
    const state = (await this.stack.resources()).map(plain).sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const account = {
      command,
      ...summarize(result, this.yaml, command === "preview"),
      preview: result.preview && summarize(result.preview, this.yaml, true),
      seen,
      state,
    };
    this.accounts.push(JSON.parse(JSON.stringify(account).replaceAll(this.world.url, "<world>")) as Account);
    return result;
  }

  private seen = 0;
}

function summarize({ ok, steps, calls, outputs }: RunResult, yaml: boolean, preview: boolean): Account {
  const requests: Record<string, string[]> = {};
  for (const { method, urn, token, preview: planned } of calls) {
    const about = urn ?? token ?? "process";
    requests[about] ??= [];
    requests[about].push(planned ? `${method} (preview)` : method);
  }
  // The language host of YAML starts a plugin of its own to ask for the schema.
  if (yaml) delete requests.process;
  else requests.process?.sort();
  const told = steps.map(({ op, urn, diffs, replaceKeys, detailedDiff, failed }) => ({
    step: `${op} ${urn}${failed && !preview ? " FAILED" : ""}`,
    diffs: diffs && [...diffs].sort(),
    replaceKeys: replaceKeys && [...replaceKeys].sort(),
    detailedDiff,
  }));
  told.sort((a, b) => (a.step < b.step ? -1 : 1));
  return { ok, steps: told, requests, outputs };
}

const PROVIDER_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The fields that matter; provider ids are made up anew each time. */
function plain(record: ResourceRecord): ResourceRecord {
  const { urn, custom, type, id, inputs, outputs, parent, provider, protect, retainOnDelete, external } = record;
  const { initErrors, aliases, pendingReplacement, additionalSecretOutputs, importID, deletedWith } = record;
  const dependencies = [...(record.dependencies ?? [])].sort();
  const shown = { urn, custom, type, id, inputs, outputs, parent, provider, protect, retainOnDelete, external };
  const rest = { initErrors, aliases, pendingReplacement, additionalSecretOutputs, importID, deletedWith };
  const all = { ...shown, ...rest, delete: record.delete, dependencies };
  return JSON.parse(JSON.stringify(all).replace(PROVIDER_ID, "<id>")) as ResourceRecord;
}

const order = (record: ResourceRecord): string => `${record.urn} ${record.delete ?? false} ${record.id}`;

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
