import * as z from "zod";

/** What engines have to know of a field's shape. */
export type FieldKind = "string" | "boolean" | "number" | "stringMap" | "stringSet" | "rows";

/**
 * How a field comes to its value.
 * - `required`, `optional`: written in the program; an optional one that is left out is not managed.
 * - `recorded`: optional; where left out the provider fills it in at creation and remembers it.
 * - `flag`: a switch for the provider's own behaviour, with a default; nothing of it is sent.
 * - `output`: never written in the program.
 */
export type FieldRole = "required" | "optional" | "recorded" | "flag" | "output";

export interface FieldOptions {
  /** One or two sentences, Markdown. */
  description: string;
  /**
   * What a change means: `update` in place; `replace`: a new object; `end`: the other end of an edge, which engines that can
   * update an id in place add before they remove, and others replace, new one first.
   */
  onChange?: "update" | "replace" | "end";
  /**
   * How two values are compared: `json` as parsed JSON, of which only declared keys count; `whole`: a map in which every key counts,
   * declared or not; `never` for creation only.
   */
  compare?: "value" | "json" | "whole" | "never";
  /** For a flag that means something only beside other state: whether what the program says asks for a change. */
  differs?: (state: Record<string, unknown>, wanted: unknown) => boolean;
  /** For an output: its value after an update, where that is known before the update. Left out: as it was. */
  planned?: (state: Record<string, unknown>, inputs: Record<string, unknown>) => unknown;
  /**
   * For an output that the server is brought to like an input: its value follows from what the program writes and from the
   * provider's configuration. Undefined where it is not managed; `state` is undefined for something new.
   */
  derived?: (
    inputs: Record<string, unknown>,
    configured: Record<string, unknown>,
    state: Record<string, unknown> | undefined,
  ) => unknown;
  secret?: boolean;
  /**
   * The value is sent and never kept: no state holds it. It cannot show what changed, so it has a version beside it.
   */
  writeOnly?: boolean;
  /** For a `writeOnly` field: the field whose change says that the value is to be sent again. */
  versionField?: string;
  /** The resource whose id it holds: one that is named so cannot be deleted. */
  refersTo?: string;
  /** For `recorded`: what it is created with where the program says nothing and nothing else decides. */
  initial?: unknown;
  /** An example value for documentation. */
  example?: unknown;
}

export interface Field<Schema extends z.ZodType = z.ZodType, Role extends FieldRole = FieldRole> extends FieldOptions {
  schema: Schema;
  role: Role;
  kind: FieldKind;
  /** For `flag` alone. */
  defaultValue?: boolean;
  /** For `rows`: the fields of one row. */
  row?: Record<string, CellKind>;
}

export type Fields = Record<string, Field>;

type KeysOf<F extends Fields, Role extends FieldRole> = {
  [K in keyof F]: F[K]["role"] extends Role ? K : never;
}[keyof F];
type ValueOf<F extends Field> = z.output<F["schema"]>;

/** What a program writes: required fields, and the others if it cares. */
export type InputsOf<F extends Fields> = { [K in KeysOf<F, "required">]: ValueOf<F[K]> } & {
  [K in KeysOf<F, "optional" | "recorded" | "flag">]?: ValueOf<F[K]> | undefined;
};
/** What an engine remembers: inputs as they were written but for write-only ones, and outputs. */
export type StateOf<F extends Fields> = { id: string } & {
  [K in KeysOf<F, "required" | "recorded" | "output">]: ValueOf<F[K]>;
} & {
  [K in KeysOf<F, "optional" | "flag">]?: ValueOf<F[K]> | undefined;
};

export const required = <S extends z.ZodType>(schema: S, options: FieldOptions) => field(schema, "required", options);
export const optional = <S extends z.ZodType>(schema: S, options: FieldOptions) => field(schema, "optional", options);
export const recorded = <S extends z.ZodType>(schema: S, options: FieldOptions) => field(schema, "recorded", options);
export const output = <S extends z.ZodType>(schema: S, options: FieldOptions) => field(schema, "output", options);
export const flag = (options: FieldOptions & { defaultValue?: boolean }) => field(z.boolean(), "flag", options);

