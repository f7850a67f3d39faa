import fc from "fast-check";
import { CachedList } from "../../provider/client/lists/cachedList";

type Row = { id: string; name: string };
const row = (id: string): Row => ({ id, name: id });

/** A list whose answers are given by hand, so that a test decides what overtakes what. */
function manual() {
  const waiting: ((rows: Row[]) => void)[] = [];
  const collection = new CachedList<Row>(() => new Promise((resolve) => waiting.push(resolve)));
  const answer = async (...ids: string[]) => {
    waiting.shift()!(ids.map(row));
    await new Promise(setImmediate);
  };
  return { collection, answer, asked: () => waiting.length };
}
const wrote = (collection: CachedList<Row>, id: string, row?: Row, sent: string[] = []) =>
  collection.change(
    async () => sent.push(id),
    () => ({ id, row }),
  );
const ids = async (rows: Promise<ReadonlyMap<string, Row>>) => [...(await rows).keys()];

describe("a shared list", () => {
  test("is read once for all who ask at the same time", async () => {
    const { collection, answer, asked } = manual();
    const all = Promise.all([
      ids(collection.read("cached")),
      ids(collection.read("cached")),
      ids(collection.read("afterWrites")),
    ]);
    expect(asked()).toBe(1);
    await answer("a");
    expect(await all).toEqual([["a"], ["a"], ["a"]]);
  });

  test("is kept up to date by own writes", async () => {
    const { collection, answer } = manual();
    const first = collection.read("cached");
    await answer("a");
    await first;
    await wrote(collection, "b", row("b"));
    await wrote(collection, "a");
    expect(await ids(collection.read("cached"))).toEqual(["b"]);
  });

  test("lets an own write wait for a list that is under way", async () => {
    const { collection, answer } = manual();
    const rows = ids(collection.read("cached"));
    const sent: string[] = [];
    const write = wrote(collection, "b", row("b"), sent);
    await new Promise(setImmediate);
    expect(sent).toEqual([]);
    await answer("a");
    await Promise.all([rows, write]);
    expect([await ids(collection.read("cached")), sent]).toEqual([["a", "b"], ["b"]]);
  });

  test("begins when the own writes under way have ended, and shows them to all who waited for one", async () => {
    const { collection, answer, asked } = manual();
    const ends: (() => void)[] = [];
    const writes = ["a", "b"].map(async (id) => {
      await collection.change(
        () => new Promise<void>((resolve) => ends.push(resolve)),
        () => undefined,
      );
      return [id, await ids(collection.read("now"))] as const;
    });
    await new Promise(setImmediate);
    for (const end of ends) {
      expect(asked()).toBe(0);
      end();
      await new Promise((resolve) => process.nextTick(resolve));
    }
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(asked()).toBe(1);
    await answer("a", "b");
    expect(await Promise.all(writes)).toEqual([
      ["a", ["a", "b"]],
      ["b", ["a", "b"]],
    ]);
  });

  test("decides absence only from a list begun after the last own write", async () => {
    const { collection, answer, asked } = manual();
    const early = collection.read("cached");
    await answer("a");
    await early;
    await wrote(collection, "b", row("b"));
    const settled = ids(collection.read("afterWrites"));
    await new Promise(setImmediate);
    expect(asked()).toBe(1);
    await answer("a");
    expect(await settled).toEqual(["a"]);
  });

  test("is read again after a write that failed", async () => {
    const { collection, answer } = manual();
    const early = collection.read("cached");
    await answer("a");
    await early;
    const refused = collection.change(
      () => Promise.reject(new Error("no")),
      () => ({ id: "a" }),
    );
    await expect(refused).rejects.toThrow("no");
    const again = ids(collection.read("cached"));
    await answer("a");
    expect(await again).toEqual(["a"]);
  });

  test("confirms many writes by one list", async () => {
    const { collection, answer, asked } = manual();
    const first = collection.read("cached");
    await answer();
    await first;
    const confirmations = [collection.read("now"), collection.read("now"), collection.read("now")];
    await new Promise(setImmediate);
    expect(asked()).toBe(1);
    await answer("a");
    await confirmations[0];
    await new Promise(setImmediate);
    while (asked() > 0) await answer("a");
    expect((await Promise.all(confirmations)).every((rows) => rows.has("a"))).toBe(true);
  });

  test("is read again after a failure", async () => {
    let calls = 0;
    const collection = new CachedList<Row>(async () => {
      if (++calls === 1) throw new Error("down");
      return [row("a")];
    });
    await expect(collection.read("cached")).rejects.toThrow("down");
    expect(await ids(collection.read("cached"))).toEqual(["a"]);
  });

  describe("that works look at before they write", () => {
    const looking = (collection: CachedList<Row>) => {
      let end = () => {};
      const seen = collection.work(async () => {
        const rows = await ids(collection.read("together"));
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        return rows;
      });
      return { seen, end: () => end() };
    };
    const settled = () => new Promise(setImmediate);

    test("is a new one for each that is alone", async () => {
      const { collection, answer, asked } = manual();
      for (const expected of ["a", "b"]) {
        const { seen, end } = looking(collection);
        expect(asked()).toBe(1);
        await answer(expected);
        end();
        expect(await seen).toEqual([expected]);
      }
      expect(asked()).toBe(0);
    });

    test("is the newest one since they overlap, while the next one is read for those who come after", async () => {
      const { collection, answer, asked } = manual();
      const first = looking(collection);
      await answer("a");
      const second = looking(collection);
      await settled();
      expect(asked()).toBe(1);
      second.end();
      expect(await second.seen).toEqual(["a"]);
      await answer("a", "b");
      const third = looking(collection);
      await settled();
      third.end();
      expect(await third.seen).toEqual(["a", "b"]);
      first.end();
      await first.seen;
    });

    test("is a new one again when all have ended and a list was read since", async () => {
      const { collection, answer, asked } = manual();
      const both = [looking(collection), looking(collection)];
      await answer("a");
      for (const { seen, end } of both) {
        end();
        await seen;
      }
      while (asked() > 0) await answer("a");
      await settled();
      const alone = looking(collection);
      await settled();
      expect(asked()).toBe(1);
      await answer("a", "theirs");
      alone.end();
      expect(await alone.seen).toEqual(["a", "theirs"]);
    });
  });

  test("that was empty is not read again before the first who looked at it have written", async () => {
    const waiting: ((rows: Row[]) => void)[] = [];
    const load = () => new Promise<Row[]>((resolve) => waiting.push(resolve));
    const collection = new CachedList<Row>(load, { possible: (known) => known > 0, load });
    const look = () => ids(collection.read("together"));
    await collection.work(async () => {
      const looks = [look(), look()];
      waiting.shift()!([]);
      expect(await Promise.all(looks)).toEqual([[], []]);
      // The third comes before anything was written.
      expect(await look()).toEqual([]);
      expect(waiting).toHaveLength(0);
      await wrote(collection, "a", row("a"));
      // From now on it can be read while others write.
      expect(await look()).toEqual(["a"]);
      expect(waiting).toHaveLength(1);
      const sent: string[] = [];
      await wrote(collection, "b", row("b"), sent);
      expect(sent).toEqual(["b"]);
      waiting.shift()!([row("a"), row("theirs")]);
      await new Promise(setImmediate);
      expect(await look()).toEqual(["a", "theirs", "b"]);
    });
  });

  describe("of something that this run has made", () => {
    const fresh = () => {
      const made = manual();
      made.collection.startEmpty();
      return made;
    };

    test("is not read before rows are added to it, and knows those that were", async () => {
      const { collection, asked } = fresh();
      expect(await collection.has("a")).toBe(false);
      await wrote(collection, "a", row("a"));
      expect([await collection.has("a"), await collection.has("b"), asked()]).toEqual([true, false, 0]);
    });

    test("is read for whoever needs to know what it holds", async () => {
      for (const freshness of ["cached", "afterWrites", "now"] as const) {
        const { collection, answer } = fresh();
        const rows = ids(collection.read(freshness));
        await answer("theirs");
        expect(await rows).toEqual(["theirs"]);
        expect(await collection.has("theirs")).toBe(true);
      }
    });

    test("is read after a write of which nobody knows what it did", async () => {
      const { collection, answer } = fresh();
      await collection.change(
        async () => undefined,
        () => undefined,
      );
      const has = collection.has("a");
      await answer("a");
      expect(await has).toBe(true);
    });
  });

  test("that one request reads lets own writes go on, and holds them when it is read", async () => {
    let end: (rows: Row[]) => void = () => {};
    const atOnce = { possible: () => true, load: () => new Promise<Row[]>((resolve) => (end = resolve)) };
    const collection = new CachedList<Row>(async () => [], atOnce);
    const rows = collection.read("cached");
    await new Promise(setImmediate);
    await wrote(collection, "b", row("b"));
    await wrote(collection, "a");
    end([row("a")]);
    expect(await ids(rows)).toEqual(["b"]);
  });
});

