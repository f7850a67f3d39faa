import fc from "fast-check";
import type { Context } from "../../provider/framework";
import { identityKey, type Peers, RunState } from "../../provider/run/runState";

const context = {} as Context;

describe("what has an id is not removed by an older record", () => {
  test("once it was applied, or where it is declared and could be made", () => {
    const run = new RunState();
    expect(run.isProtected("Edge", "a")).toBe(false);
    run.declare("Edge", "a");
    expect([run.isProtected("Edge", "a"), run.isProtected("Edge", "b"), run.isProtected("Other", "a")]).toEqual([
      true,
      false,
      false,
    ]);
    run.declareFailed("Edge", "a");
    expect(run.isProtected("Edge", "a")).toBe(false);
    run.markApplied("Edge", "a");
    expect(run.isProtected("Edge", "a")).toBe(true);
    run.markApplied("Edge", "b");
    expect(run.isProtected("Edge", "b")).toBe(true);
  });

  test("where another process of the run keeps it, and the others hear of what this one keeps", () => {
    const announced: string[] = [];
    const peers: Peers = {
      announce: (type, key) => announced.push(`${type} ${key}`),
      isAnnounced: (type, key) => type === "Edge" && key === "theirs",
    };
    const run = new RunState(peers);
    expect([run.isProtected("Edge", "theirs"), run.isProtected("Edge", "ours")]).toEqual([true, false]);
    run.markApplied("Edge", "ours");
    expect(announced).toEqual(["Edge ours"]);
  });
});

test("an object is the program's own by its state or by what the run did", () => {
  const run = new RunState();
  run.markInState("Thing", "state");
  run.markApplied("Thing", "made");
  expect(["state", "made", "other"].map((id) => run.isManaged("Thing", id))).toEqual([true, true, false]);
  expect(run.isManaged("Other", "state")).toBe(false);
  expect(run.isApplied("Thing", "state")).toBe(false);
});

test("a removal is pending until the run comes to it, and never one of what is declared", () => {
  const run = new RunState();
  expect(run.isPendingDeletion("Edge", "a")).toBe(false);
  for (const id of ["a", "gone", "kept"]) run.markForDeletion("Edge", id);
  run.recordDeletion("Edge", "gone", "gone");
  run.declare("Edge", "kept");
  expect(["a", "gone", "kept"].map((id) => run.isPendingDeletion("Edge", id))).toEqual([true, false, false]);
  // A plan that is heard of later does not undo what happened.
  run.markForDeletion("Edge", "gone");
  expect(run.isPendingDeletion("Edge", "gone")).toBe(false);
});

test("an edge that was removed early and made again is removed in its turn", () => {
  const run = new RunState();
  run.markDeletedEarly("Edge", "a");
  expect([run.wasDeletedEarly("Edge", "a"), run.wasDeletedEarly("Edge", "b")]).toEqual([true, false]);
  run.markApplied("Edge", "a");
  expect(run.wasDeletedEarly("Edge", "a")).toBe(false);
});

describe("a removal that is put off", () => {
  test("is taken over once, and dropped when the edge is recorded", async () => {
    const run = new RunState();
    const removal = async () => undefined;
    run.postponeDeletion("Edge", "a", removal);
    expect(run.takePostponedDeletion("Edge", "b")).toBeUndefined();
    expect(run.takePostponedDeletion("Edge", "a")).toBe(removal);
    expect(run.takePostponedDeletion("Edge", "a")).toBeUndefined();
    run.postponeDeletion("Edge", "a", removal);
    run.markApplied("Edge", "a");
    run.postponeDeletion("Edge", "a", removal);
    expect(run.takePostponedDeletion("Edge", "a")).toBeUndefined();
  });

  test("at the end of the run is done where nothing is at work on its edge, and once more where it failed", async () => {
    const run = new RunState();
    const removed: string[] = [];
    let isDown = true;
    for (const id of ["idle", "busy", "made"])
      run.postponeDeletion("Edge", id, async () => {
        if (isDown) throw new Error("down");
        removed.push(id);
      });
    let end = () => {};
    const work = run.queue("Edge", "busy", () => new Promise<void>((resolve) => (end = resolve)));
    const [idle, made, ...rest] = run.takeAllPostponedDeletions();
    expect([rest, run.takeAllPostponedDeletions()]).toEqual([[], []]);
    run.markApplied("Edge", "made");
    await expect(idle!(context)).rejects.toThrow("down");
    await expect(made!(context)).rejects.toThrow("down");
    end();
    await work;
    isDown = false;
    for (const removal of run.takeAllPostponedDeletions()) await removal(context);
    expect(removed.sort()).toEqual(["busy", "idle"]);
    expect(run.takeAllPostponedDeletions()).toEqual([]);
  });
});

