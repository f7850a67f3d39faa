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
