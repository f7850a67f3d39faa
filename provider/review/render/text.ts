import type { Report, ReportAccess, ReportDeclared, ReportFinding } from "../report/schema";
import { directionOf, headline, nameOf, placeOf, planNotes, plural, resourcesLine } from "./words";

type Colour = "red" | "green" | "yellow" | "bold" | "dim";
const CODES: Record<Colour, number> = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };
type Paint = (colour: Colour, text: string) => string;

const plain: Paint = (_, text) => text;
const coloured: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;

const VERDICT: Record<Report["verdict"], Colour> = {
  unknown: "yellow",
  broadened: "red",
  narrowed: "green",
  none: "green",
};
const SEVERITY: Record<ReportFinding["severity"], Colour> = { error: "red", warning: "yellow", info: "dim" };

/** A report for a terminal. */
export function text(report: Report, colours: boolean): string {
  const paint = colours ? coloured : plain;
  const { verdict, counts } = headline(report);
  const { access } = report;
  const blocks = [
    [
      paint(VERDICT[report.verdict], `${paint("bold", verdict)}: ${counts}`),
      `${planLine(report)}: ${resourcesLine(report)}.`,
      ...planNotes(report).map((note) => paint("dim", note)),
    ],
    table([
      ...access.gained.map((one) => accessRow(paint("red", "+"), "reaches", one)),
      ...access.lost.map((one) => accessRow(paint("green", "-"), "no longer reaches", one)),
    ]),
    titled(
      "Stays open although it leaves the program",
      table(access.retained.map((one) => accessRow(one.reason, "reaches", one))),
    ),
    titled(
      "Teams",
      table([
        ...access.teams.gained.map(({ team, connection }) => [
          paint("red", "+"),
          nameOf(team),
          "reaches",
          nameOf(connection),
        ]),
        ...access.teams.lost.map(({ team, connection }) => [
          paint("green", "-"),
          nameOf(team),
          "no longer reaches",
          nameOf(connection),
        ]),
      ]),
    ),
    titled(
      "Not known",
      access.unknown.flatMap((one) => [
        `${paint("yellow", "?")} ${placeOf(one)} ${directionOf(one)}${known(one.known)}: ${one.reason}.`,
        `    ${one.advice}`,
      ]),
    ),
    titled("Findings", findings(report, paint)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const planLine = ({ plans }: Report): string =>
  plans.length === 0 ? "What Meshery holds" : plans.map(({ stack, engine }) => `${stack} (${engine})`).join(", ");

const titled = (title: string, lines: string[]): string[] => (lines.length > 0 ? [`${title}:`, ...lines] : []);

const known = (ends: Report["access"]["unknown"][number]["known"]): string => {
  const shown = Object.entries(ends).flatMap(([kind, object]) => (object ? `${kind} ${nameOf(object)}` : []));
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
};

function accessRow(
  sign: string,
  verb: string,
  { workspace, teams, connection, through, declared }: ReportAccess,
): string[] {
  const members = teams === null ? "" : ` (${teams.map(nameOf).join(", ") || "no team"})`;
  const kind = connection.kind === undefined ? "" : ` (${connection.kind})`;
  return [
    sign,
    `${nameOf(workspace)}${members}`,
    verb,
    `${nameOf(connection)}${kind}`,
    `through ${through.map(nameOf).join(", ")}`,
    by(declared),
  ];
}

const MOST_CAUSES = 3;

function by(declared: readonly ReportDeclared[]): string {
  const shown = declared.slice(0, MOST_CAUSES).map((one) => `${one.action} ${placeOf(one)}`);
  const more = declared.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function findings({ findings: all }: Report, paint: Paint): string[] {
  const fresh = all.filter(({ baseline }) => !baseline);
  const lines = fresh.flatMap(({ severity, rule, message, because, remedy, addresses }) => [
    `${paint(SEVERITY[severity], severity)} ${message} [${rule}]`,
    ...(because === undefined ? [] : [`    because: ${because}`]),
    ...(addresses.length === 0 ? [] : [`    at ${addresses.slice(0, 5).map(placeOf).join(", ")}`]),
    `    ${remedy}`,
  ]);
  const rest = all.length - fresh.length;
  return rest > 0 ? [...lines, `${plural(rest, "finding")} in the baseline not shown.`] : lines;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours have no width.
const widthOf = (cell: string): number => [...cell.replace(/\u001b\[\d+m/g, "")].length;

/** Columns as wide as their widest cell. */
function table(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const cells of rows)
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return rows.map((cells) =>
    cells
      .map((cell, at) => cell + " ".repeat(at === cells.length - 1 ? 0 : widths[at]! - widthOf(cell)))
      .join("  ")
      .trimEnd(),
  );
}
