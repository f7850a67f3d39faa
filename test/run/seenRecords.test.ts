import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeenRecords, stackOf } from "../../provider/run/seenRecords";
import { LineFile, UserFolder } from "../../provider/run/userFolder";

const URL = "http://127.0.0.1:9081";
const HOUR = 3_600_000;
let parent: string;
let folder: UserFolder;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "seen-"));
  folder = new UserFolder("stacks", HOUR, parent);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

let runs = 0;
/** A run of a stack; each later one has newer files, however fast they follow. */
function run(stack = "stack", url = URL) {
  const seen = new SeenRecords(stack, url, folder);
  const known = new Set(files());
  const at = new Date(Date.now() - HOUR / 2 + ++runs * 1_000);
  const written = () => {
    for (const name of files()) if (!known.has(name)) utimesSync(join(folder.path, name), at, at);
  };
  return {
    add: (...ids: string[]) => {
      for (const id of ids) seen.add({ type: "Edge", id });
      written();
    },
    remove: (id: string) => {
      seen.remove({ type: "Edge", id });
      written();
    },
    beside: (id: string) => seen.beside({ type: "Edge", id }).map((record) => record.id),
    seen,
  };
}
function files(): string[] {
  try {
    return readdirSync(folder.path);
  } catch {
    return [];
  }
}

describe("the records beside one that a run has seen", () => {
  test("are those of the run itself, where it has seen it", () => {
    run().add("a", "b");
    const now = run();
    now.add("a", "c", "d");
    now.remove("d");
    expect(now.beside("a")).toEqual(["a", "c"]);
  });

  test("are those of the newest run that had it, without what was removed since", () => {
    run().add("a", "old");
    const before = run();
    before.add("a", "b", "c", "d");
    before.remove("d");
    run().remove("b");
    const last = run();
    last.add("x", "b");
    last.remove("c");
    expect(run().beside("a")).toEqual(["a", "b"]);
    expect(run().beside("unknown")).toEqual([]);
  });

  test("are not those of a run that removed it", () => {
    run().add("a", "b");
    const last = run();
    last.add("a", "c");
    last.remove("a");
    expect(run().beside("a")).toEqual(["b"]);
  });

  test("are no other stack's, and no other Meshery's", () => {
    run().add("a", "b");
    expect([run("other").beside("a"), run("stack", `${URL}/other`).beside("a")]).toEqual([[], []]);
    expect(run().beside("a")).toEqual(["a", "b"]);
  });

  test("are told with their types, and each is written once", () => {
    const { seen } = run();
    for (const type of ["Edge", "Thing", "Edge"]) seen.add({ type, id: "a" });
    expect(new SeenRecords("stack", URL, folder).beside({ type: "Thing", id: "a" })).toEqual([
      { type: "Edge", id: "a" },
      { type: "Thing", id: "a" },
    ]);
    expect(readFileSync(join(folder.path, files()[0]!), "utf8").split("\n")).toHaveLength(3);
    expect(files()[0]).not.toContain("stack");
  });

  test("are known to the run alone where nothing can be written", () => {
    writeFileSync(folder.path, "");
    const now = run();
    now.seen.add({ type: "Edge", id: "a" });
    now.seen.add({ type: "Edge", id: "b" });
    expect([now.beside("a"), run().beside("a")]).toEqual([["a", "b"], []]);
  });

  test("belong to a stack by what its URNs have in common", () => {
    expect(stackOf("urn:pulumi:dev::project::meshery:index:Environment::name")).toBe("urn:pulumi:dev::project");
  });
});

describe("a folder of the user's own", () => {
  const now = Date.now();
  const put = (name: string, age: number) => {
    writeFileSync(join(folder.path, name), "");
    const at = new Date(now - age);
    utimesSync(join(folder.path, name), at, at);
  };

  test("names the user, lies where it is told, and is open to nobody else", () => {
    folder.prepare();
    expect(folder.path).toMatch(/stacks-[^/]+$/);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(folder.path.startsWith(parent)).toBe(true);
  });

  test("loses what is too old, and what is more than a thousand", () => {
    folder.prepare();
    put("new", 0);
    put("old", HOUR + 10_000);
    put("not yet", HOUR - 60_000);
    folder.prepare();
    expect(folder.newest().map(({ name }) => name)).toEqual(["new", "not yet"]);
    for (let i = 0; i < 1_000; i++) put(`${i}`, 60_000 + i);
    folder.prepare();
    const left = folder.newest().map(({ name }) => name);
    expect([left.length, left[0], left.at(-1)]).toEqual([1_000, "new", "998"]);
  });

  test("is refused where something else has its name", () => {
    writeFileSync(folder.path, "");
    expect(() => folder.newest()).toThrow("belongs to somebody else");
  });
});

test("a file of lines begins with its first line, goes on after it was removed, and is the user's own", () => {
  const path = join(parent, "lines");
  const file = new LineFile(path);
  file.remove();
  expect(readdirSync(parent)).toEqual([]);
  file.append("a", "b");
  file.append("c");
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["a\nb\nc\n", 0o600]);
  file.remove();
  file.remove();
  file.append("d");
  expect(readFileSync(path, "utf8")).toBe("d\n");
  file.remove();
  expect(readdirSync(parent)).toEqual([]);
});
