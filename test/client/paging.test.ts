import fc from "fast-check";
import { ApiError, TIMING } from "../../provider/client";
import { readPage } from "../../provider/client/lists/page";
import {
  LIMITS,
  type ListHistory,
  PAGE_SIZE,
  type ReadPage,
  readAll,
  readAtOnce,
} from "../../provider/client/lists/paging";

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

const rowsTo = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));

describe("a list of many pages", () => {
  test("is read whole, however the server pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 430 }),
        fc.record({
          firstPage: fc.constantFrom(0 as const, 1 as const),
          cap: fc.constantFrom(10, 25, 100, 1000),
          totals: fc.boolean(),
          omitZero: fc.boolean(),
        }),
        async (count, behavior) => {
          const rows = rowsTo(count);
          expect(await readAll(serve(rows, behavior), call)).toEqual(rows);
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
    expect(calls).toBe(10);
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

/** Reads by these pages, and notes which were asked for. */
function noting(pages: ReadPage<Row>) {
  const asked: [page: number, size: number][] = [];
  const read: ReadPage<Row> = (page, size) => {
    asked.push([page, size]);
    return pages(page, size);
  };
  return { read, asked };
}
/** A server that answers with as many rows as it is asked for. */
const uncapped =
  (rows: Row[], weight = 0): ReadPage<Row> =>
  async (page, size) => ({
    ...readPage(
      { environments: rows.slice(page * size, (page + 1) * size), totalCount: rows.length },
      "environments",
      parse,
      call,
    ),
    weight,
  });
const none = { rows: [], total: 0, count: 0, ids: [], rowsMissing: false };

describe("a list", () => {
  test("is read once, and no page more, where it tells its total", async () => {
    const { read, asked } = noting(uncapped(rowsTo(250)));
    await readAll(read, call);
    expect(asked).toEqual([0, 1, 2].map((page) => [page, PAGE_SIZE]));
  });

  test("that ignores which page is asked for, and has no total, is its one page", async () => {
    const rows = rowsTo(30);
    const { read, asked } = noting(async () => readPage(rows, "environments", parse, call));
    expect(await readAll(read, call)).toEqual(rows);
    expect(asked).toHaveLength(3);
  });

  test("that was empty once is read again, and what the second reading holds counts", async () => {
    const pages = [none, uncapped(rowsTo(1))];
    const { read, asked } = noting(async (page, size) => {
      const next = pages.shift();
      return typeof next === "function" ? next(page, size) : (next ?? none);
    });
    expect(await readAll(read, call)).toEqual(rowsTo(1));
    expect(asked).toHaveLength(2);
  });

  test("that is expected to be empty is read twice at a time, and both have to say so", async () => {
    for (const second of [[], rowsTo(1)]) {
      const ends: (() => void)[] = [];
      const answers = [uncapped([]), uncapped(second)];
      const read: ReadPage<Row> = async (page, size) => {
        const answer = answers.shift()!;
        await new Promise<void>((resolve) => ends.push(resolve));
        return answer(page, size);
      };
      const rows = readAll(read, call, { expectEmpty: true });
      await new Promise(setImmediate);
      expect(ends).toHaveLength(2);
      for (const end of ends) end();
      expect(await rows).toEqual(second);
    }
  });

  test("that changes at each reading is left when the run is told to stop", async () => {
    const stop = new AbortController();
    let readings = 0;
    const read: ReadPage<Row> = async (page) => {
      if (page > 0) return none;
      if (++readings === 4) setTimeout(() => stop.abort());
      return readPage({ environments: [{ id: `id-${readings}` }], totalCount: 2 }, "environments", parse, call);
    };
    const options = { signal: stop.signal, timing: { ...TIMING, firstReread: 3_600_000, longestReread: 3_600_000 } };
    await expect(readAll(read, call, options)).rejects.toMatchObject({ code: "stopped", details: call });
    expect(readings).toBe(4);
  });

  test("that shrinks while it is read is not whole, whatever the pages hold together", async () => {
    // Two rows leave the first page after it was read: two of the second one move there, and none of it is seen twice.
    const [before, after] = [rowsTo(150), rowsTo(150).slice(2)];
    let calls = 0;
    const read: ReadPage<Row> = (page, size) => uncapped(calls++ === 0 ? before : after)(page, size);
    expect(await readAll(read, call)).toEqual(after);
  });
});

describe("a list that costs more than any list of Meshery", () => {
  const MB = 1024 * 1024;
  const endless = (): ReadPage<Row> => async (page) => ({
    ...readPage(
      rowsTo(PAGE_SIZE).map(({ id, name }) => ({ id: `${page} ${id}`, name })),
      "environments",
      parse,
      call,
    ),
    weight: MB,
  });
  test.each([
    ["3 pages", { pages: 3 }, 3],
    ["300 rows", { rows: 300 }, 4],
    ["2 MB", { size: 2 * MB }, 3],
    ["the memory for all lists", { together: 2 * MB }, 2],
  ])("is given up within %s, and not tried again", async (words, limit, pages) => {
    const { read, asked } = noting(endless());
    const options = { limits: { ...LIMITS, ...limit }, history: {}, memory: { bytes: MB } };
    for (const _ of [1, 2])
      await expect(readAll(read, call, options)).rejects.toMatchObject({
        code: "incomplete-list",
        what: `The list did not end within ${words}; nothing was decided from it`,
      });
    expect(await readAtOnce(read, call, { ...options, history: { ...options.history, total: 1 } })).toBeUndefined();
    expect(asked).toHaveLength(pages);
    // Nothing of it is kept.
    expect(options.memory.bytes).toBe(MB);
  });

  test("is given up when its time is over", async () => {
    const begun = Date.now();
    const { read, asked } = noting(async (page, size) => {
      while (Date.now() - begun < 2);
      return endless()(page, size);
    });
    await expect(readAll(read, call, { limits: { ...LIMITS, time: 1 } })).rejects.toThrow("did not end within 0 s");
    expect(asked).toHaveLength(1);
  });

  test("takes the memory of its last reading, and only that", async () => {
    const options = { history: {}, memory: { bytes: 7 } };
    for (const weight of [10, 30, 20]) {
      await readAll(uncapped(rowsTo(150), weight), call, options);
      expect(options.memory.bytes).toBe(7 + 2 * weight);
    }
    await readAtOnce(uncapped(rowsTo(150), 5), call, options);
    expect(options.memory.bytes).toBe(7 + 5);
  });
});

describe("all rows by one request", () => {
  const atOnce = async (rows: Row[], history: ListHistory, cap = Number.POSITIVE_INFINITY) => {
    const { read, asked } = noting((page, size) => uncapped(rows)(page, Math.min(size, cap)));
    return { rows: await readAtOnce(read, call, { history }), asked: asked.map(([, size]) => size), history };
  };

  test("are as many as were counted last, and some that others add", async () => {
    for (const [total, size] of [
      [1, 100],
      [100, 100],
      [101, 201],
      [4_900, 5_000],
    ] as const) {
      const [rows, more] = [rowsTo(total), rowsTo(Math.min(size, total + 50))];
      expect(await atOnce(rows, { total })).toMatchObject({ rows, asked: [size] });
      expect(await atOnce(more, { total })).toMatchObject({ rows: more, history: { total: more.length } });
    }
  });

  test("are asked for only where the list is known to have some, and not too many", async () => {
    const failure = new ApiError("incomplete-list", "", call);
    for (const history of [
      {},
      { total: 0 },
      { total: 1, failure },
      { total: 101, pagesAreCapped: true },
      { total: 4_901 },
    ])
      expect(await atOnce(rowsTo(5_001), history)).toMatchObject({ rows: undefined, asked: [] });
    const capped = { total: 100, pagesAreCapped: true };
    expect(await atOnce(rowsTo(100), capped)).toMatchObject({ rows: rowsTo(100), asked: [100] });
  });

  test("are not known where some are missing, and a server that sends fewer is not asked again for as many", async () => {
    const history: ListHistory = { total: 150 };
    expect(await atOnce(rowsTo(150), history, 100)).toMatchObject({ rows: undefined, asked: [250] });
    expect(history).toEqual({ total: 150, pagesAreCapped: true });
    expect(await atOnce(rowsTo(300), { total: 150 })).toMatchObject({ rows: undefined, history: { total: 150 } });
    expect((await atOnce([], { total: 5 })).rows).toEqual([]);
    // One page of the usual size tells nothing of larger ones.
    const small: ListHistory = { total: 5 };
    expect(await atOnce(rowsTo(150), small)).toMatchObject({ rows: undefined, asked: [100] });
    expect(small).toEqual({ total: 5 });
  });

  test("are not known where the answer is no list, and every other failure is one", async () => {
    const failing = (code: "unreadable" | "server-error") =>
      readAtOnce(() => Promise.reject(new ApiError(code, "", call)), call, { history: { total: 5 } });
    expect(await failing("unreadable")).toBeUndefined();
    await expect(failing("server-error")).rejects.toMatchObject({ code: "server-error" });
  });
});
