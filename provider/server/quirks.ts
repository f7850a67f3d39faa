/** Whose servers have a quirk: Meshery's own, or a third-party remote provider. A quirk of neither is switched on by its name. */
type Group = "meshery" | "others";

/** A quirk that a server has or has not, and the groups with which it is switched on. */
const flag = (...groups: Group[]) => ({ on: true as boolean, groups });
/** A quirk with a number; `on` is the number it is switched on with. */
const amount = (on: number, ...groups: Group[]) => ({ on, groups });

/**
 * Ways in which real servers surprise their clients, one entry each; every one was seen in a server's code or reported by its
 * users. Those of one group can be combined.
 */
const QUIRKS = {
  /** Writes answer without a body. */
  emptyWriteBodies: flag("meshery"),
  /** An update answers with an object whose every field is zero. */
  zeroedPut: flag("meshery"),
  /** One assignment adds two rows, and one removal takes one of them. */
  duplicateMappings: flag("meshery"),
  /** Every failure of environments and workspaces is a 404 without a reason. */
  everythingIs404: flag("meshery"),
  /** The list of an environment's connections answers 500. */
  brokenEdgeList: flag("meshery"),
  /** The list of an environment's connections has their number, and null instead of the rows. */
  assignedAreNull: flag(),
  /** Pages are counted from 1; page 0 is page 1. */
  pagesFromOne: flag("meshery", "others"),
  /** An empty list is `{}`. */
  emptyListIsObject: flag("meshery"),
  /** A deletion time is an object `{Time, Valid}`. */
  deletedAtObject: flag("meshery"),
  /** An update with an empty text leaves the text as it was. */
  textsStay: flag("meshery"),
  /** For how many further reads a write does not show, at most 3. */
  staleReads: amount(3, "meshery"),
  /** A GET of an unknown path, with a token or without, answers 200 with an object that is no list; other methods get 405 as text. */
  unknownGetsSucceed: flag("others"),
  /** There is no `/api/user`. */
  noUser: flag("others"),
  /** There is no `/api/providers`. */
  noProviders: flag("others"),
  /** There are no routes for what is in an environment or a workspace. */
  noEdges: flag(),
  /** Connections are at `/api/connections`. */
  connectionsElsewhere: flag(),
  /** Lists have their rows under `data`; those of organizations and workspaces have them nowhere else. */
  rowsUnderData: flag("others"),
  /** Lists are ordered by the second in which a row was made, whatever was asked; rows of one second change places at every request. */
  unsteadyOrder: flag("others"),
  /** No page is cut, whatever size is asked for. */
  uncappedPages: flag("others"),
  /** Lists hold the rows of every organization, whichever was asked for. */
  listsIgnoreOrganization: flag("others"),
  /** An update of a workspace with an empty description is refused. */
  emptyDescriptionRefused: flag("others"),
  /** Texts lose the blanks at their ends. */
  trimmedTexts: flag("others"),
  /** No object names its owner. */
  noOwners: flag("others"),
};

export type QuirkName = keyof typeof QUIRKS;

/** Which quirks a server has. */
export type Quirks = {
  [Name in QuirkName]: (typeof QUIRKS)[Name]["on"];
};

/** Quirks of which those that are chosen are on, and all others off. */
function quirksWhere(chosen: (name: QuirkName, groups: readonly Group[]) => boolean): Readonly<Quirks> {
  const values = Object.entries(QUIRKS).map(([name, { on, groups }]) => {
    const off = typeof on === "number" ? 0 : false;
    return [name, chosen(name as QuirkName, groups) ? on : off];
  });
  return Object.fromEntries(values) as Quirks;
}

export const noQuirks = quirksWhere(() => false);

/** Every quirk of Meshery's own servers that can be combined. */
export const everyQuirk = quirksWhere((_, groups) => groups.includes("meshery"));

/** Those of a third-party remote provider. It has no routes for edges and other paths either: `noEdges`, `connectionsElsewhere`. */
export const thirdPartyProvider = quirksWhere((_, groups) => groups.includes("others"));

/** `true` is every quirk at once, `"by others"` those of a third-party provider; an object switches single ones on. */
export function quirksOf(choice: boolean | "by others" | Partial<Quirks> | undefined): Readonly<Quirks> {
  if (choice === true) return everyQuirk;
  if (choice === "by others") return thirdPartyProvider;
  return { ...noQuirks, ...(choice || {}) };
}

/**
 * The quirks of these names, together; `all` are Meshery's own, `by-others` those of a third-party provider.
 *
 * @throws Error where there is no such quirk
 */
export function quirksNamed(names: readonly string[]): Readonly<Quirks> {
  const unknown = names.find((name) => !["all", "by-others"].includes(name) && !Object.hasOwn(QUIRKS, name));
  if (unknown !== undefined) {
    throw new Error(`no quirk ${unknown}; there are: ${["by-others", ...Object.keys(QUIRKS)].join(", ")}`);
  }
  return quirksWhere(
    (name, groups) =>
      names.includes(name) ||
      (names.includes("all") && groups.includes("meshery")) ||
      (names.includes("by-others") && groups.includes("others")),
  );
}
