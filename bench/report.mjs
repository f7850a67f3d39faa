// Tables for people: on standard output, and in README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const readme = join(dirname(fileURLToPath(import.meta.url)), "README.md");
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

/** Rows whose limit is broken. */
export const broken = ({ rows }) => rows.filter(({ limit }) => limit && !limit.ok);

/** A table as Markdown, columns aligned: `{title, remark, peers, rows}`, a row being `{name, cells, against, limit}`. */
export function printed({ title, remark, peers, rows }) {
  const [, second] = peers;
  const head = ["", ...peers.map(({ label }) => label), second ? `against ${second.label}` : "", "limit"];
  const lines = rows.map(({ name, cells, against, limit }) => [
    name,
    ...peers.map(({ key }) => cells[key] ?? ""),
    against ?? "",
    limit ? `${limit.text}: ${limit.ok ? "ok" : "**ABOVE**"}` : "",
  ]);
  const used = head.map((_, column) => column === 0 || lines.some((line) => line[column] !== ""));
  const kept = [head, head.map(() => "---"), ...lines].map((line) => line.filter((_, column) => used[column]));
  const widths = kept[0].map((_, column) => Math.max(...kept.map((line) => line[column].length)));
  const row = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [`### ${title}`, "", remark, "", ...kept.map(row)].join("\n");
}

/** Puts the figures of a full run between the markers of README.md. */
export function writeFigures({ machine, surroundings, tables }) {
  const text = readFileSync(readme, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${readme} has lost its markers ${BEGIN} and ${END}`);
  const date = new Date().toISOString().slice(0, 10);
  const figures = [
    `Measured on ${date}: ${machine}. ${surroundings}`,
    ...tables.map(printed),
    "### Where we lose",
    lost(tables),
  ].join("\n\n");
  writeFileSync(readme, `${text.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${text.slice(end)}`);
}

/** Whatever took more of ours than of the first peer, the worst first. */
function lost(tables) {
  const found = tables
    .flatMap(({ title, peers, rows }) => rows.map((row) => ({ title, peer: peers[1]?.label, ...row })))
    .filter(({ ratio }) => ratio > 1.05)
    .sort((a, b) => b.ratio - a.ratio);
  if (found.length === 0) return "Nowhere in this run.";
  return found
    .map(({ title, name, ratio, peer }) => `- ${title}, ${name}: ${ratio.toFixed(1)} times as much as ${peer}`)
    .join("\n");
}
