import { ApiError } from "../../client";
import type { Context } from "../../framework";
import { organizations } from "../../resources/shared/organization";
import type { Relation } from "../../resources/shared/relation";
import type { RelationKey } from "../access/access";
import { type Kind, relations, typeOf } from "../catalog";
import { emptyWorld, put, type World } from "./world";

/** Parents whose children are asked for at the same time; the client itself bounds the requests. */
const AT_ONCE = 64;

/** What of Meshery matters. */
export interface Wanted {
  /** Ids of organizations; left out: all that the token sees. */
  organizations?: ReadonlySet<string> | undefined;
  /** Ids and names of what may be connections. */
  connections: ReadonlySet<string>;
  /** Whether plans are about teams. */
  teams: boolean;
}

/**
 * What Meshery holds now, of the organizations that the token sees.
 * @throws ApiError where a list that access follows from cannot be read
 */
export async function liveWorld(context: Context, wanted: Wanted): Promise<World> {
  const world = emptyWorld("live");
  const seen = [...(await organizations.list(context.client, "").read("cached")).values()];
  for (const { id, name } of seen) world.organizations.set(id, name);
  const ids = seen.map(({ id }) => id).filter((id) => wanted.organizations?.has(id) ?? true);
  const found = relations();
  for (const organizationId of ids) {
    await Promise.all(
      (["workspace", "environment"] as const).map((kind) => objectsOf(world, context, kind, organizationId)),
    );
    for (const key of ["bindings", "assignments"] as const)
      await edgesOf(world, context, key, found[key]!, organizationId);
    if (found.memberships) await memberships(world, context, found.memberships, organizationId, wanted.teams);
  }
  if (wanted.connections.size > 0) await objectsOf(world, context, "connection", "");
  return world;
}

async function objectsOf(world: World, { client }: Context, kind: Kind, organizationId: string): Promise<void> {
  const type = typeOf(kind)!;
  for (const row of (await type.list(client, organizationId).read("cached")).values())
    put(world, kind, row.id, { ...(organizationId !== "" && { organizationId }), ...row });
}

async function edgesOf(world: World, context: Context, key: RelationKey, relation: Relation, organizationId: string) {
  const parents = [...world.objects.values()].filter(
    (object) => object.kind === relation.parent.word && object.organizationId === organizationId,
  );
  for (let at = 0; at < parents.length; at += AT_ONCE)
    await Promise.all(
      parents.slice(at, at + AT_ONCE).map(async ({ key: parent }) => {
        const rows = await relation.held(context, organizationId, parent).read("cached");
        for (const row of rows.values()) {
          // Who sees the environment need not see all of its connections.
          if (!world.objects.has(row.id)) put(world, relation.child.word as Kind, row.id, row);
          world.edges[key].add(parent, row.id);
        }
      }),
    );
}

/** Teams are not on every server: where they cannot be read they are not known, and said to be so. */
async function memberships(
  world: World,
  context: Context,
  relation: Relation,
  organizationId: string,
  all: boolean,
): Promise<void> {
  try {
    if (all) await objectsOf(world, context, "team", organizationId);
    await edgesOf(world, context, "memberships", relation, organizationId);
    world.teamsKnown = true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    world.teamsKnown = false;
    world.notes.push(`The teams of workspaces could not be read: ${error.message}`);
  }
}
