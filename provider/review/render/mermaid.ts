import type { Report, ReportAccess, ReportObject } from "../report/schema";
import { mermaid as escaped } from "./escape";
import { nameOf } from "./words";

/** Above this a map is folded. */
const FOLDED_ABOVE = 15;
/** Mermaid itself refuses more edges, and longer texts. */
const MOST_EDGES = 150;
const LONGEST = 20_000;

const ARROWS = { gained: "==>", lost: "-.->", retained: "-->" } as const;

/** The nodes that gain, lose or keep access, as a diagram; undefined where there is nothing to draw, or too much. */
export function map({ access }: Report): { text: string; folded: boolean } | undefined {
  const nodes = new Map<string, string>();
  const edges = new Map<string, string>();
  const node = (kind: string, object: ReportObject): string => {
    const key = `${kind}\0${object.id ?? ""}\0${object.name}`;
    const known = nodes.get(key);
    if (known !== undefined) return known.split("\0")[0]!;
    const id = `n${nodes.size}`;
    const label = escaped(nameOf(object));
    const shape = kind === "workspace" ? `(["${label}"])` : kind === "environment" ? `["${label}"]` : `[("${label}")]`;
    nodes.set(key, `${id}\0${id}${shape}:::${kind}`);
    return id;
  };
  const draw = (all: readonly ReportAccess[], arrow: string) => {
    for (const { workspace, through, connection } of all)
      for (const environment of through) {
        const [w, e, c] = [
          node("workspace", workspace),
          node("environment", environment),
          node("connection", connection),
        ];
        // What is drawn first is the more important.
        for (const [from, to] of [
          [w, e],
          [e, c],
        ] as const)
          if (!edges.has(`${from} ${to}`)) edges.set(`${from} ${to}`, `${from} ${arrow} ${to}`);
      }
  };
  draw(access.gained, ARROWS.gained);
  draw(access.retained, ARROWS.retained);
  draw(access.lost, ARROWS.lost);
  if (edges.size === 0 || edges.size > MOST_EDGES) return undefined;
  const lines = [
    "flowchart LR",
    ...[...nodes.values()].map((one) => `  ${one.split("\0")[1]}`),
    ...[...edges.values()].map((one) => `  ${one}`),
  ];
  const text = lines.join("\n");
  return text.length > LONGEST ? undefined : { text, folded: nodes.size > FOLDED_ABOVE };
}
