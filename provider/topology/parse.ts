import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";

type Path = readonly (string | number)[];

/** One thing that is wrong in a topology file. */
export interface TopologyProblem {
  /** Where in the document, such as `environments.production.connections[0]`; empty for the document itself. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  readonly message: string;
}

/** A topology file that cannot be used. The message holds every problem, one a line, as `file:line:column: ...`. */
export class TopologyError extends Error {
  override readonly name = "TopologyError";

  constructor(
    readonly file: string,
    readonly problems: readonly TopologyProblem[],
  ) {
    super(
      problems
        .map(
          ({ path, line, column, message }) => `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`,
        )
        .join("\n"),
    );
  }
}

/** One thing that is wrong, before its place in a text is known. */
interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Whether the key at the path is wrong, or its value. */
  readonly part?: "key" | "value";
}

/** What can be looked up about a value beyond its shape: problems with the path they are at. */
export type Check<Value> = (value: Value) => Iterable<Finding>;

/** Line and column of a path, counted from 1. */
export type Locate = (path: Path, part: "key" | "value") => { line: number; column: number };

/**
 * Reads YAML (and so JSON) text into what `schema` describes.
 *
 * @param text the file's text
 * @param schema the zod schema of the document
 * @param check further rules, such as references between objects; runs only on a document of the right shape
 * @param file name of the file, for messages
 * @throws TopologyError with line and column of everything that is wrong
 */
export function parseTopologyText<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  check: Check<z.output<Schema>> = () => [],
  file = "topology",
): z.output<Schema> {
  const lines = new LineCounter();
  // No aliases beyond a bound: a small file must not grow into a large one.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new TopologyError(
      file,
      document.errors.map(({ message, pos }) => ({ path: "", ...place(lines, pos[0]), message })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    throw new TopologyError(file, [{ path: "", line: 1, column: 1, message: (error as Error).message }]);
  }
  return checkTopology(value, schema, check, file, (path, part) => place(lines, offsetOf(document, path, part)));
}

/**
 * Reads a value that a program holds into what `schema` describes.
 *
 * @param locate line and column of a path, where the value was read from a text
 * @throws TopologyError with everything that is wrong
 */
export function checkTopology<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  check: Check<z.output<Schema>> = () => [],
  file = "topology",
  locate: Locate = () => ({ line: 1, column: 1 }),
): z.output<Schema> {
  const at = ({ path, message, part = "value" }: Finding): TopologyProblem => ({
    path: spellPath(path),
    ...locate(path, part),
    message,
  });
  const parsed = schema.safeParse(value);
  const problems = parsed.success
    ? [...check(parsed.data)].map(at)
    : parsed.error.issues.flatMap((issue) => findingsOf(issue).map(at));
  if (problems.length > 0 || !parsed.success) throw new TopologyError(file, problems);
  return parsed.data;
}

function findingsOf(issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: "unknown key", part: "key" }));
  }
  if (issue.code === "invalid_key") return [{ path, message: issue.issues[0]?.message ?? issue.message, part: "key" }];
  return [{ path, message: issue.message }];
}

/** `["environments", "prod", "connections", 0]` as `environments.prod.connections[0]`. */
function spellPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Where `path` stands in the text, or the nearest thing around it: a missing key is reported at its parent. */
function offsetOf(document: Document, path: Path, part: "key" | "value"): number {
  if (part === "key") {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => String(isScalar(key) ? key.value : key) === path.at(-1))
      : undefined;
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
