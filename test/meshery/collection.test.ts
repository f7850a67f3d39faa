import { Collection } from "../../provider/meshery/collection";

type Row = { id: string; name: string };
const row = (id: string): Row => ({ id, name: id });

/** A list whose answers are given by hand, so that a test decides what overtakes what. */
function manual() {
  const waiting: ((rows: Row[]) => void)[] = [];
  const collection = new Collection<Row>(() => new Promise((resolve) => waiting.push(resolve)));
  const answer = async (...ids: string[]) => {
    waiting.shift()!(ids.map(row));
    await new Promise(setImmediate);
  };
  return { collection, answer, asked: () => waiting.length };
}
const ids = async (rows: Promise<ReadonlyMap<string, Row>>) => [...(await rows).keys()];

describe("a shared list", () => {
  test("is read once for all who ask at the same time", async () => {
    const { collection, answer, asked } = manual();
    const all = Promise.all([ids(collection.rows()), ids(collection.rows()), ids(collection.settled())]);
    expect(asked()).toBe(1);
    await answer("a");
    expect(await all).toEqual([["a"], ["a"], ["a"]]);
  });

  test("is kept up to date by own writes", async () => {
    const { collection, answer } = manual();
    const first = collection.rows();
    await answer("a");
    await first;
    collection.wrote("b", row("b"));
    collection.wrote("a", undefined);
    expect(await ids(collection.rows())).toEqual(["b"]);
  });

  test("does not lose an own write to a list that was under way", async () => {
    const { collection, answer } = manual();
    const rows = ids(collection.rows());
    collection.wrote("b", row("b"));
    await answer("a");
    expect(await rows).toEqual(["a", "b"]);
  });

  test("decides absence only from a list begun after the last own write", async () => {
    const { collection, answer, asked } = manual();
    const early = collection.rows();
    collection.wrote("b", row("b"));
    const settled = ids(collection.settled());
    await answer("a");
    await early;
    expect(asked()).toBe(1);
    await answer("a", "b");
    expect(await settled).toEqual(["a", "b"]);
  });

  test("confirms many writes by one list", async () => {
    const { collection, answer, asked } = manual();
    const first = collection.rows();
    await answer();
    await first;
    const confirmations = [collection.fresh(), collection.fresh(), collection.fresh()];
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
    const collection = new Collection<Row>(async () => {
      if (++calls === 1) throw new Error("down");
      return [row("a")];
    });
    await expect(collection.rows()).rejects.toThrow("down");
    expect(await ids(collection.rows())).toEqual(["a"]);
  });
});
