import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Files, placeFolder } from "../../provider/install/folder";

const scratch = mkdtempSync(join(tmpdir(), "place-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const FILES: Files = new Map(
  ["a", "b", "c", "d"].map((name) => [name, { content: Buffer.from(name.repeat(10_000)), mode: 0o755 }]),
);
const isWhole = (folder: string) =>
  [...FILES].every(
    ([name, { content, mode }]) =>
      readFileSync(join(folder, name)).equals(content) && (statSync(join(folder, name)).mode & 0o777) === mode,
  );

describe("a folder that is installed", () => {
  test("is whole whenever it is there, and never moved away by others who install the same", async () => {
    for (let round = 0; round < 30; round++) {
      const parent = join(scratch, `round-${round}`);
      const folder = join(parent, "package");
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const outcome = await placeFolder(folder, FILES);
          // Somebody starts an engine as soon as the own installation has ended.
          expect(isWhole(folder)).toBe(true);
          return outcome;
        }),
      );
      expect(outcomes.filter((outcome) => outcome === "installed")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "same")).toHaveLength(5);
      expect(readdirSync(parent)).toEqual(["package"]);
    }
  });

  test.each<[string, (folder: string) => void, string]>([
    ["a file too many", (folder) => writeFileSync(join(folder, "more"), ""), "replaced"],
    ["a file too few", (folder) => rmSync(join(folder, "a")), "replaced"],
    ["a changed file", (folder) => writeFileSync(join(folder, "a"), "b"), "replaced"],
    ["nothing in it", (folder) => [...FILES.keys()].forEach((name) => void rmSync(join(folder, name))), "installed"],
  ])("is made right where it has %s", async (what, spoil, outcome) => {
    const folder = join(scratch, what, "package");
    expect(await placeFolder(folder, FILES)).toBe("installed");
    spoil(folder);
    expect(await placeFolder(folder, FILES)).toBe(outcome);
    expect(isWhole(folder)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([...FILES.keys()]);
  });

  test("says what the system said where it cannot be had", async () => {
    const file = join(scratch, "file");
    writeFileSync(file, "");
    await expect(placeFolder(join(file, "package"), FILES)).rejects.toThrow(/ENOTDIR|EEXIST/);
    mkdirSync(join(scratch, "kept"));
    await expect(placeFolder(join(scratch, "kept"), FILES, file)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(join(scratch, "kept"))).toEqual([]);
  });
});
