/**
 * The line in which tags and the archive mark stand: no version of Meshery's API has a field for them, and every one keeps and shows
 * a description. `docs/guides/tags.md` publishes the grammar.
 */
export const MARKER = "[meshery-iac]";

/** What a description holds: what it says, and what its marked line does. */
export interface TaggedText {
  text: string;
  tags: Record<string, string>;
  archived: boolean;
}

const ARCHIVED = "archived";

/** Whether a line is one of this tool's. People may have put blanks in front of it. */
const isMarked = (line: string): boolean => line.trimStart().startsWith(MARKER);

export const hasMarkedLine = (description: string): boolean => description.split("\n").some(isMarked);

/**
 * Reads a description, also one that people changed: the last marked line counts, wherever it stands. What is above and below it is
 * the text; words in it that are neither a tag nor `archived` mean nothing. Never fails.
 */
export function parseTaggedText(description: string): TaggedText {
  const lines = description.split("\n");
  const at = lines.findLastIndex(isMarked);
  if (at < 0) return { text: description, tags: {}, archived: false };
  const below = lines.slice(at + 1);
  const text = [...lines.slice(0, at), ...(below.some((line) => line.trim() !== "") ? below : [])];
  const words = lines[at]!.trim().slice(MARKER.length).split(/\s+/);
  return {
    text: text.filter((line) => !isMarked(line)).join("\n"),
    tags: Object.fromEntries(words.flatMap(tagIn)),
    archived: words.includes(ARCHIVED),
  };
}

function tagIn(word: string): [key: string, value: string][] {
  const equals = word.indexOf("=");
  return equals < 1 ? [] : [[unescaped(word.slice(0, equals)), unescaped(word.slice(equals + 1))]];
}

/** The description of a text with its tags, by key. Without tags, and not archived, it is the text. */
export function renderTaggedText({ text, tags, archived }: TaggedText): string {
  const line = tagLine(tags, archived);
  return line === "" ? text : text === "" ? line : `${text}\n${line}`;
}

/** The marked line alone; empty where there is nothing for it. */
export function tagLine(tags: Readonly<Record<string, string>>, archived: boolean): string {
  const words = Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${escaped(key, /[\s\p{Cc}%=]/gu)}=${escaped(value, /[\s\p{Cc}%]/gu)}`);
  const all = [...(archived ? [ARCHIVED] : []), ...words];
  return all.length === 0 ? "" : [MARKER, ...all].join(" ");
}

/** Characters as percent signs and the bytes of UTF-8 in hexadecimal, as in addresses. */
const escaped = (text: string, characters: RegExp): string =>
  text.replace(characters, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );

/** What is no escape stays as people wrote it. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll("%", ""), "hex");
    const characters = bytes.toString("utf8");
    return Buffer.from(characters).equals(bytes) ? characters : escapes;
  });
}