function field<S extends z.ZodType, R extends FieldRole>(schema: S, role: R, options: FieldOptions): Field<S, R> {
  const kind = kindOf(schema);
  return { ...options, schema, role, kind, ...(kind === "rows" ? { row: rowKinds(schema) } : {}) };
}

interface ZodShape {
  type: string;
  element?: { def: ZodShape };
  shape?: Record<string, unknown>;
}
const shapeOf = (schema: z.ZodType) => schema.def as unknown as ZodShape;

function kindOf(schema: z.ZodType): FieldKind {
  const { type, element } = shapeOf(schema);
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      return type;
    case "enum":
      return "string";
    case "record":
      return "stringMap";
    case "set":
      return "stringSet";
    case "array":
      return element!.def.type === "object" ? "rows" : "stringSet";
    default:
      throw new Error(`no field can be a zod ${type}`);
  }
}

/** What a row of a list can hold. */
export type CellKind = Exclude<FieldKind, "rows" | "stringSet">;

function rowKinds(schema: z.ZodType): Record<string, CellKind> {
  const shape = shapeOf(schema).element!.def.shape!;
  return Object.fromEntries(
    Object.entries(shape).map(([name, inner]) => [name, kindOf(inner as z.ZodType) as CellKind]),
  );
}

/** A set of texts: written and compared in any order, each text once. */
export const setOf = (member: z.ZodType<string>) =>
  z.array(member).refine((texts) => new Set(texts).size === texts.length, { error: "must not hold a text twice" });

/** Under which a run remembers that objects of this type name others in this field: pairs of both ids, joined by "/". */
export const referenceType = (resource: string, field: string): string => `${resource}.${field}`;

export const isInput = (field: Field): boolean => field.role !== "output";

/** An id of Meshery: opaque text. Only what can never be an id is refused; looking before writing finds the rest. */
export const id = (what: string) =>
  z
    .string()
    .refine((text) => text.trim() !== "", { error: `must be the id of ${what}, not empty` })
    .refine((text) => !text.includes("/"), {
      error: `must be the id of ${what} alone: an id has no "/" (did you pass the id of an assignment or a binding?)`,
    })
    .refine((text) => text !== "." && text !== "..", {
      error: `must be the id of ${what}; dots alone are none`,
    })
    .refine((text) => text !== "00000000-0000-0000-0000-000000000000", {
      error: `must be the id of ${what}; the nil id stands for nothing`,
    });

/** A name that people read: what the server stores is what was written, so blanks at its ends are refused, not cut. */
export const name = (longest: number) =>
  z
    .string()
    .refine((text) => text.trim() !== "", { error: "must not be empty", abort: true })
    .refine((text) => text === text.trim(), { error: "must not begin or end with a blank" })
    .refine((text) => !text.includes("\0"), NO_NUL)
    .refine((text) => [...text].length <= longest, { error: (issue) => tooLong(issue.input, longest) });

/** Free text of at most `longest` characters. */
export const text = (longest: number) =>
  z
    .string()
    .refine((value) => !value.includes("\0"), NO_NUL)
    .refine((value) => [...value].length <= longest, { error: (issue) => tooLong(issue.input, longest) });

/** Texts under keys that are not empty. */
export const textMap = z
  .record(z.string(), z.string())
  .refine((texts) => !Object.hasOwn(texts, ""), { error: "must not have an empty key" })
  .refine((texts) => !HALF_A_CHARACTER.test(Object.entries(texts).flat().join(" ")), {
    error: "must not hold half a character (a lone surrogate)",
  });

const HALF_A_CHARACTER = /\p{Cs}/u;

/** Servers cut a text there, and every plan would then show a change. */
const NO_NUL = { error: "must not contain the character NUL (U+0000)" };

const tooLong = (input: unknown, longest: number) =>
  `must have at most ${longest} characters; it has ${[...String(input)].length}`;