describe("a row of a shared list", () => {
  /** The row that is found, and how many lists were read for it, where these are the ones that the server gives. */
  const finding = async (lists: string[][], since?: "now") => {
    let read = 0;
    const collection = new CachedList<Row>(async () => (lists[read++] ?? []).map(row));
    await collection.read("cached");
    return [(await collection.find("a", since))?.id, read];
  };

  test("is one that any list in a row of two holds, and is looked for no longer than that", async () => {
    expect(await finding([["a"]])).toEqual(["a", 1]);
    expect(await finding([[], ["a"]])).toEqual(["a", 2]);
    expect(await finding([[], []])).toEqual([undefined, 2]);
  });

  test("that may be gone since is looked for in two new lists", async () => {
    expect(await finding([["a"], ["a"]], "now")).toEqual(["a", 2]);
    expect(await finding([["a"], [], ["a"]], "now")).toEqual(["a", 3]);
    expect(await finding([["a"], [], []], "now")).toEqual([undefined, 3]);
  });
});

describe("one request for a whole list", () => {
  test("is not tried where it is not worth it, and pages are read where it does not tell all", async () => {
    for (const [possible, rows, used] of [
      [false, [row("once")], ["pages"]],
      [true, undefined, ["once", "pages"]],
      [true, [row("once")], ["once"]],
    ] as const) {
      const asked: string[] = [];
      const load = async () => {
        asked.push("once");
        return rows && [...rows];
      };
      const pages = async () => {
        asked.push("pages");
        return [row("pages")];
      };
      const collection = new CachedList<Row>(pages, { possible: () => possible, load });
      expect(await ids(collection.read("cached"))).toEqual([used.at(-1)]);
      expect(asked).toEqual(used);
    }
  });
});

