import type { World } from "../topology";
import type { Store } from "./store/store";

/** Key of the user who is always there and sees everything. */
export const administratorKey = "admin";

/**
 * Fills an empty store with a world: its users, organizations and objects, each under its key until its id is known.
 *
 * @param world what to load; without one there is one organization and the administrator
 * @param organizationId id of the organization that is made where the world names none
 */
export function loadWorld(store: Store, world: World | undefined, organizationId?: string): void {
  store.sql.transaction(() => {
    const users = loadUsers(store, world);
    const organizations = new Map<string, string>();
    for (const [key, { id, name, description, country, region }] of Object.entries(world?.organizations ?? {})) {
      const row = store.organizations.insert(chosen(id, { name: name ?? key, description, country, region }));
      organizations.set(key, row.id);
    }
    if (organizations.size === 0) {
      const row = store.organizations.insert(
        chosen(organizationId, { name: "My Org", description: "This is default organization" }),
      );
      organizations.set("", row.id);
    }
    restoreDefaults(store);
    loadMembers(store, world, users, organizations);
    if (world !== undefined) loadObjects(store, world, users, organizations);
  });
}

/** Takes the defaults of a store that was filled before: its administrator and its first organization. */
export function restoreDefaults(store: Store): void {
  store.defaultOwner = store.users.find({ key: administratorKey })?.id ?? "";
  store.defaultOrganization = store.organizations.list({ deletedAt: null })[0]?.id ?? "";
}

function loadUsers(store: Store, world: World | undefined): Map<string, string> {
  const users = new Map<string, string>();
  if (world === undefined || !Object.hasOwn(world.users, administratorKey)) {
    const row = store.users.insert({
      key: administratorKey,
      name: "Administrator",
      email: "admin@meshery.local",
      viewAll: true,
    });
    users.set(administratorKey, row.id);
    store.defaultOwner = row.id;
  }
  for (const [key, { id, name, email, admin }] of Object.entries(world?.users ?? {})) {
    const row = store.users.insert(
      chosen(id, {
        key,
        name: name ?? key,
        email: email ?? "",
        viewAll: admin || key === administratorKey,
      }),
    );
    users.set(key, row.id);
    if (key === administratorKey) store.defaultOwner = row.id;
  }
  return users;
}

function loadMembers(
  store: Store,
  world: World | undefined,
  users: Map<string, string>,
  organizations: Map<string, string>,
): void {
  for (const [key, user] of Object.entries(world?.users ?? {})) {
    for (const organization of user.organizations ?? organizations.keys()) {
      store.organizationMembers.insert({
        organizationId: organizations.get(organization) ?? "",
        userId: users.get(key) ?? "",
      });
    }
  }
}

function loadObjects(store: Store, world: World, users: Map<string, string>, organizations: Map<string, string>): void {
  const standing = (item: { organization?: string | undefined; owner?: string | undefined }) => ({
    organizationId: (item.organization && organizations.get(item.organization)) || store.defaultOrganization,
    owner: (item.owner && users.get(item.owner)) || store.defaultOwner,
  });
  const ids = {
    teams: new Map<string, string>(),
    credentials: new Map<string, string>(),
    connections: new Map<string, string>(),
    environments: new Map<string, string>(),
  };
  for (const [key, item] of Object.entries(world.teams)) {
    const { id, name, description, members } = item;
    const row = store.teams.insert(chosen(id, { name: name ?? key, description, ...standing(item) }));
    ids.teams.set(key, row.id);
    for (const member of members) store.teamMembers.insert({ teamId: row.id, userId: users.get(member) ?? "" });
  }
  for (const [key, item] of Object.entries(world.credentials)) {
    const { id, name, type, secret } = item;
    const userId = standing(item).owner;
    ids.credentials.set(key, store.credentials.insert(chosen(id, { name: name ?? key, type, secret, userId })).id);
  }
  for (const [key, item] of Object.entries(world.connections)) {
    const { id, name, kind, type, subType, status, metadata, credential = "" } = item;
    const credentialId = ids.credentials.get(credential) ?? null;
    const row = store.connections.insert(
      chosen(id, { name: name ?? key, kind, type, subType, status, metadata, credentialId, ...standing(item) }),
    );
    ids.connections.set(key, row.id);
  }
  for (const [key, item] of Object.entries(world.environments)) {
    const { id, name, description, connections } = item;
    const row = store.environments.insert(chosen(id, { name: name ?? key, description, ...standing(item) }));
    ids.environments.set(key, row.id);
    for (const connection of connections) {
      store.environmentConnections.insert({
        environmentId: row.id,
        connectionId: ids.connections.get(connection) ?? "",
      });
    }
  }
  for (const [key, item] of Object.entries(world.workspaces)) {
    const { id, name, description, environments, teams } = item;
    const row = store.workspaces.insert(chosen(id, { name: name ?? key, description, ...standing(item) }));
    for (const environment of environments) {
      store.workspaceEnvironments.insert({
        workspaceId: row.id,
        environmentId: ids.environments.get(environment) ?? "",
      });
    }
    for (const team of teams) store.workspaceTeams.insert({ workspaceId: row.id, teamId: ids.teams.get(team) ?? "" });
  }
}

/** The row with the id that was chosen for it, if one was: a present `undefined` would not get a fresh one. */
const chosen = <Row extends object>(id: string | undefined, row: Row): Row & { id?: string } =>
  id === undefined ? row : { ...row, id };
