import {
  type Report,
  type ReportAccess,
  type ReportDeclared,
  type ReportFinding,
  type ReportObject,
  type ReportTeamAccess,
  SEVERITIES,
} from "../report/schema";
import { code, prose } from "./escape";
import { fitted, type Section } from "./fit";
import { map } from "./mermaid";
import { directionOf, headline, nameOf, placeOf, planNotes, plural, resourcesLine } from "./words";

/** Comments on pull requests hold 65,536 characters. */
const LONGEST = 59_000;
const MOST_IN_CELL = 8;
const ICONS: Record<Report["verdict"], string> = { unknown: "❓", broadened: "🔓", narrowed: "🔒", none: "✅" };

/** A report as a comment on a pull request: below 60,000 characters, whatever is in it. */
export function markdown(report: Report): string {
  const { verdict, counts } = headline(report);
  const intro: Section = {
    head: [
      `<!-- meshery-iac review ${report.plans
        .map(({ sha256 }) => sha256.slice(0, 12))
        .slice(0, 20)
        .join(" ")} -->`,
      `## ${ICONS[report.verdict]} ${verdict}: ${counts}`,
      "",
      `${report.plans.length === 0 ? "What Meshery holds" : `${plural(report.plans.length, "plan")} (${cell(report.plans.map(({ stack, engine }) => `${code(stack)} by ${engine}`))})`}: ${resourcesLine(report)}.`,
      "",
    ],
    rows: planNotes(report).map((note) => `- ${prose(note)}`),
    tail: [],
    importance: 100,
  };
  return fitted(
    [
      intro,
      access(report),
      retained(report),
      teams(report),
      ...findings(report),
      unknown(report),
      environments(report),
      drawing(report),
    ].filter((one) => one !== undefined),
    LONGEST,
  );
}

const named = (object: ReportObject): string => code(nameOf(object));

const cell = (items: readonly string[], most = MOST_IN_CELL): string =>
  items.length > most ? `${items.slice(0, most).join(", ")} and ${items.length - most} more` : items.join(", ");

/** The team behind a workspace is who gets the access. */
const who = ({ workspace, teams }: ReportAccess): string => {
  if (teams === null) return named(workspace);
  const shown = teams.length === 0 ? "no team" : cell(teams.map(named), 4);
  return `${named(workspace)} (${shown})`;
};

const declaredCell = (declared: readonly ReportDeclared[]): string =>
  cell(
    declared.map((one) => `${one.action} ${code(placeOf(one))}`),
    3,
  );

const row = (sign: string, one: ReportAccess): string =>
  `| ${sign} | ${who(one)} | ${named(one.connection)} | ${one.connection.kind === undefined ? "" : code(one.connection.kind)} | ${cell(one.through.map(named))} | ${declaredCell(one.declared)} |`;

const HEAD = ["| | Workspace (teams) | Connection | Kind | Through environment | By |", "|---|---|---|---|---|---|"];
const JSON_HAS_ALL = "`--format json` has all of it.";

function access({ access: { gained, lost } }: Report): Section | undefined {
  if (gained.length + lost.length === 0) return undefined;
  return {
    head: ["### Who gains and loses access to what", "", ...HEAD],
    rows: [...gained.map((one) => row("➕&nbsp;gains", one)), ...lost.map((one) => row("➖&nbsp;loses", one))],
    tail: [],
    importance: 90,
    leftOut: (count) =>
      `_${plural(count, "more row")} of access gained and lost left out here (gains are shown first); ${JSON_HAS_ALL}_`,
  };
}

function retained({ access: { retained: all } }: Report): Section | undefined {
  if (all.length === 0) return undefined;
  return {
    head: [
      "### Access that leaves the program and stays open",
      "",
      "The engine forgets these edges or objects without removing them: nobody's program declares this access afterwards, and it goes on.",
      "",
      ...HEAD,
    ],
    rows: all.map((one) => row(one.reason, one)),
    tail: [],
    importance: 60,
    leftOut: (count) => `_${plural(count, "more row")} of access that stays open left out here; ${JSON_HAS_ALL}_`,
  };
}

function teams({
  access: {
    teams: { gained, lost },
  },
}: Report): Section | undefined {
  if (gained.length + lost.length === 0) return undefined;
  const line = (sign: string, { team, connection, through }: ReportTeamAccess) =>
    `| ${sign} | ${named(team)} | ${named(connection)} | ${cell(
      through.map(({ workspace, environment }) => `${named(workspace)} → ${named(environment)}`),
      4,
    )} |`;
  return {
    head: ["### Teams", "", "| | Team | Connection | Through workspace and environment |", "|---|---|---|---|"],
    rows: [...gained.map((one) => line("➕&nbsp;gains", one)), ...lost.map((one) => line("➖&nbsp;loses", one))],
    tail: [],
    importance: 80,
    leftOut: (count) => `_${plural(count, "more row")} of teams left out here; ${JSON_HAS_ALL}_`,
  };
}