test("whatever overtakes what, a list shows what the server had since it was asked for, and own writes that ended", async () => {
  const step = fc.record({
    kind: fc.constantFrom("write", "failing write", "untold write", "theirs", "read"),
    id: fc.constantFrom("a", "b"),
    there: fc.boolean(),
    freshness: fc.constantFrom("cached", "afterWrites", "now"),
  });
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(step, { minLength: 2, maxLength: 9 }),
    fc.boolean(),
    async (scheduler, steps, possible) => {
      /** What the server held after each change; rows of others are told by their names. */
      const versions: ReadonlySet<string>[] = [new Set(["a"])];
      const put = (id: string, there: boolean) => {
        const next = new Set(versions.at(-1));
        if (there) next.add(id);
        else next.delete(id);
        versions.push(next);
      };
      const pause = () => scheduler.schedule(Promise.resolve());
      /** For each own write under way: what the server held before it. */
      const writing = new Set<{ before: number }>();
      const load = (whole: boolean) => async () => {
        const undisturbed = () => whole || expect(writing.size).toBe(0);
        undisturbed();
        await pause();
        undisturbed();
        const rows = [...versions.at(-1)!].map(row);
        await pause();
        undisturbed();
        return rows;
      };
      const collection = new CachedList<Row>(load(false), { possible: () => possible, load: load(true) });
      const play = async ({ kind, id, there, freshness }: typeof step extends fc.Arbitrary<infer T> ? T : never) => {
        await pause();
        if (kind === "theirs") return put(`their ${id}`, there);
        if (kind === "read") {
          const oldest = Math.min(versions.length - 1, ...[...writing].map(({ before }) => before));
          const since = freshness === "now" ? versions.length - 1 : oldest;
          const shown = new Set(await ids(collection.read(freshness)));
          for (const one of freshness === "now" ? ["a", "b", "their a", "their b"] : ["a", "b"])
            expect(versions.slice(since).map((version) => version.has(one))).toContain(shown.has(one));
          return;
        }
        const send = async () => {
          const self = { before: versions.length - 1 };
          writing.add(self);
          try {
            await pause();
            put(id, there);
            await pause();
          } finally {
            writing.delete(self);
          }
          if (kind === "failing write") throw new Error("no answer");
        };
        const change = { id, row: there ? row(id) : undefined };
        await collection.change(send, () => (kind === "write" ? change : undefined)).catch(() => undefined);
      };
      await scheduler.waitFor(Promise.all(steps.map(play)));
    },
  );
  await fc.assert(property, { numRuns: 200 });
});
