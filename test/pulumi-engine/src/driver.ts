/**
 * What a test needs of a Pulumi engine, so that one scenario can be played on the in-process test engine
 * (`TestStack`) and on a real `pulumi` command line (`CliStack` in test/support/pulumiCli.ts).
 */
import type { PropertyMap, PropertyValue } from "./values";

export type StepOp =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "refresh"
  | "import"
  | "import-replacement";

/** How one property path differs, in Pulumi's own words (`add-replace`, `update`, ...). */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface StepReport {
  /** For a refresh: what it came to (`same`, `update` or `delete`). */
  op: StepOp;
  urn: string;
  /** Keys that differ, as the provider named them. */
  diffs?: string[];
  /** Keys that force the replacement. */
  replaceKeys?: string[];
  detailedDiff?: Record<string, DiffKind>;
  /** The step was begun and failed, altogether or in part. The command line does not tell in a preview. */
  failed?: true;
}

export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

export interface Message {
  severity: Severity;
  text: string;
  urn?: string;
}

/** One request the engine sent to a provider process. */
export interface ProviderCall {
  method: string;
  /** Counts the processes of the run from 0; the command line does not tell. */
  process?: number;
  urn?: string;
  /** The token of an Invoke. */
  token?: string;
  preview?: boolean;
}

export interface RunResult {
  ok: boolean;
  /** The error messages of the run, one per line; absent when it succeeded. */
  error?: string;
  steps: StepReport[];
  messages: Message[];
  /** In the order they were sent. */
  calls: ProviderCall[];
  /** Stack outputs after the run; secrets show as `[secret]`, unknowns as `[unknown]`. */
  outputs: Record<string, PropertyValue>;
  /** The preview that ran first, unless it was skipped. When it failed, nothing else ran. */
  preview?: RunResult;
}

export interface RunOptions {
  /** Run without the preview that normally comes first. */
  skipPreview?: boolean;
}

export interface UpOptions extends RunOptions {
  /** URNs to replace whatever Diff says (`--replace`). */
  replace?: string[];
  /** Refresh first (`--refresh`). */
  refresh?: boolean;
  /** Go on after a failed step with what does not depend on it (`--continue-on-error`). */
  continueOnError?: boolean;
}

export interface DestroyOptions extends RunOptions {
  /** Run the program, which brings the configuration of now (`--run-program`). */
  runProgram?: boolean;
}

export type RefreshOptions = DestroyOptions;

export interface ImportRequest {
  type: string;
  name: string;
  id: string;
  /** URN of an explicit provider in the state; without it, the default provider. */
  provider?: string;
  parent?: string;
  /** The command line protects what it imports unless told otherwise. Default: false. */
  protect?: boolean;
}

/** One record of the state, in the words of Pulumi's deployment format. */
export interface ResourceRecord {
  urn: string;
  type: string;
  custom: boolean;
  id?: string | undefined;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string | undefined;
  provider?: string | undefined;
  dependencies?: string[] | undefined;
  propertyDependencies?: Record<string, string[]> | undefined;
  aliases?: string[] | undefined;
  protect?: boolean | undefined;
  retainOnDelete?: boolean | undefined;
  external?: boolean | undefined;
  delete?: boolean | undefined;
  pendingReplacement?: boolean | undefined;
  initErrors?: string[] | undefined;
  additionalSecretOutputs?: string[] | undefined;
  importID?: string | undefined;
  deletedWith?: string | undefined;
  ignoreChanges?: string[] | undefined;
  replaceOnChanges?: string[] | undefined;
  created?: string | undefined;
  modified?: string | undefined;
}

/** Pulumi's deployment format, version 3, as `pulumi stack export` prints it. */
export interface DeploymentExport {
  version: number;
  deployment: {
    manifest: Record<string, PropertyValue>;
    resources?: ResourceRecord[];
    pending_operations?: { resource: ResourceRecord; type: string }[];
  };
}

export interface StackDriver {
  /** "test engine" or the version of the command line; for test titles. */
  readonly engine: string;
  readonly project: string;
  readonly stack: string;
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  preview(options?: UpOptions): Promise<RunResult>;
  up(options?: UpOptions): Promise<RunResult>;
  refresh(options?: RefreshOptions): Promise<RunResult>;
  destroy(options?: DestroyOptions): Promise<RunResult>;
  import(request: ImportRequest): Promise<RunResult>;
  /** The state as JSON text. Secrets are not in it: the test engine writes `[secret]`, the command line a ciphertext. */
  exportText(): Promise<string>;
  /** The records of the state, in order. A secret value shows as `[secret]`. */
  resources(): Promise<ResourceRecord[]>;
  dispose(): Promise<void>;
}

/** Steps that change something: what a user would read as "changes". */
export function changes(result: RunResult): StepReport[] {
  return result.steps.filter((step) => step.op !== "same" && step.op !== "read" && step.op !== "refresh");
}

/** `op name` of every step, sorted: for comparing runs whose steps may overlap. */
export function summary(steps: StepReport[]): string[] {
  return steps.map((step) => `${step.op} ${step.urn.slice(step.urn.lastIndexOf("::") + 2)}`).sort();
}
