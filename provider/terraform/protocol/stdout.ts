import { writeSync } from "node:fs";
import { Writable } from "node:stream";

const STDOUT = 1;

/**
 * Takes standard output away from everything else in this process: the engine reads its first line as the handshake, and
 * a stray line in its place keeps the provider from starting. What is written is handed to `divert`, line by line.
 * Call it before anything has touched `process.stdout`; the real stream is then never even opened, which saves its cost.
 */
export function guardStdout(divert: (line: string) => void): void {
  const guarded = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString("utf8").split(/\r?\n/)) if (line.trim()) divert(line);
      done();
    },
  });
  Object.defineProperty(process, "stdout", { configurable: true, enumerable: true, get: () => guarded });
}

/**
 * Writes one line to the real standard output. Line ends inside the text become spaces: the engine reads one line.
 * Throws when nobody reads there.
 */
export function writeHandshake(text: string): void {
  let rest = Buffer.from(`${text.replace(/\s*[\r\n]+\s*/g, " ")}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
