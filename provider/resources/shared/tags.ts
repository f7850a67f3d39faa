import * as z from "zod";
import { textIn } from "../../client/models";
import { isMap, optional, output, type Problem, ResourceError, textMap, UNKNOWN, type Values } from "../../framework";
import { hasMarkedLine, MARKER, parseTaggedText, renderTaggedText, type TaggedText, tagLine } from "./tagLine";
import { text, type Wire } from "./wire";

/** What carries tags, and how many characters its description may have with them. */
interface Carrier {
  resource: string;
  longest: number;
}

type Tags = Record<string, string>;

/** The key under which servers keep the description, and in it the marked line. */
const KEY = "description";
/** The text that a description has beside its tags. Some servers cut blanks at the ends of the whole. */
export const describedText: Wire = {
  ...text(KEY, { clearedBy: "marker" }),
  same: (there, wanted, { tagsAll, archived }) => {
    const cut = tagLine((tagsAll ?? {}) as Tags, archived === true) === "" ? "trim" : "trimStart";
    return there === wanted || there === String(wanted)[cut]();
  },
};

/** `tags` and `tagsAll` of an object. They stand in its description: the fields go behind it in a declaration. */
export const tagFields = (carrier: Carrier) => {
  const word = carrier.resource.toLowerCase();
  return {
    tags: optional(textMap, {
      description: `Tags of the ${word}, kept in the last line of its description. All of them are managed: one that is not in the program is removed, \`{}\` removes all. Left out they are not managed, unless the provider has default tags.`,
      compare: "whole",
      example: { stage: "production", region: "us-east" },
      wire: {
        key: KEY,
        read: (row) => tagged(row).tags,
        live: (value, state) => ownTags(value as Tags, state),
        imported: (value, _row, { defaultTags }) => withoutDefaults(value as Tags, defaultTags),
      },
    }),
    tagsAll: output(textMap, {
      description: `All tags that the ${word} has: its own \`tags\` and the provider's default tags, of which its own win.`,
      compare: "whole",
      derived: mergedTags,
      wire: {
        key: KEY,
        read: (row) => tagged(row).tags,
        write: (value, { row, field, body }) => changed(carrier, body, { tags: (value ?? row?.[field] ?? {}) as Tags }),
      },
    }),
  };
};

/** `archived` of an object; see `tagFields`. */
export const archivedField = (carrier: Carrier) =>
  optional(z.boolean(), {
    description: `Whether the ${carrier.resource.toLowerCase()} is archived: it keeps what it has, and is not bound anywhere anew until this is \`false\` again. Left out it is not managed.`,
    example: false,
    wire: {
      key: KEY,
      read: (row) => tagged(row).archived,
      write: (value, { row, field, body }) => changed(carrier, body, { archived: (value ?? row?.[field]) === true }),
    },
  });

const tagged = (row: Values): TaggedText => parseTaggedText(textIn(row, KEY));

/** The description that is to be sent, with another part in it. A bare marker, which stands for an empty text, stays. */
function changed(carrier: Carrier, body: Values, part: Partial<TaggedText>): string {
  const before = String(body[KEY] ?? "");
  const after = { ...parseTaggedText(before), ...part };
  const line = tagLine(after.tags, after.archived);
  if (line === "") return before;
  const problem = tooLong(after, carrier.longest);
  if (problem === undefined) return renderTaggedText(after);
  throw new ResourceError("invalid-input", {
    resource: carrier.resource,
    field: "tags",
    what: problem,
    hint: "Nothing was sent. Shorten the description, or use fewer or shorter tags; the provider's default tags count too.",
  });
}

function tooLong({ text, tags, archived }: TaggedText, longest: number): string | undefined {
  const characters = (value: string) => [...value].length;
  const all = characters(renderTaggedText({ text, tags, archived }));
  if (all <= longest) return undefined;
  const line = characters(tagLine(tags, archived));
  return `description and tags together have ${all} characters, and at most ${longest} fit: the description has ${characters(text)}, the line in which tags are kept ${line}`;
}

interface Written {
  description?: string | undefined;
  tags?: Tags | undefined;
  archived?: boolean | undefined;
}

/** What is wrong with a description and the tags beside it, as far as a program says them. */
export function checkTagged({ description = "", tags = {}, archived = false }: Written, longest: number): Problem[] {
  if (hasMarkedLine(description)) {
    const message = `description must not have a line that begins with ${MARKER}: that marks where tags are kept. Write them as tags, archived as archived.`;
    return [{ field: "description", message }];
  }
  const problem = tooLong({ text: description, tags, archived }, longest);
  return problem === undefined ? [] : [{ field: "tags", message: `${problem}.` }];
}

const isGiven = (defaults: unknown): boolean => isMap(defaults) && Object.keys(defaults).length > 0;

/** The tags that something is to have; undefined where neither the program nor the provider says any. */
function mergedTags({ tags }: Values, { defaultTags }: Values, state: Values | undefined): unknown {
  if (tags === UNKNOWN || defaultTags === UNKNOWN) return UNKNOWN;
  const defaults = isGiven(defaultTags) ? (defaultTags as Tags) : undefined;
  const own = tags ?? (defaults && state?.tags) ?? undefined;
  return defaults || own ? { ...defaults, ...(own as Tags | undefined) } : undefined;
}

/** What there is beside what the provider's defaults put there: those of all tags known to the state that are not its own. */
function ownTags(there: Tags, { tags, tagsAll }: Values): Tags {
  const isDefault = (key: string) =>
    isMap(tagsAll) && Object.hasOwn(tagsAll, key) && !(isMap(tags) && Object.hasOwn(tags, key));
  return Object.fromEntries(Object.entries(there).filter(([key]) => !isDefault(key)));
}

const withoutDefaults = (there: Tags, defaults: unknown): Tags =>
  Object.fromEntries(
    Object.entries(there).filter(
      ([key, value]) => !(isMap(defaults) && Object.hasOwn(defaults, key) && defaults[key] === value),
    ),
  );
