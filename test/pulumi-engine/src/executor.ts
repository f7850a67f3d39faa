/** Applies steps, several chains at a time, and enters each result in the state as soon as it is there. */
import type { ServiceError } from "@grpc/grpc-js";
import type { DiffResult } from "./answers";
import { Gate } from "./deferred";
import type { Diagnostics } from "./diagnostics";
import type { StepOp, StepReport } from "./driver";
import type { PendingOperation, Snapshot } from "./state";
import { markSecrets, ProtectedError, type Step } from "./steps";
import { isProviderType, parseUrn } from "./urn";

/** Where a run is to be cut off, as if the engine had been killed. Only steps that change an object are counted. */
export type CrashPoint =
  /** After so many steps were applied and recorded. */
  | { afterSteps: number }
  /** After so many steps were applied, of which the last was not recorded. */
  | { unrecorded: number }
  /** When everything was created and updated, before anything is deleted. */
  | { beforeDeletes: true };

export interface ExecutorSettings {
  parallel: number;
  snapshot: Snapshot;
  diagnostics: Diagnostics;
  crash?: CrashPoint | undefined;
  /** Whether a step that failed leaves the run to go on. */
  continueOnError?: boolean | undefined;
  /** Something failed: nothing new may begin. */
  onStop(): void;
  /** The crash point was reached. */
  onCrash(): void;
}

const OPERATIONS: Partial<Record<StepOp, PendingOperation["type"]>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  read: "reading",
  import: "importing",
};

export class StepExecutor {
  readonly reports: StepReport[] = [];
  failed = false;
  crashed = false;
  /** Nothing new may begin. */
  stopped = false;
  private applied = 0;
  private readonly gate: Gate;

  constructor(private readonly settings: ExecutorSettings) {
    this.gate = new Gate(settings.parallel);
  }

  /**
   * One step after the other; the rest is dropped when one fails or the run is stopped. Never throws.
   *
   * @returns whether all were applied.
   */
  chain(steps: Step[]): Promise<boolean> {
    return this.gate.run(async () => {
      for (const step of steps) if (this.stopped || !(await this.apply(step))) return false;
      return true;
    });
  }

  /** Tells an error that belongs to no step. */
  fail(error: unknown, urn?: string): void {
    if (!this.crashed) this.settings.diagnostics.error(errorText(error), urn);
    this.stop();
  }

  /** The error has been told: only stop. */
  stop(): void {
    this.failed = true;
    this.stopped = true;
    this.settings.onStop();
  }

  crash(): void {
    this.crashed = true;
    this.stop();
    this.settings.onCrash();
  }

  private async apply(step: Step): Promise<boolean> {
    const { snapshot, diagnostics, crash } = this.settings;
    const report = this.report(step);
    const counts = isChange(step);
    const pending = pendingOperation(step);
    if (pending) snapshot.pending.add(pending);
    let reasons: string[] | undefined;
    try {
      reasons = await step.apply();
    } catch (error) {
      if (this.crashed) return false;
      if (pending) snapshot.pending.delete(pending);
      report.failed = true;
      diagnostics.error(errorText(error), step.urn);
      this.failed = true;
      if (!(error instanceof ProtectedError) && !this.settings.continueOnError) this.stop();
      return false;
    }
    if (counts && !this.crashed) this.applied += 1;
    if (counts && crash && "unrecorded" in crash && this.applied === crash.unrecorded) this.crash();
    if (this.crashed) return false;
    if (pending) snapshot.pending.delete(pending);
    if (step.outcome) Object.assign(report, describe(step.outcome()));
    if (step.next && step.op !== "replace") markSecrets(step.next);
    step.record(snapshot);
    if (reasons) {
      report.failed = true;
      diagnostics.error(reasons.join("\n"), step.urn);
      this.stop();
    } else step.complete?.();
    if (counts && crash && "afterSteps" in crash && this.applied === crash.afterSteps) this.crash();
    return !reasons && !this.crashed;
  }

  private report(step: Step): StepReport {
    const report: StepReport = { urn: step.urn, ...describe(step) };
    if (!isDefaultProvider(step.urn)) this.reports.push(report);
    return report;
  }
}

/** What is told of a step: its kind, and the difference it is for. */
export function describe({ op, diff }: { op: StepOp; diff?: DiffResult | undefined }): Omit<StepReport, "urn"> {
  return {
    op,
    ...(diff && diff.diffs.length > 0 && { diffs: diff.diffs }),
    ...(diff && diff.replaceKeys.length > 0 && { replaceKeys: diff.replaceKeys }),
    ...(diff?.detailedDiff && Object.keys(diff.detailedDiff).length > 0 && { detailedDiff: diff.detailedDiff }),
  };
}

/** Default providers are the engine's own affair and are shown to nobody. */
export function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return isProviderType(type) && name.startsWith("default");
}

function isChange({ op, next, old }: Step): boolean {
  const state = next ?? old;
  return OPERATIONS[op] !== undefined && op !== "read" && !!state?.custom && !isProviderType(state.type);
}

function pendingOperation(step: Step): PendingOperation | undefined {
  const type = OPERATIONS[step.op];
  const resource = step.next ?? step.old;
  if (!type || !resource?.custom || isProviderType(resource.type)) return undefined;
  return { type, resource };
}

/** The message a user reads: of a gRPC error, what the other side said. */
export function errorText(error: unknown): string {
  const details = (error as Partial<ServiceError>).details;
  if (details) return details;
  return error instanceof Error ? error.message : String(error);
}