const SIGNS = { error: "⛔", warning: "⚠️", info: "ℹ️" } as const;

const HEADINGS = { error: "Errors", warning: "Warnings", info: "Notes" } as const;
const IMPORTANCE = { error: 85, warning: 55, info: 20 } as const;

function findings({ findings: all }: Report): Section[] {
  const fresh = all.filter(({ baseline }) => !baseline);
  const sections = SEVERITIES.flatMap((severity): Section[] => {
    const rows = fresh.filter((one) => one.severity === severity).map(findingRow);
    if (rows.length === 0) return [];
    return [
      {
        head: [
          ...(severity === "info" ? [`<details><summary>${HEADINGS.info}</summary>`] : [`### ${HEADINGS[severity]}`]),
          "",
          "| What was found | What to do | Rule |",
          "|---|---|---|",
        ],
        rows,
        tail: severity === "info" ? ["", "</details>"] : [],
        importance: IMPORTANCE[severity],
        leftOut: (count) => `_${count} more under ${HEADINGS[severity]} left out here; ${JSON_HAS_ALL}_`,
      },
    ];
  });
  const known = all.length - fresh.length;
  const note = [`_${plural(known, "finding")} that the baseline knows not shown._`];
  return known > 0 ? [...sections, { head: note, rows: [], tail: [], importance: 95 }] : sections;
}

function findingRow({ severity, message, because, remedy, rule, addresses }: ReportFinding): string {
  const where =
    addresses.length === 0
      ? ""
      : `<br>${cell(
          addresses.map((one) => code(placeOf(one))),
          3,
        )}`;
  const why = because === undefined ? "" : `<br>_because: ${prose(because)}_`;
  return `| ${SIGNS[severity]} ${prose(message)}${why}${where} | ${remedy} | ${code(rule)} |`;
}

function unknown({ access: { unknown: all } }: Report): Section | undefined {
  if (all.length === 0) return undefined;
  return {
    head: [
      "### Not known",
      "",
      "What these changes do to access cannot be read from the plan. Nothing above depends on a guess about them.",
      "",
      "| Change | What is known | Why the rest is not | What makes it known |",
      "|---|---|---|---|",
    ],
    rows: all.map((one) => {
      const ends = Object.entries(one.known).flatMap(([kind, object]) => (object ? `${kind} ${named(object)}` : []));
      return `| ${code(placeOf(one))} ${directionOf(one)} | ${cell(ends)} | ${prose(one.reason)} | ${one.advice} |`;
    }),
    tail: [],
    importance: 88,
    leftOut: (count) => `_${plural(count, "more change")} whose effect is not known left out here; ${JSON_HAS_ALL}_`,
  };
}

function environments({ environments: all }: Report): Section | undefined {
  if (all.length === 0) return undefined;
  const moved = (added: readonly ReportObject[], removed: readonly ReportObject[]) =>
    [
      ...(added.length > 0 ? [`➕ ${cell(added.map(named))}`] : []),
      ...(removed.length > 0 ? [`➖ ${cell(removed.map(named))}`] : []),
    ].join("<br>");
  return {
    head: [
      "<details><summary>Environments that change</summary>",
      "",
      "| Environment | Itself | Connections | Workspaces |",
      "|---|---|---|---|",
    ],
    rows: all.map(
      ({ environment, change, connections, workspaces, archived }) =>
        `| ${named(environment)}${archived ? " (archived)" : ""} | ${change === "none" ? "" : change} | ${moved(connections.added, connections.removed)} | ${moved(workspaces.added, workspaces.removed)} |`,
    ),
    tail: ["", "</details>"],
    importance: 30,
    leftOut: (count) => `_${plural(count, "more environment")} left out here; ${JSON_HAS_ALL}_`,
  };
}

function drawing(report: Report): Section | undefined {
  const drawn = map(report);
  if (!drawn) return undefined;
  const lines = [
    "```mermaid",
    drawn.text,
    "```",
    "",
    "Thick: a path by which access is gained. Dotted: one by which it is lost. Thin: one that leaves the program and stays open.",
  ].join("\n");
  const text = drawn.folded ? `<details><summary>Map</summary>\n\n${lines}\n\n</details>` : lines;
  return { head: [], rows: [text], tail: [], importance: 10, leftOut: () => "_The map is left out here._" };
}
