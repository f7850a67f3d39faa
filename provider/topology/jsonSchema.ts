import * as z from "zod";
import { topologySchema } from "./schema";

type Json = { [key: string]: unknown };

/** The schema of `topology.yaml` for editors, as the text of `schemas/topology.json`. */
export function topologyJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(topologySchema, { io: "input", target: "draft-07" }) as Json;
  const properties = rest.properties as Record<string, Json>;
  for (const section of ["connections", "environments", "workspaces"]) {
    // A key with nothing after it is an object that keeps every default.
    (properties[section]!.additionalProperties as Json).type = ["object", "null"];
  }
  return `${JSON.stringify({ $schema, title: "Meshery environment topology", ...rest }, null, 2)}\n`;
}
