import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Reads a file to which another process appends lines: each line once, when all of it is there. */
export class LineTail {
  private position = 0; // bytes
  private incomplete = Buffer.alloc(0);

  constructor(private readonly path: string) {}

  /** The lines that were completed since the last call. Throws where the file is not there any more. */
  newLines(): string[] {
    const bytes = Buffer.concat([this.incomplete, this.appended()]);
    const end = bytes.lastIndexOf("\n") + 1;
    this.incomplete = bytes.subarray(end);
    return bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  }

  private appended(): Buffer {
    const descriptor = openSync(this.path, "r");
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - this.position));
      const length = readSync(descriptor, bytes, 0, bytes.length, this.position);
      this.position += length;
      return bytes.subarray(0, length);
    } finally {
      closeSync(descriptor);
    }
  }
}
