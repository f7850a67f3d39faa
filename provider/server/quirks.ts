/** Ways in which real servers surprise their clients; each was seen in a server's code or reported by its users. */
export interface Quirks {
  /** Writes answer without a body. */
  emptyWriteBodies: boolean;
  /** An update answers with an object whose every field is zero. */
  zeroedPut: boolean;
  /** One assignment adds two rows, and one removal takes one of them. */
  duplicateMappings: boolean;
  /** Every failure of environments and workspaces is a 404 that does not tell why. */
  everythingIs404: boolean;
  /** The list of an environment's connections answers 500. */
  brokenEdgeList: boolean;
  /** The list of an environment's connections tells how many there are, and null instead of them. */
  assignedAreNull: boolean;
  /** Pages are counted from 1; page 0 is page 1. */
  pagesFromOne: boolean;
  /** An empty list is `{}`. */
  emptyListIsObject: boolean;
  /** A deletion time is an object `{Time, Valid}`. */
  deletedAtObject: boolean;
  /** An update with an empty text leaves the text as it was. */
  textsStay: boolean;
  /** For how many further reads a write does not show, at most 3. */
  staleReads: number;
  /** A GET of an unknown path, with a token or without, answers 200 with an object that is no list; other methods get 405 as text. */
  unknownGetsSucceed: boolean;
  /** There is no `/api/user`. */
  noUser: boolean;
  /** There is no `/api/providers`. */
  noProviders: boolean;
  /** There are no routes for what is in an environment or a workspace. */
  noEdges: boolean;
  /** Connections are at `/api/connections`. */
  connectionsElsewhere: boolean;
  /** Lists have their rows under `data`; those of organizations and workspaces have them nowhere else. */
  rowsUnderData: boolean;
  /** Lists are ordered by the second in which a row was made, whatever was asked; rows of one second change places at every request. */
  unsteadyOrder: boolean;
  /** No page is cut, whatever size is asked for. */
  uncappedPages: boolean;
  /** Lists hold the rows of every organization, whichever was asked for. */
  listsIgnoreOrganization: boolean;
  /** An update of a workspace with an empty description is refused. */
  emptyDescriptionRefused: boolean;
  /** Texts lose the blanks at their ends. */
  trimmedTexts: boolean;
  /** Nothing says whom it belongs to. */
  noOwners: boolean;
}

export const noQuirks: Readonly<Quirks> = {
  emptyWriteBodies: false,
  zeroedPut: false,
  duplicateMappings: false,
  everythingIs404: false,
  brokenEdgeList: false,
  assignedAreNull: false,
  pagesFromOne: false,
  emptyListIsObject: false,
  deletedAtObject: false,
  textsStay: false,
  staleReads: 0,
  unknownGetsSucceed: false,
  noUser: false,
  noProviders: false,
  noEdges: false,
  connectionsElsewhere: false,
  rowsUnderData: false,
  unsteadyOrder: false,
  uncappedPages: false,
  listsIgnoreOrganization: false,
  emptyDescriptionRefused: false,
  trimmedTexts: false,
  noOwners: false,
};

/** Every quirk of Meshery's own servers that can be borne together. */
export const everyQuirk: Readonly<Quirks> = {
  ...noQuirks,
  emptyWriteBodies: true,
  zeroedPut: true,
  duplicateMappings: true,
  everythingIs404: true,
  brokenEdgeList: true,
  pagesFromOne: true,
  emptyListIsObject: true,
  deletedAtObject: true,
  textsStay: true,
  staleReads: 3,
};

/** The habits of a remote provider that others wrote. It has no routes for edges and other paths either: `noEdges`, `connectionsElsewhere`. */
export const providerByOthers: Readonly<Quirks> = {
  ...noQuirks,
  pagesFromOne: true,
  unknownGetsSucceed: true,
  noUser: true,
  noProviders: true,
  rowsUnderData: true,
  unsteadyOrder: true,
  uncappedPages: true,
  listsIgnoreOrganization: true,
  emptyDescriptionRefused: true,
  trimmedTexts: true,
  noOwners: true,
};

/** `true` is every quirk at once, `"by others"` those of a provider by others; an object switches single ones on. */
export function quirksOf(choice: boolean | "by others" | Partial<Quirks> | undefined): Readonly<Quirks> {
  if (choice === true) return everyQuirk;
  if (choice === "by others") return providerByOthers;
  return { ...noQuirks, ...(choice || {}) };
}

/**
 * The quirks of these names, together; `all` are Meshery's own, `by-others` those of a provider by others.
 *
 * @throws Error where there is no such quirk
 */
export function quirksNamed(names: readonly string[]): Readonly<Quirks> {
  let quirks = noQuirks;
  for (const name of names) {
    if (name === "all") quirks = joined(quirks, everyQuirk);
    else if (name === "by-others") quirks = joined(quirks, providerByOthers);
    else if (Object.hasOwn(noQuirks, name)) quirks = { ...quirks, [name]: name === "staleReads" ? 3 : true };
    else throw new Error(`no quirk ${name}; there are: ${["by-others", ...Object.keys(noQuirks)].join(", ")}`);
  }
  return quirks;
}

const joined = (one: Readonly<Quirks>, other: Readonly<Quirks>): Readonly<Quirks> => ({
  ...one,
  ...Object.fromEntries(Object.entries(other).filter(([, on]) => on)),
});
