import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { LineTail } from "../../provider/run/lineTail";

const scratch = mkdtempSync(join(tmpdir(), "tail-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("a growing file is read line by line, wherever a write ends, in the middle of a character too", () => {
  let files = 0;
  const lines = fc.array(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", "")));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(40)), (texts, sizes) => {
      const file = join(scratch, String(files++));
      const tail = new LineTail(file);
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
      const read: string[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        appendFileSync(file, bytes.subarray(at, at + size));
        at += size;
        read.push(...tail.newLines());
        const whole = bytes.subarray(0, Math.min(at, bytes.length)).toString("latin1").split("\n").length - 1;
        expect(read).toEqual(texts.slice(0, whole));
      }
      expect(tail.newLines()).toEqual([]);
    }),
    { numRuns: 30 },
  );
  expect(() => new LineTail(join(scratch, "none")).newLines()).toThrow("ENOENT");
});
