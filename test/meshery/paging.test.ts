import fc from "fast-check";
import { readPage } from "../../provider/meshery/page";
import { PAGE_SIZE, readAll } from "../../provider/meshery/paging";

type Row = { id: string; name: string };
const parse = (row: Record<string, unknown>): Row => ({ id: String(row.id), name: String(row.name) });
const call = { method: "GET", path: "/api/environments" };

/** How real servers are known to answer a request for a page. */
interface Habits {
  firstPage: 0 | 1;
  cap: number;
  totals: boolean;
  omitZero: boolean;
}

function serve(rows: Row[], { firstPage, cap, totals, omitZero }: Habits) {
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
  test("is read whole, whatever the server's habits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 430 }),
        fc.record({
          firstPage: fc.constantFrom(0 as const, 1 as const),
          cap: fc.constantFrom(10, 25, 100, 1000),
          omitZero: fc.boolean(),
        }),
        async (count, habits) => {
          const rows = Array.from({ length: count }, (_, i) => ({ id: `id-${i}`, name: `n${i}` }));
          expect(await readAll(serve(rows, { ...habits, totals: true }), call)).toEqual(rows);
        },
      ),
    );
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
