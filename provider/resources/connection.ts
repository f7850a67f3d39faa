import * as z from "zod";
import type { ConnectionRow } from "../client";
import {
  type Context,
  defineResource,
  holds,
  name,
  optional,
  type Problem,
  ResourceError,
  recorded,
  refreshed,
  required,
  text,
} from "../framework";
import { assignments } from "./connectionAssignment";
import { letGo, ownershipFields, toAdopt } from "./shared/adoption";
import { createObject } from "./shared/createObject";
import { holder, release } from "./shared/dependents";
import {
  OF_ANOTHER_USER,
  outOfSight,
  ownedByUser,
  ownerField,
  stillListed,
  unlessGone,
  warnUnjudged,
} from "./shared/existence";
import { oneByName } from "./shared/importId";
import { requireNameFree, stillNamed } from "./shared/nameConflicts";
import { removeAndConfirm } from "./shared/objectResource";
import { isOf } from "./shared/organization";
import { type Change, nameNotices } from "./shared/planNotices";
import { asItIsNow, asKnown, type Look } from "./shared/retryWithFreshRead";
import { SENT_AGAIN, sendAndConfirm } from "./shared/sendAndConfirm";

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

const fields = {
  name: required(name(255), {
    description: "Name; together with `kind` it says which connection is meant.",
    example: "prod-gke-us-east",
  }),
  kind: required(name(255), {
    description:
      "What is connected: `kubernetes`, `prometheus`, `grafana`, `github`, ... Changing it makes a new connection.",
    onChange: "replace",
    example: "kubernetes",
  }),
  type: required(name(255), {
    description: "Category of the kind, for instance `platform`, `observability` or `collaboration`.",
    example: "platform",
  }),
  subType: optional(text(255), {
    description: "Finer category, for instance `orchestration` or `monitoring`. Left out it is not managed.",
    example: "orchestration",
  }),
  status: recorded(z.enum(STATUSES), {
    description:
      "Status to create it with; `registered` where left out, and remembered. Afterwards the server moves it by itself, so it is never compared.",
    compare: "never",
    example: "registered",
  }),
  metadata: optional(z.record(z.string(), z.string()), {
    description:
      "Metadata with text values. Only keys in the program are managed: MeshSync and health checks keep keys of their own here. Do not put secrets here.",
    example: { server: "https://kubernetes.example.com" },
  }),
  metadataJson: optional(z.string(), {
    description:
      "Metadata with other than text values, as the JSON text of an object. Only keys in the program are managed.",
    compare: "json",
    example: '{"ports":[443]}',
  }),
  ...ownershipFields("connection", "environments of others hold it"),
  owner: ownerField("connection"),
};

type Metadata = Record<string, unknown>;
interface Written {
  metadata?: Record<string, string> | undefined;
  metadataJson?: string | undefined;
}

const parsed = (json: string | undefined): Metadata => (json ? (JSON.parse(json) as Metadata) : {});
const texts = (metadata: Metadata): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );

