/** Texts of this folder are for every engine: where engines have other words for the same thing, they name both. */
export type Engine = "terraform" | "pulumi";

export const RENAMED = "`aliases` (Pulumi) or a `moved` block (Terraform)";
export const FORGOTTEN = "(`terraform state rm`, `pulumi state delete`)";
/** Stands where something can be imported; each front door says how (`importId` of the error). */
export const IMPORT_IT = "Import it by that id: it is then the program's own, and a destroy deletes it.";

export const KEPT_ON_REMOVAL =
  "To keep it when it leaves the program, let the engine forget it: `retainOnDelete` (Pulumi) or `removed { lifecycle { destroy = false } }` (Terraform).";

const MOST_NAMES = 12;

/** Names one behind the other, not too many of them. */
export const listed = (names: readonly string[]): string =>
  [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [])].join(
    ", ",
  );

const WORDS: readonly (readonly [string, Record<Engine, string>])[] = [
  [RENAMED, { terraform: "a `moved` block", pulumi: "the resource option `aliases`" }],
  [
    "`retainOnDelete` (Pulumi) or `removed { lifecycle { destroy = false } }` (Terraform)",
    { terraform: "`removed { lifecycle { destroy = false } }`", pulumi: "the resource option `retainOnDelete`" },
  ],
  [FORGOTTEN, { terraform: "(`terraform state rm`)", pulumi: "(`pulumi state delete`)" }],
];

/** A text in the words of one engine alone. */
export function inWordsOf(engine: Engine, text: string): string {
  // Options written with "=" are Pulumi's with ":"; code of Terraform is gone by then.
  const own = WORDS.reduce((result, [both, words]) => result.replaceAll(both, words[engine]), text);
  return engine === "pulumi" ? own.replace(/\b(\w+) = (true|false)\b/g, "$1: $2") : own;
}
