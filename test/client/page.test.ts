import type { ApiError } from "../../provider/client";
import { readPage } from "../../provider/client/lists/page";

const call = { method: "GET", path: "/api/environments" };
const parse = (row: Record<string, unknown>) => ({ id: String(row.id), name: "" });

describe("a page", () => {
  const read = (body: unknown, key = "environments") => readPage(body, key, parse, call);
  const nil = { id: "00000000-0000-0000-0000-000000000000", name: "" };

  test("counts what is on it, and gives what counts", () => {
    const rows = [{ id: "a" }, { id: "b", deletedAt: "2026-01-01T00:00:00Z" }, { id: "a" }];
    expect(read({ environments: rows, totalCount: 1 })).toMatchObject({
      rows: [{ id: "a" }, { id: "a" }],
      total: 1,
      count: 3,
      ids: ["a", "b", "a"],
      rowsMissing: false,
    });
  });

  test.each([
    [{ environments: null, totalCount: 1 }, true],
    [{ data: null, total_count: 1 }, true],
    [{ environments: null, totalCount: 0 }, false],
    [{ environments: null }, false],
    [{ environments: [], totalCount: 1 }, false],
  ])("whose rows the server counts and does not send, %j, is told: %s", (body, rowsMissing) => {
    expect(read(body).rowsMissing).toBe(rowsMissing);
  });

  test("has its rows under its own key before any other", () => {
    expect(read({ environments: [{ id: "a" }], data: [{ id: "b" }] }).ids).toEqual(["a"]);
    expect(read({ data: [{ id: "b" }], statusSummary: { connected: 1 } }).ids).toEqual(["b"]);
    expect(read({ page: 0, pageSize: 10, statusSummary: {} }).count).toBe(0);
  });

  test("of connections may hold one of the nil id, of anything else none", () => {
    expect(read([nil], "connections")).toMatchObject({ rows: [], count: 1 });
    expect(() => read([nil])).toThrow("Rows of the server's list of environments have the nil id");
  });

  test.each([
    [{ error: "locked" }, "answered with an error where a list of environments was asked", "locked"],
    [{ error: { code: 7 }, environments: [] }, "answered with an error", '{"code":7}'],
    [undefined, "holds no list of environments", "an empty body"],
    ["none", "holds no list", '"none"'],
    [{ message: "hello", extra: 1 }, "holds no list", "an object with message, extra"],
    [{ environments: {} }, "holds no list", "an object with environments"],
    [{ statusSummary: 1, page: {} }, "holds no list", "an object with statusSummary, page"],
    [[{ id: "a" }, {}], "Row 2 of the server's list of environments has no id", "an object with no keys"],
    [[{ id: "  " }], "Row 1", "an object with id"],
    [{ environments: [], totalCount: "many" }, "has a total that is no count", '"many"'],
    [{ environments: [], totalCount: 2 ** 53 }, "has a total that is no count", String(2 ** 53)],
    [{ environments: [{ id: "a" }, { id: "b" }], totalCount: 1 }, "has more rows than its own total of 1", undefined],
  ])("that is none says what it is: %j", (body, what, said) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({
        code: "unreadable",
        what: expect.stringContaining(what),
        details: expect.objectContaining({ ...call, said }),
      }),
    );
  });

  test("with an error that is no error is a page", () => {
    for (const error of ["", null]) expect(read({ error, environments: [{ id: "a" }] }).ids).toEqual(["a"]);
  });

  test("that is no list of Meshery is told from one that went wrong there", () => {
    const unlike = (body: unknown) => {
      try {
        return read(body);
      } catch (error) {
        return (error as ApiError).details.unlikeMeshery;
      }
    };
    expect([unlike("text"), unlike({ hello: 1 }), unlike({ environments: 1 })]).toEqual([true, true, false]);
  });
});
