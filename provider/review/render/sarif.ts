import type { Report, ReportFinding } from "../report/schema";
import { rules } from "../rules";
import { directionOf, placeOf } from "./words";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;
const UNKNOWN_ACCESS = "access-not-known";
const HOME = "https://github.com/meshery-extensions/meshery-iac";

/** A report for code scanning: SARIF 2.1.0, one result for each finding and for each change that is not known. */
export function sarif(report: Report, version: string): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "meshery-iac review", version, informationUri: HOME, rules: descriptors(report) } },
        results: [
          ...report.findings.map(result),
          ...report.access.unknown.map((one) => ({
            ruleId: UNKNOWN_ACCESS,
            level: "warning",
            message: { text: `${placeOf(one)} ${directionOf(one)}: ${one.reason}. ${one.advice}` },
            locations: [location(one)],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result({ rule, severity, message, because, remedy, addresses, fingerprint, baseline }: ReportFinding) {
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: [`${message}.`, because && `Because: ${because}.`, remedy].filter(Boolean).join(" ") },
    locations: addresses.length > 0 ? addresses.map(location) : [location({ stack: "Meshery", address: "live" })],
    partialFingerprints: { "mesheryIac/v1": fingerprint },
    ...(baseline && { suppressions: [{ kind: "external" }] }),
  };
}

/** A line of the program where it is known, else the address within the stack. */
const location = ({
  stack,
  address,
  file,
  line,
}: {
  stack: string;
  address: string;
  file?: string | undefined;
  line?: number | undefined;
}) => ({
  physicalLocation: {
    artifactLocation: { uri: encodeURI(file ?? stack) },
    ...(line !== undefined && { region: { startLine: line } }),
  },
  logicalLocations: [{ fullyQualifiedName: address }],
});

const ASSERTIONS = [
  ["deny", "Access that is denied"],
  ["require", "Access that is required and missing"],
  ["only", "Access of others than those allowed"],
] as const;

const descriptors = ({ access }: Report) => [
  ...rules.map(({ id, title, why, remedy, severity }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: remedy },
    defaultConfiguration: { level: LEVELS[severity] },
  })),
  ...ASSERTIONS.map(([id, title]) => ({ id, shortDescription: { text: title } })),
  ...(access.unknown.length > 0
    ? [{ id: UNKNOWN_ACCESS, shortDescription: { text: "What a change does to access is not known" } }]
    : []),
];
