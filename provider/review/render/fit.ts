/** A part of a page whose rows can be left out one by one, from the last. */
export interface Section {
  /** Lines before the rows and after them. */
  head: readonly string[];
  rows: readonly string[];
  tail: readonly string[];
  /** What is left out first has the lowest. */
  importance: number;
  /** The line that says how much was left out. */
  leftOut?(count: number): string;
}

/** A page of at most so many characters: what matters least is left out, and how much of it is said. */
export function fitted(sections: readonly Section[], most: number): string {
  const kept = sections.map(({ rows }) => rows.length);
  const order = sections.map((_, index) => index).sort((a, b) => sections[a]!.importance - sections[b]!.importance);
  for (const index of order) {
    const over = text(sections, kept).length - most;
    if (over <= 0) break;
    kept[index] = rowsWithout(sections[index]!.rows, over);
  }
  return text(sections, kept);
}

/** The line that says what was left out is no longer than this. */
const NOTE = 250;

/** How many rows of a section stay, so that so many characters go; with those of the line that says so. */
function rowsWithout(rows: readonly string[], over: number): number {
  let [count, left] = [rows.length, over + NOTE];
  while (count > 0 && left > 0) left -= rows[--count]!.length + 1;
  return count;
}

function text(sections: readonly Section[], kept: readonly number[]): string {
  const parts = sections.flatMap(({ head, rows, tail, leftOut }, index) => {
    const count = kept[index]!;
    const missing = rows.length - count;
    if (count === 0 && rows.length > 0 && missing > 0 && leftOut) return [leftOut(missing), ""];
    return [...head, ...rows.slice(0, count), ...tail, ...(missing > 0 && leftOut ? ["", leftOut(missing)] : []), ""];
  });
  return `${parts.join("\n").trimEnd()}\n`;
}
