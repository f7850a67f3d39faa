import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
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

test("a plan that says nothing of a removal or a create writes no file; one that does writes each line once", () => {
  const plan = journal();
  plan.declare("Edge", "a/b");
  expect(existsSync(fileOf(plan))).toBe(false);
  expect(plan.create()).toEqual({ plan: plan.id });
  for (const _ of [1, 2]) plan.declare("Edge", "a/c");
  plan.declare("Edge", "a/b");
  plan.delete("Edge", "a/b");
  expect(readFileSync(fileOf(plan), "utf8").split("\n")).toEqual([
    '{"action":"declared","type":"Edge","id":"a/b"}',
    '{"action":"declared","type":"Edge","id":"a/c"}',
    "",
  ]);
  expect([statSync(dirname(fileOf(plan))).mode & 0o777, statSync(fileOf(plan)).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("an apply that plans once more leaves no file, whatever it plans", () => {
  const plan = journal();
  plan.discard();
  plan.discard();
  expect([plan.create(), plan.release("Thing", "a"), plan.move("Edge", "a/b")]).toEqual([
    { plan: undefined },
    { plan: undefined },
    { change: { action: "moved", type: "Edge", id: "a/b" } },
  ]);
  expect(existsSync(fileOf(plan))).toBe(false);
  const run = new RunState();
  plan.recall(run);
  expect([run.isPendingDeletion("Edge", "a/b"), run.isPendingDeletion("Thing", "a")]).toEqual([true, false]);
});

test("what is replaced is removed although it is declared and kept, and what is moved or renamed is told", () => {
  const plan = journal();
  plan.declare("Edge", "a/b");
  plan.keep("Edge", "a/b");
  plan.replace("Edge", "a/b");
  plan.delete("Edge", "a/c");
  plan.replace("Edge", "a/c");
  plan.rename("Thing", "1", "named");
  plan.rename("Thing", "2", undefined);
  plan.declare("Other", "a/b");
  plan.create();
  const run = new RunState();
  expect(recall(plan.id, run)).toBe(true);
  expect(told(run, "a/b", "a/c")).toEqual(["nothing", "nothing"]);
  expect([run.isPendingDeletion("Edge", "a/c"), run.isProtected("Other", "a/b")]).toEqual([true, true]);
  expect(["1", "2"].map((id) => run.nameAfterRun("Thing", id, "old"))).toEqual(["named", "old"]);
});

test("a note comes back as it was written", () => {
  const line = fc.record(
    {
      action: fc.constantFrom("declared", "kept", "replaced", "deleted", "moved", "renamed"),
      type: fc.string(),
      id: fc.string({ unit: "grapheme" }),
      name: fc.string(),
    },
    { requiredKeys: ["action", "type", "id"] },
  );
  const all = { change: line, declared: fc.boolean(), kept: fc.boolean(), released: fc.boolean() };
  const note = fc.record({ plan: fc.uuid(), replaces: fc.string(), ...all }, { requiredKeys: [] });
  fc.assert(
    fc.property(note, (written) => {
      expect(readNote(writeNote(written))).toEqual(written);
    }),
  );
});