describe("the name of an object", () => {
  test("is the one that the run gives it; a plan shows the one that it plans", () => {
    const run = new RunState();
    expect(run.plannedName("Thing", "1", "old")).toBe("old");
    run.announceRename("Thing", "1", "applied");
    expect([run.nameAfterRun("Thing", "1", "old"), run.plannedName("Thing", "1", "old")]).toEqual([
      "applied",
      "applied",
    ]);
    run.planRename("Thing", "1", "planned");
    expect([run.nameAfterRun("Thing", "1", "old"), run.plannedName("Thing", "1", "old")]).toEqual([
      "applied",
      "planned",
    ]);
    expect([run.nameAfterRun("Thing", "2", "old"), run.plannedName("Thing", "2", "old")]).toEqual(["old", "old"]);
  });

  test("is free once the object has another one or is gone, whether that is heard of before or after", async () => {
    const events: [(run: RunState) => void, boolean][] = [
      [(run) => run.announceRename("Thing", "1", "other"), true],
      [(run) => run.recordDeletion("Thing", "1", "gone"), true],
      [(run) => run.announceRename("Thing", "1", "name"), false],
      [(run) => run.recordDeletion("Thing", "1", "stays"), false],
      [(run) => run.announceRename("Thing", "2", "other"), false],
      [(run) => run.recordDeletion("Other", "1", "gone"), false],
    ];
    for (const [event, isFree] of events) {
      const before = new RunState();
      event(before);
      expect(await before.isNameFreed("Thing", "1", "name", 0)).toBe(isFree);
      const after = new RunState();
      let freed: boolean | undefined;
      const waiting = after
        .isNameFreed("Thing", "1", "name", isFree ? 3_600_000 : 1)
        .then((result) => (freed = result));
      expect(freed).toBeUndefined();
      event(after);
      expect(await waiting).toBe(isFree);
    }
  });

  test("is told to all who wait for it", async () => {
    const run = new RunState();
    const waiting = [1, 2, 3].map(() => run.isNameFreed("Thing", "1", "name", 3_600_000));
    run.announceRename("Thing", "1", "other");
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
  });
});

test("work on one object goes one by one in its order, whatever fails; work on others goes beside it", async () => {
  const work = fc.array(fc.record({ id: fc.constantFrom("a", "b"), fails: fc.boolean() }), { maxLength: 8 });
  const property = fc.asyncProperty(fc.scheduler(), work, async (scheduler, works) => {
    const run = new RunState();
    const atWork = new Map<string, number>();
    const done: Record<string, number[]> = { a: [], b: [] };
    const results = works.map(({ id, fails }, i) =>
      run.queue("Thing", id, async () => {
        expect(atWork.has(id)).toBe(false);
        atWork.set(id, i);
        await scheduler.schedule(Promise.resolve());
        atWork.delete(id);
        done[id]!.push(i);
        if (fails) throw new Error(`${i}`);
        return i;
      }),
    );
    const ends = await scheduler.waitFor(Promise.allSettled(results));
    expect(ends.map(({ status }) => status)).toEqual(works.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
    for (const id of ["a", "b"]) expect(done[id]).toEqual(works.flatMap((one, i) => (one.id === id ? [i] : [])));
    // Nothing is at work any more: what was put off can be done.
    run.postponeDeletion("Thing", "a", async () => undefined);
    expect(run.takeAllPostponedDeletions()).toHaveLength(1);
  });
  await fc.assert(property, { numRuns: 50 });
  const run = new RunState();
  void run.queue("Thing", "a", () => new Promise(() => undefined));
  expect(await run.queue("Thing", "b", async () => "beside it")).toBe("beside it");
});

test("an identity tells left-out values from texts, and is no other identity's", () => {
  const value = fc.option(fc.string(), { nil: undefined });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), fc.array(value, { maxLength: 3 }), (one, other) => {
      const key = (values: unknown[]) => JSON.stringify(values.map((part) => part ?? null));
      expect(identityKey(one) === identityKey(other)).toBe(key(one) === key(other));
      expect(identityKey([...one, null])).toBe(identityKey([...one, undefined]));
    }),
  );
  expect(identityKey(["null"])).not.toBe(identityKey([undefined]));
});
