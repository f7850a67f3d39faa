import fc from "fast-check";
import { TIMING } from "../../provider/client";
import { readPage } from "../../provider/client/lists/page";
import { type ListHistory, PAGE_SIZE, readAll, readAtOnce } from "../../provider/client/lists/paging";

type Row = { id: string; name: string };
const parse = (row: Record<string, unknown>): Row => ({ id: String(row.id), name: String(row.name) });
const call = { method: "GET", path: "/api/environments" };

/** How real servers are known to answer a request for a page. */
interface ServerBehavior {
  firstPage: 0 | 1;
  cap: number;
  totals: boolean;
  omitZero: boolean;
}

function serve(rows: Row[], { firstPage, cap, totals, omitZero }: ServerBehavior) {
  return async (page: number) => {
    const size = Math.min(PAGE_SIZE, cap);
    const index = Math.max(0, page - firstPage);
    const items = rows.slice(index * size, (index + 1) * size);
    const body: Record<string, unknown> = { page, page_size: items.length };
    if (items.length > 0 || !omitZero) body.environments = items;
    if (totals && (rows.length > 0 || !omitZero)) body.totalCount = rows.length;
    return readPage(omitZero && rows.length === 0 ? {} : body, "environments", parse, call);
  };
}

describe("a list of many pages", () => {
  test("is read whole, however the server pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 430 }),
        fc.record({
          firstPage: fc.constantFrom(0 as const, 1 as const),
          cap: fc.constantFrom(10, 25, 100, 1000),
          omitZero: fc.boolean(),
        }),
        async (count, behavior) => {
          const rows = Array.from({ length: count }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
          expect(await readAll(serve(rows, { ...behavior, totals: true }), call)).toEqual(rows);
        },
      ),
    );
  });

  test("is asked for a few pages at a time once the first one tells how many there are", async () => {
    const rows = Array.from({ length: 730 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    const answer = serve(rows, { firstPage: 0, cap: 100, totals: true, omitZero: false });
    const atATime: number[] = [];
    let underWay = 0;
    const read = async (page: number) => {
      atATime.push(++underWay);
      await new Promise(setImmediate);
      underWay--;
      return answer(page);
    };
    expect(await readAll(read, call)).toEqual(rows);
    expect(atATime).toHaveLength(8);
    expect([atATime[0], atATime[1], Math.max(...atATime)]).toEqual([1, 1, 4]);
  });

  test("has no request under way any more when it fails", async () => {
    const rows = Array.from({ length: 730 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    const answer = serve(rows, { firstPage: 0, cap: 100, totals: true, omitZero: false });
    let underWay = 0;
    const memory = { bytes: 0 };
    const read = async (page: number) => {
      underWay++;
      for (let turn = 0; turn < page; turn++) await new Promise(setImmediate);
      underWay--;
      if (page === 1) throw new Error("down");
      return { ...(await answer(page)), weight: 1_000 };
    };
    await expect(readAll(read, call, { memory })).rejects.toThrow("down");
    expect([underWay, memory.bytes]).toEqual([0, 0]);
  });

  test("is read whole where the server leaves the total out", async () => {
    const rows = Array.from({ length: 250 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    expect(await readAll(serve(rows, { firstPage: 0, cap: 100, totals: false, omitZero: true }), call)).toEqual(rows);
  });

  test("is read again as long as others shorten it", async () => {
    const rows = Array.from({ length: 250 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    let shortenings = 7;
    const read = async (page: number) => {
      if (page === 1 && shortenings-- > 0) rows.splice(0, 10);
      return serve(rows, { firstPage: 0, cap: 100, totals: true, omitZero: false })(page);
    };
    expect(await readAll(read, call)).toEqual(rows);
    expect(rows.length).toBe(180);
  });

  test("is given up soon where the server's own count is wrong", async () => {
    const rows = Array.from({ length: 150 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    let calls = 0;
    const read = async (page: number) => {
      calls++;
      const items = rows.slice(page * 100, (page + 1) * 100);
      return readPage({ environments: items, totalCount: 151 }, "environments", parse, call);
    };
    await expect(readAll(read, call)).rejects.toMatchObject({ code: "incomplete-list" });
    // Three readings of three pages, and one request for all rows at once.
    expect(calls).toBeLessThanOrEqual(10);
  });

  test("is read again where a row moved to another page meanwhile", async () => {
    const rows = Array.from({ length: 150 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    let calls = 0;
    const read = async (page: number) => {
      calls++;
      const shifted =
        calls <= 2 && page === 1 ? [rows[99]!, ...rows.slice(100, 149)] : rows.slice(page * 100, (page + 1) * 100);
      return readPage({ environments: shifted, totalCount: 150 }, "environments", parse, call);
    };
    expect(await readAll(read, call)).toEqual(rows);
    expect(calls).toBeGreaterThan(2);
  });

  test("is refused where it ends before its own total", async () => {
    const read = async (page: number) =>
      readPage(
        { environments: page === 0 ? [{ id: "a", name: "a" }] : [], totalCount: 5 },
        "environments",
        parse,
        call,
      );
    await expect(readAll(read, call)).rejects.toMatchObject({ code: "incomplete-list" });
  });

  describe("whose rows change places at every request", () => {
    const rows = Array.from({ length: 250 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    /** Sorted by something that all rows have in common. */
    const restless = (cap: number) => {
      const asked: number[] = [];
      const read = async (page: number, size: number) => {
        asked.push(size);
        const mixed = [...rows];
        for (let i = mixed.length - 1; i > 0; i--) {
          const j = Math.floor(Math.random() * (i + 1));
          [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
        }
        const served = Math.min(size, cap);
        const from = Math.max(0, page - 1) * served;
        return readPage({ data: mixed.slice(from, from + served), totalCount: 250 }, "environments", parse, call);
      };
      return { read, asked };
    };
    const sorted = (list: Row[]) => list.map(({ id }) => id).sort();

    test("is read as one page, where the server answers with as many", async () => {
      const { read, asked } = restless(1_000);
      expect(sorted(await readAll(read, call))).toEqual(sorted(rows));
      expect(asked.filter((size) => size === 250)).toHaveLength(1);
      expect(asked.length).toBeLessThanOrEqual(6);
    });

    test("is given up where it does not, and costs no further request", async () => {
      const { read, asked } = restless(100);
      const options = { history: {}, timing: { ...TIMING, changingList: 0 } };
      await expect(readAll(read, call, options)).rejects.toMatchObject({ code: "incomplete-list" });
      expect(asked.filter((size) => size === 250)).toHaveLength(1);
      const before = asked.length;
      await expect(readAll(read, call, options)).rejects.toMatchObject({ code: "incomplete-list" });
      expect(asked.length).toBe(before);
    });
  });

  test("is read whole where pages are shorter than asked and there is no total", async () => {
    const rows = Array.from({ length: 25 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    expect(await readAll(serve(rows, { firstPage: 0, cap: 10, totals: false, omitZero: true }), call)).toEqual(rows);
  });

  test("is read to its end where doubled rows fill the pages", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    const twice = rows.flatMap((row) => [row, row]);
    const read = async (page: number) =>
      readPage(
        { environments: twice.slice(page * 100, (page + 1) * 100), totalCount: 60 },
        "environments",
        parse,
        call,
      );
    expect(await readAll(read, call)).toEqual(rows);
  });

  test("is read to its end where deleted rows are listed and not counted", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
    const listed = rows.map((row, i) => ({ ...row, deletedAt: i < 50 ? "2026-01-01T00:00:00Z" : null }));
    const read = async (page: number) =>
      readPage(
        { environments: listed.slice(page * 100, (page + 1) * 100), totalCount: 70 },
        "environments",
        parse,
        call,
      );
    expect(await readAll(read, call)).toEqual(rows.slice(50).map((row) => expect.objectContaining({ id: row.id })));
  });

  test("may hold one connection of the nil id, which stands for nothing", async () => {
    const nil = { id: "00000000-0000-0000-0000-000000000000", name: "" };
    const read = async () =>
      readPage({ connections: [nil, { id: "a", name: "a" }], totalCount: 2 }, "connections", parse, call);
    expect(await readAll(read, call)).toEqual([{ id: "a", name: "a" }]);
  });

  test("shows a mapping that was stored twice once", async () => {
    const twice = [
      { id: "a", name: "a" },
      { id: "a", name: "a" },
      { id: "b", name: "b" },
    ];
    const read = async () => readPage({ environments: twice, totalCount: 3 }, "environments", parse, call);
    expect(await readAll(read, call)).toEqual([twice[0], twice[2]]);
  });
});

describe("a list that one request reads", () => {
  const asked: number[] = [];
  const serving = (...answers: Row[][]) => {
    asked.length = 0;
    return async (_page: number, size: number) => {
      asked.push(size);
      const rows = answers[Math.min(asked.length, answers.length) - 1]!;
      return readPage({ environments: rows, totalCount: rows.length }, "environments", parse, call);
    };
  };
  const a = { id: "a", name: "a" };
  const atOnce = (read: ReturnType<typeof serving>, history: ListHistory, known?: number) =>
    readAtOnce(read, call, { history, ...(known !== undefined && { known }) });

  test("was counted before, or has rows that this run made", async () => {
    expect(await atOnce(serving([a]), {})).toBeUndefined();
    expect(await atOnce(serving([a]), {}, 1)).toBeUndefined();
    expect(await atOnce(serving([a]), { total: 0 })).toBeUndefined();
    expect(asked).toEqual([]);
    expect(await atOnce(serving([a]), { total: 0 }, 1)).toEqual([a]);
    expect(await atOnce(serving([a]), { total: 150 }, 160)).toEqual([a]);
    expect(asked).toEqual([260]);
  });

  test("is empty where two requests say so", async () => {
    expect(await atOnce(serving([], []), { total: 1 })).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(await atOnce(serving([], [a]), { total: 1 })).toEqual([a]);
  });
});