/** What is sent: servers replace the whole map, so what is there and not declared is sent along. */
function merged(live: Metadata, { metadata, metadataJson }: Written): Metadata {
  const deep = (there: unknown, wanted: unknown): unknown =>
    isMap(there) && isMap(wanted)
      ? { ...there, ...Object.fromEntries(Object.entries(wanted).map(([k, v]) => [k, deep(there[k], v)])) }
      : wanted;
  return { ...(deep(live, parsed(metadataJson)) as Metadata), ...metadata };
}
const isMap = (value: unknown): value is Metadata =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function check({ metadata, metadataJson }: Written): Problem[] {
  if (metadataJson === undefined || metadataJson === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(metadataJson);
  } catch (error) {
    return [{ field: "metadataJson", message: `metadataJson is not JSON: ${(error as Error).message}.` }];
  }
  if (!isMap(value)) return [{ field: "metadataJson", message: "metadataJson must be the JSON text of an object." }];
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

const same = (row: ConnectionRow, wanted: { name: string; kind: string }) =>
  row.name === wanted.name && row.kind === wanted.kind;
const namesakesOf =
  ({ client }: Context, wanted: { name: string; kind: string }) =>
  async (look: Look) =>
    [...(await look(client.connections())).values()].filter((row) => same(row, wanted));
const managed = (row: ConnectionRow) => ({
  name: row.name,
  kind: row.kind,
  type: row.type,
  subType: row.subType,
  metadata: texts(row.metadata),
  metadataJson: JSON.stringify(row.metadata),
});

type Wanted = Written & { name: string; type: string; subType?: string | undefined };
const matches = (row: ConnectionRow, wanted: Wanted) =>
  row.name === wanted.name &&
  row.type === wanted.type &&
  (wanted.subType === undefined || row.subType === wanted.subType) &&
  holds(row.metadata, parsed(wanted.metadataJson)) &&
  holds(texts(row.metadata), wanted.metadata ?? {});

const subTypeStays = (row: ConnectionRow) =>
  new ResourceError("invalid-input", {
    resource: "Connection",
    field: "subType",
    what: `the subType of "${row.name}" (${row.id}) cannot be cleared: servers keep "${row.subType}" where none is sent`,
    hint: "Nothing was sent. Write another subType, leave it out (it is then not managed), or replace the connection.",
  });

/** What `bring` would change; values of metadata are nobody's business. */
function changesOf(row: ConnectionRow, wanted: Omit<Wanted, "name">): Change[] {
  const { type, subType = row.subType, metadata = {}, metadataJson } = wanted;
  return [
    ...(type === row.type ? [] : [{ field: "type", values: [row.type, type] as const }]),
    ...(subType === row.subType ? [] : [{ field: "subType", values: [row.subType, subType] as const }]),
    ...(holds(texts(row.metadata), metadata) && holds(row.metadata, parsed(metadataJson))
      ? []
      : [{ field: "metadata" }]),
  ];
}

/** Sends what differs and looks until the list shows it; the answer itself is empty. */
async function bring(context: Context, row: ConnectionRow, wanted: Wanted): Promise<void> {
  if (matches(row, wanted)) return;
  const { name, type, subType } = wanted;
  if (subType === "" && row.subType !== "") throw subTypeStays(row);
  const body = {
    name,
    kind: row.kind,
    type,
    ...(subType === undefined ? {} : { subType }),
    metadata: merged(row.metadata, wanted),
  };
  const { effect, failure, unread } = await sendAndConfirm(context, {
    send: () => context.client.updateConnection(row.id, body),
    seen: async () => {
      const live = (await context.client.connections().read("now")).get(row.id);
      return live && matches(live, wanted) ? true : undefined;
    },
    ifUnknown: SENT_AGAIN,
  });
  if (effect) return;
  throw (
    failure ??
    unread ??
    new ResourceError("unconfirmed", {
      resource: "Connection",
      what: `the server accepted the change of "${row.name}" (${row.id}) but still shows the old values`,
      hint: "Run again: what is still missing is sent once more.",
    })
  );
}

const missing = (what: string) =>
  new ResourceError("missing", {
    resource: "Connection",
    what: `this token sees no connection ${what}`,
    hint: "It may be gone, or belong to a user whose connections this token does not see. Connections that were removed and registered again have a new id.",
  });

/** Every environment that holds the connection, from the connection's own row where the server says it there. */
async function environmentsHolding({ client }: Context, id: string, look: Look) {
  const organizations = [...(await client.organizations().read("cached")).values()];
  const environments = async (read: Look) => {
    const found = await Promise.all(
      organizations.map(async (organization) =>
        [...(await read(client.environments(organization.id))).values()]
          .filter((environment) => isOf(organization.id, environment))
          .map((environment) => ({ organizationId: organization.id, environment })),
      ),
    );
    return new Map(found.flat().map((entry) => [entry.environment.id, entry]));
  };
  const named = (await client.connections().read("now")).get(id)?.environments;
  let all = await environments(asKnown);
  if (named?.some((environment) => !all.has(environment))) all = await environments(asItIsNow);
  const candidates = [...all.values()].filter((entry) => named?.includes(entry.environment.id) ?? true);
  const holding = await Promise.all(
    candidates.map(async (entry) => {
      const { organizationId, environment } = entry;
      const connections = look(client.assigned(organizationId, environment.id));
      const held = await unlessGone(client.environments(organizationId), environment.id, connections);
      return held?.has(id) ? [entry] : [];
    }),
  );
  return holding.flat();
}

export const Connection = defineResource({
  name: "Connection",
  description:
    "A connection that Meshery manages: a Kubernetes cluster, a Prometheus, a Grafana, a GitHub account, ... Most connections are discovered or registered by Meshery itself and looked up by name; declare one where the program itself registers it.",
  fields,
  importForms: [
    { form: "<id>", example: "2d9b1c44-0a55-4f0e-8a52-5b0c1c9d7e21" },
    { form: "name:<exact name>", example: "name:prod-gke-us-east" },
  ],
  check,
  async adoptable(context, inputs) {
    const namesakes = [...(await context.client.connections().read("cached")).values()].filter((row) =>
      same(row, inputs),
    );
    return toAdopt(context, "Connection", namesakes, inputs, `Meshery (kind ${inputs.kind})`)?.id;
  },
  async plannedNotices(context, { name, kind, type, adopt, ...wanted }) {
    if (name === undefined || kind === undefined) return [];
    const rows = await namesakesOf(context, { name, kind })(asKnown);
    return nameNotices(context, "Connection", rows, { name, adopt }, (row) =>
      changesOf(row, { ...wanted, type: type ?? row.type }),
    );
  },
  async create(context, inputs) {
    const namesakes = await stillNamed(context, "Connection", namesakesOf(context, inputs), inputs);
    const found = toAdopt(context, "Connection", namesakes, inputs, `Meshery (kind ${inputs.kind})`);
    const status = inputs.status ?? "registered";
    const own = { ...inputs, status, adopt: inputs.adopt ?? false, forceDestroy: inputs.forceDestroy ?? false };
    if (found) {
      const row = matches(found, inputs) ? found : await stillListed(context.client.connections(), "Connection", found);
      await bring(context, row, inputs);
      return { ...own, id: found.id, adopted: true, owner: found.owner };
    }
    const row = await createObject<ConnectionRow>(context, {
      resource: "Connection",
      name: inputs.name,
      list: context.client.connections(),
      isNamesake: (candidate) => same(candidate, inputs),
      isAsSent: (candidate) => matches(candidate, inputs),
      post: () =>
        context.client.createConnection({
          name: inputs.name,
          kind: inputs.kind,
          type: inputs.type,
          subType: inputs.subType ?? "",
          status,
          metadata: merged({}, inputs),
        }),
      remembered: (id) => ({ ...own, id, adopted: false, owner: "" }),
    });
    return { ...own, id: row.id, adopted: false, owner: row.owner };
  },
  async read(context, state) {
    const list = context.client.connections();
    const row = await list.find(state.id);
    if (row) {
      const live = { ...managed(row), owner: row.owner || state.owner };
      return refreshed({ fields }, state, live) as typeof state;
    }
    if (await ownedByUser(context, state.owner)) return undefined;
    warnUnjudged(context, "Connection", `Connection "${state.name}" (${state.id})`, OF_ANOTHER_USER);
    return state;
  },
  async update(context, state, inputs) {
    const row = await stillListed(context.client.connections(), "Connection", state);
    if (inputs.name !== state.name) {
      await requireNameFree(context, "Connection", state, inputs.name, namesakesOf(context, inputs));
    }
    await bring(context, row, inputs);
    const defined = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
    return { ...state, ...defined, adopted: inputs.adopt === false ? false : state.adopted };
  },
  async delete(context, state) {
    if (letGo(context, "Connection", state)) return;
    const list = context.client.connections();
    if (!(await list.find(state.id))) {
      if (await ownedByUser(context, state.owner)) return;
      throw outOfSight("Connection", `Connection "${state.name}" (${state.id})`, OF_ANOTHER_USER);
    }
    await release(context, "Connection", state, async (look) =>
      (await environmentsHolding(context, state.id, look)).map(({ organizationId, environment }) =>
        holder(assignments, organizationId, environment.id, state.id, `environment "${environment.name}"`),
      ),
    );
    await removeAndConfirm(
      context,
      () => context.client.deleteConnection(state.id),
      list,
      state.id,
      `Connection "${state.name}"`,
    );
  },
  async import(context, importId) {
    const rows = await context.client.connections().read("cached");
    const id = importId.split("/").at(-1) ?? "";
    const row = importId.startsWith("name:")
      ? oneByName(rows.values(), importId.slice("name:".length), "Connection", "connection")
      : rows.get(id);
    if (!row) throw missing(`with the id ${id}`);
    const flat = Object.entries(row.metadata).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    const nested = Object.entries(row.metadata).filter(([, value]) => typeof value !== "string");
    return {
      id: row.id,
      name: row.name,
      kind: row.kind,
      type: row.type,
      // As a create records what was left out, so that an import gives the same state.
      subType: row.subType || undefined,
      status: row.status as (typeof STATUSES)[number],
      metadata: flat.length > 0 ? Object.fromEntries(flat) : undefined,
      metadataJson: nested.length > 0 ? JSON.stringify(Object.fromEntries(nested)) : undefined,
      adopt: false,
      forceDestroy: false,
      adopted: false,
      owner: row.owner,
    };
  },
});
