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
}

export const noQuirks: Readonly<Quirks> = {
  emptyWriteBodies: false,
  zeroedPut: false,
  duplicateMappings: false,
  everythingIs404: false,
  brokenEdgeList: false,
  pagesFromOne: false,
  emptyListIsObject: false,
  deletedAtObject: false,
  textsStay: false,
  staleReads: 0,
};

export const everyQuirk: Readonly<Quirks> = {
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

/** `true` is every quirk at once; an object switches single ones on. */
export function quirksOf(choice: boolean | Partial<Quirks> | undefined): Readonly<Quirks> {
  if (choice === true) return everyQuirk;
  return { ...noQuirks, ...(choice || {}) };
}
