import * as z from "zod";
import { idIn, isObject, type Json, pick } from "../client/models";
import { text as freeText, id, name, optional, type Problem, recorded, required } from "../framework";
import { credentials } from "./credential";
import { adoptionFields } from "./shared/adoption";
import { ownerField } from "./shared/existence";
import { lookupAll, lookupOne } from "./shared/lookups";
import { objectResource } from "./shared/objectResource";
import { objectType } from "./shared/objectType";
import { jsonText, optionalReference, text, texts } from "./shared/wire";

const STATUSES = [
  "discovered",
  "registered",
  "connected",
  "ignored",
  "maintenance",
  "disconnected",
  "deleted",
  "not found",
] as const;

/** A connection in one of these states is a leftover of one that came back under a new id, or is to be left alone. */
const NOT_IN_USE: ReadonlySet<unknown> = new Set(["not found", "disconnected", "ignored", "deleted"]);

export const connections = objectType({
  name: "Connection",
  path: "/api/integrations/connections",
  rows: "connections",
  identity: ["kind", "name"],
  exampleId: "2d9b1c44-0a55-4f0e-8a52-5b0c1c9d7e21",
  fields: {
    name: required(name(255), {
      description: "Name; together with `kind` it says which connection it is.",
      example: "prod-gke-us-east",
      wire: text("name"),
    }),
    kind: required(name(255), {
      description:
        "What is connected: `kubernetes`, `prometheus`, `grafana`, `github`, ... Changing it makes a new connection.",
      onChange: "replace",
      example: "kubernetes",
      wire: text("kind"),
    }),
    type: required(name(255), {
      description: "Category of the kind, for instance `platform`, `observability` or `collaboration`.",
      example: "platform",
      wire: text("type"),
    }),
    subType: optional(freeText(255), {
      description: "Finer category, for instance `orchestration` or `monitoring`. Left out it is not managed.",
      example: "orchestration",
      wire: text("subType", { leftOut: "kept", clearedBy: "never" }),
    }),
    status: recorded(z.enum(STATUSES), {
      description:
        "Status to create it with; `registered` where left out, and remembered. Afterwards the server moves it by itself, so it is never compared.",
      compare: "never",
      example: "registered",
      initial: "registered",
      wire: text("status", { onlyAtCreation: true }),
    }),
    metadata: optional(z.record(z.string(), z.string()), {
      description:
        "Metadata with text values. Only keys in the program are managed: MeshSync and health checks keep keys of their own here. Do not put secrets here.",
      example: { server: "https://kubernetes.example.com" },
      wire: texts("metadata", "metadataJson"),
    }),
    metadataJson: optional(z.string(), {
      description:
        "Metadata with other than text values, as the JSON text of an object. Only keys in the program are managed.",
      compare: "json",
      example: '{"ports":[443]}',
      wire: jsonText("metadata"),
    }),
    credentialId: optional(id("a credential"), {
      description:
        "Id of the credential with which Meshery signs in to it; several connections may share one. Left out it is not managed. It can be changed for another and not taken away.",
      refersTo: credentials.name,
      wire: optionalReference("credentialId"),
    }),
    ...adoptionFields("connection", "environments of others hold it"),
    owner: ownerField("connection", "owner", "userId"),
  },
  columns: { environments: environmentsIn },
  isInUse: ({ status }) => !NOT_IN_USE.has(status),
});

export const Connection = objectResource(connections, {
  description:
    "A connection that Meshery manages: a Kubernetes cluster, a Prometheus, a Grafana, a GitHub account, ... Most connections are discovered or registered by Meshery itself and looked up by name; declare one where the program itself registers it.",
  check,
});

interface Written {
  metadata?: Record<string, string> | undefined;
  metadataJson?: string | undefined;
}

function check({ metadata, metadataJson }: Written): Problem[] {
  if (metadataJson === undefined || metadataJson === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(metadataJson);
  } catch (error) {
    return [{ field: "metadataJson", message: `metadataJson is not JSON: ${(error as Error).message}.` }];
  }
  if (!isObject(value)) return [{ field: "metadataJson", message: "metadataJson must be the JSON text of an object." }];
  const twice = Object.keys(value).filter((key) => metadata && Object.hasOwn(metadata, key));
  return twice.length === 0
    ? []
    : [
        {
          field: "metadataJson",
          message: `metadataJson and metadata both have ${twice.join(", ")}; write each key in one of them.`,
        },
      ];
}

/** Ids of the environments that hold a connection; undefined where a server does not send them with it. */
function environmentsIn(row: Json): string[] | undefined {
  const environments = pick(row, "environments");
  if (!Array.isArray(environments)) return undefined;
  return environments.flatMap(
    (one) => (typeof one === "string" ? one : isObject(one) ? idIn(one, "id") : undefined) ?? [],
  );
}

const FILTERS = ["kind", "type", "subType", "status"];

export const getConnection = lookupOne(connections, {
  description:
    "One connection, by id or exact name, narrowed by kind, type, subtype or status. Where several match and exactly one of them is in use, that one is taken, with a warning that names the others.",
  filters: FILTERS,
  needs: ["name", "id", "kind"],
  descriptions: { metadata: "Metadata with text values.", metadataJson: "All metadata, as JSON text." },
});

export const getConnections = lookupAll(connections, {
  description:
    "Every connection that the token's user sees, narrowed by kind, type, subtype, status, a part of the name, or whether it is in an environment.",
  filters: FILTERS,
  assignedIn: { relation: "environment-connection", word: "environment" },
});
