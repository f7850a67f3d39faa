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
  const size = () => text(sections, kept).length;
  const order = sections.map((_, index) => index).sort((a, b) => sections[a]!.importance - sections[b]!.importance);
  for (const index of order) {
    if (size() <= most) break;
    kept[index] = mostRows(sections, kept, index, most);
  }
  return text(sections, kept);
}

/** How many rows of a section fit beside all the others. */
function mostRows(sections: readonly Section[], kept: readonly number[], index: number, most: number): number {
  let [low, high] = [0, sections[index]!.rows.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (
      text(
        sections,
        kept.map((count, at) => (at === index ? middle : count)),
      ).length <= most
    )
      low = middle;
    else high = middle - 1;
  }
  return low;
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
