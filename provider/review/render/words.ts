import type { Report, ReportDeclared, ReportObject, ReportUnknown } from "../report/schema";

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const nameOf = ({ name, id }: ReportObject): string => (name === "" ? (id ?? "?") : name);

const HEADLINES: Record<Report["verdict"], string> = {
  unknown: "What happens to access is not fully known",
  broadened: "Access is broadened",
  narrowed: "Access is narrowed",
  none: "Access does not change",
};

/** The verdict, and the counts behind it. */
export function headline({ verdict, summary, access }: Report): { verdict: string; counts: string } {
  const { gained, lost, retained, unknown } = summary;
  const teams = access.teams;
  // What is known is not to be overlooked behind what is not.
  const known = verdict === "unknown" ? (gained > 0 ? HEADLINES.broadened : lost > 0 ? HEADLINES.narrowed : "") : "";
  const counts = [
    `${gained} gained`,
    `${lost} lost`,
    ...(teams.gained.length + teams.lost.length > 0
      ? [`teams: ${teams.gained.length} gained, ${teams.lost.length} lost`]
      : []),
    ...(retained > 0 ? [`${retained} stay${retained === 1 ? "s" : ""} open outside of the program`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ];
  return {
    verdict: known === "" ? HEADLINES[verdict] : `${known}, and what else happens to it is not fully known`,
    counts: counts.join(", "),
  };
}

/** What is to be known of the plans themselves, in sentences. */
export function planNotes({ plans, basis, notes }: Report): string[] {
  return [
    ...plans.flatMap(({ stack, destroy, errored, complete }) => [
      ...(destroy ? [`${stack} is a destroy: it removes everything that it manages.`] : []),
      ...(errored ? [`${stack} ended with errors: do not approve it as it stands.`] : []),
      ...(complete ? [] : [`${stack} is not complete: another plan has to follow it.`]),
    ]),
    ...(basis === "live" ? ["Compared with what Meshery holds now."] : []),
    ...notes,
  ];
}

/** Where something is declared: the line of the program where it is known, else the address. */
export function placeOf({ address, file, line }: Pick<ReportDeclared, "address" | "file" | "line">): string {
  if (file !== undefined) return line === undefined ? file : `${file}:${line}`;
  return shortAddress(address);
}

/** The name at the end of a URN; an address of Terraform as it is. */
const shortAddress = (address: string): string =>
  address.startsWith("urn:pulumi:") ? (address.split("::").at(-1) ?? address) : address;

export const resourcesLine = ({ resources }: Report): string =>
  Object.entries(resources)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} to ${what}`)
    .join(", ") || "no resource changes";

export const directionOf = ({ direction }: ReportUnknown): string =>
  ({ gain: "may give access", loss: "may take access", either: "may give or take access" })[direction];
