import { createHash } from "node:crypto";
import { isMap } from "../../framework";
import { type Plan, PlanError } from "./plan";
import { type PulumiPreviewJson, readPulumiPreview } from "./pulumi";
import { readTerraformPlan } from "./terraform";
import type { TerraformPlanJson } from "./terraformJson";

const HOW = "give what `terraform show -json PLAN`, `tofu show -json PLAN` or `pulumi preview --json` prints";

/**
 * Reads a plan of any engine, told apart by its shape.
 * @param name of the file, for messages; without folder and ending it is what a plan of Terraform calls its stack
 * @throws PlanError one sentence for everything else
 */
export function readPlan(content: Buffer, name: string): Plan {
  const refuse = (why: string): never => {
    throw new PlanError(`${name} ${why}; ${HOW}`);
  };
  const json = parsed(content, refuse);
  if (!isMap(json)) return refuse("is JSON, but no plan");
  const stack = name.replace(/\.json$/i, "").replace(/^.*\//, "");
  const source = { stack, sha256: createHash("sha256").update(content).digest("hex") };
  if (Array.isArray(json.steps)) {
    if (!json.steps.every(isStep)) return refuse("has steps that are none of a preview of Pulumi");
    return readPulumiPreview(json as unknown as PulumiPreviewJson, source);
  }
  if (isState(json)) return refuse("is a state, which tells what is there and not what changes");
  if (typeof json.format_version !== "string") return refuse("is JSON, but no plan");
  if (!/^[01]\./.test(json.format_version))
    return refuse(`has the plan format ${short(json.format_version)}, and only 1.x is known`);
  if (!isPlanShaped(json)) return refuse("says that it is a plan and is not built like one");
  return readTerraformPlan(json as unknown as TerraformPlanJson, source);
}

function parsed(content: Buffer, refuse: (why: string) => never): unknown {
  // A zip archive, as saved plans are.
  if (content.subarray(0, 2).toString("latin1") === "PK") return refuse("is a saved plan itself, not its JSON");
  const start = content.findIndex((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte));
  if (start < 0) return refuse("is empty");
  if (content[start] !== 0x7b && content[start] !== 0x5b) return refuse("is not JSON");
  const text = content.toString("utf8", start);
  try {
    return JSON.parse(text);
  } catch {
    if (isLines(text)) return refuse("is a log of events, one a line");
    return refuse(/[}\]]\s*$/.test(text) ? "is not JSON" : "is cut short: it ends in the middle of its JSON");
  }
}

/** `terraform plan -json`, or a preview of Pulumi that streams. */
function isLines(text: string): boolean {
  const [first, second] = text.split("\n", 2);
  return [first, second].every((line) => {
    try {
      return isMap(JSON.parse(line ?? ""));
    } catch {
      return false;
    }
  });
}

const isState = (json: Record<string, unknown>): boolean =>
  isMap(json.deployment) ||
  ("serial" in json && "lineage" in json) ||
  (("values" in json || "terraform_version" in json) && !("resource_changes" in json) && !("configuration" in json));

const isStep = (step: unknown): boolean => isMap(step) && typeof step.op === "string" && typeof step.urn === "string";

const isChange = (one: unknown): boolean =>
  isMap(one) &&
  typeof one.address === "string" &&
  typeof one.type === "string" &&
  typeof one.mode === "string" &&
  isMap(one.change) &&
  Array.isArray(one.change.actions);

const isPlanShaped = ({
  resource_changes: changes,
  deferred_changes: deferred,
  configuration,
}: Record<string, unknown>) =>
  (changes === undefined || (Array.isArray(changes) && changes.every(isChange))) &&
  (deferred === undefined ||
    (Array.isArray(deferred) && deferred.every((one) => isMap(one) && isChange(one.resource_change)))) &&
  (configuration === undefined || isMap(configuration));

const short = (text: string): string => JSON.stringify(text.slice(0, 20));

/** Whether a plan holds anything of Meshery, its provider included. */
export const isOfMeshery = ({ changes, lookups, others }: Plan): boolean =>
  changes.length + lookups.length + others.length > 0;
