import { forget, type Note, PlanJournal, PlansOfChanges, recall } from "../../run/planJournal";
import type { RunState } from "../../run/runState";
import { PlanConflicts } from "./planConflicts";

/** What this process knows of plans: of its own, and of those whose changes it applies. New at every configure. */
export class PlanRecords {
  readonly journal = new PlanJournal();
  readonly conflicts = new PlanConflicts();
  private readonly plansOfChanges = new PlansOfChanges();
  private readonly recalled = new Set<string>();
  /** Plans that cannot be applied once more. */
  private readonly outdated = new Set<string>();
  private isLost = false;

  /** Whether the record of a plan that is applied is not on this machine. */
  get lost(): boolean {
    return this.isLost;
  }

  /** Gives the run's state what the plan of a change says, before that change of what has this id; undefined for what is new. */
  recall(note: Note, type: string, id: string | undefined, run: RunState): void {
    // Where a removal's own plan was found, it says more than others could.
    if (note.change && (this.recalled.size === 0 || this.lost))
      for (const plan of this.plansOfChanges.recall(note.change, run)) this.outdated.add(plan);
    if (note.plan !== undefined) this.recallPlan(note.plan, run);
    if (note.declared && id !== undefined && (this.lost || note.plan === undefined)) {
      if (note.kept) run.markApplied(type, id);
      else run.declare(type, id);
    }
  }

  private recallPlan(plan: string, run: RunState): void {
    if (plan === this.journal.id) {
      this.journal.recall(run);
    } else if (!this.recalled.has(plan)) {
      this.recalled.add(plan);
      if (recall(plan, run)) this.outdated.add(plan);
      else this.isLost = true;
    }
  }

  /** Takes the files of applied plans away. */
  close(): void {
    forget(this.outdated);
  }
}
