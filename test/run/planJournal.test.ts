import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { forget, PlanJournal, PlansOfChanges, readNote, recall, writeNote } from "../../provider/run/planJournal";
import { RunState } from "../../provider/run/runState";

/** The file of a plan, in the folder that all plans of this user share. */
const fileOf = ({ id }: PlanJournal) =>
  join(tmpdir(), `meshery-iac-plans-${process.getuid?.() ?? userInfo().username}`, id);

const begun: PlanJournal[] = [];
function journal(): PlanJournal {
  const made = new PlanJournal();
  begun.push(made);
  return made;
}
afterEach(() => forget(begun.splice(0).map(({ id }) => id)));

/** What a run does about these edges after it was told of plans. */
const told = (run: RunState, ...edges: string[]) =>
  edges.map((id) => (run.isApplied("Edge", id) ? "kept" : run.isProtected("Edge", id) ? "declared" : "nothing"));

describe("the note of a removal", () => {
  test("names the file of the plan that planned it, and the apply reads that one alone", () => {
    const [plan, other] = [journal(), journal()];
    plan.declare("Edge", "a/b");
    other.declare("Edge", "a/c");
    other.delete("Edge", "x/y");
    const note = readNote(writeNote(plan.delete("Environment", "a")));
    plan.declare("Edge", "a/d"); // planned after that
    const run = new RunState();
    expect(note).toEqual({ plan: plan.id });
    expect(recall(note.plan!, run)).toBe(true);
    expect(told(run, "a/b", "a/d", "a/c")).toEqual(["declared", "declared", "nothing"]);
    expect([run.isPendingDeletion("Environment", "a"), run.isPendingDeletion("Edge", "x/y")]).toEqual([true, false]);
  });

  test("says whether the edge is declared elsewhere, and whether it is kept there", () => {
    const plan = journal();
    for (const edge of ["declared", "kept", "replaced"]) plan.declare("Edge", edge);
    for (const edge of ["kept", "replaced"]) plan.keep("Edge", edge);
    plan.replace("Edge", "replaced");
    const notes = ["declared", "kept", "replaced", "other"].map((edge) => plan.delete("Edge", edge));
    expect(notes.map(({ declared, kept }) => [declared, kept])).toEqual([
      [true, false],
      [true, true],
      [true, false],
      [undefined, undefined],
    ]);
    const run = new RunState();
    recall(plan.id, run);
    expect(told(run, "declared", "kept", "replaced", "other")).toEqual(["declared", "kept", "nothing", "nothing"]);
  });

  test("of what is released marks nothing for deletion", () => {
    const plan = journal();
    const { plan: id } = plan.release("Environment", "a");
    const run = new RunState();
    recall(id!, run);
    expect(run.isPendingDeletion("Environment", "a")).toBe(false);
  });

  test("says so where its file is not there", () => {
    const plan = journal();
    plan.delete("Environment", "a");
    forget([plan.id]);
    expect(recall(plan.id, new RunState())).toBe(false);
  });
});

test("a plan that is applied writes no file of its own, and its notes name none", () => {
  const plan = journal();
  plan.create();
  expect(existsSync(fileOf(plan))).toBe(true);
  plan.discard();
  expect(plan.delete("Environment", "a")).toEqual({ plan: undefined });
  expect(existsSync(fileOf(plan))).toBe(false);
  const run = new RunState();
  plan.recall(run);
  expect(run.isPendingDeletion("Environment", "a")).toBe(true);
});

describe("the plans of a change in place", () => {
  // Other plans lie in the same folder: nobody else has these.
  let [edge, environment] = ["", ""];
  beforeEach(() => {
    [edge, environment] = [`${randomUUID()}/b`, randomUUID()];
  });

  /** A plan that moves the edge, and says more. */
  function moving(say: (plan: PlanJournal) => void) {
    const plan = journal();
    const { change } = plan.move("Edge", edge);
    say(plan);
    return change!;
  }

  test("are believed as far as all of them agree, and every replacement is", () => {
    const change = moving((plan) => {
      for (const id of ["both", "one", "replaced", "kept"]) plan.declare("Edge", id);
      plan.keep("Edge", "kept");
    });
    moving((plan) => {
      for (const id of ["both", "replaced", "kept"]) plan.declare("Edge", id);
      plan.keep("Edge", "kept");
      plan.replace("Edge", "replaced");
    });
    journal().delete("Edge", "both"); // planned something else
    const run = new RunState();
    expect(new PlansOfChanges().recall(change, run)).toHaveLength(2);
    expect(told(run, "both", "one", "replaced")).toEqual(["declared", "nothing", "nothing"]);
    expect(told(run, "kept")).toEqual(["declared"]);
    expect(run.isPendingDeletion("Edge", edge)).toBe(true);
    expect(run.isPendingDeletion("Edge", "both")).toBe(false);
  });

  test("become fewer with every change that is applied", () => {
    const first = moving((plan) => plan.rename("Environment", environment, "renamed"));
    moving((plan) => plan.declare("Edge", "other"));
    const second = journal().rename("Environment", environment, "renamed").change!;
    const [plans, run] = [new PlansOfChanges(), new RunState()];
    expect(plans.recall(first, run)).toHaveLength(2);
    expect(run.nameAfterRun("Environment", environment, "before")).toBe("before");
    expect(plans.recall(second, run)).toHaveLength(1);
    expect(run.nameAfterRun("Environment", environment, "before")).toBe("renamed");
  });

  test("may not have known the name yet", () => {
    const change = journal().rename("Environment", environment, "renamed").change!;
    forget(begun.map(({ id }) => id));
    journal().rename("Environment", environment, undefined);
    const run = new RunState();
    expect(new PlansOfChanges().recall(change, run)).toHaveLength(1);
    expect(run.nameAfterRun("Environment", environment, "before")).toBe("before");
  });
});

test("what cannot be read says nothing", () => {
  for (const bytes of [undefined, null, "", "{", "null", '{"plan":"../etc/passwd"}', '{"declared":"yes"}'])
    expect(readNote(typeof bytes === "string" ? Buffer.from(bytes) : bytes)).toEqual({});
  const plan = journal();
  plan.declare("Edge", "a/b");
  plan.create();
  const lines = ["{", '{"action":"eaten","type":"Edge","id":"a/c"}', '{"type":"Edge","edge":"a/c"}'];
  appendFileSync(fileOf(plan), `${lines.join("\n")}\n`);
  const run = new RunState();
  expect(recall(plan.id, run)).toBe(true);
  expect(told(run, "a/b", "a/c")).toEqual(["declared", "nothing"]);
});
