import { type AnyResource, text as freeText, name, optional, required, type Values } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { environments } from "../../provider/resources/environment";
import { adoptionFields } from "../../provider/resources/shared/adoption";
import { edgeResource } from "../../provider/resources/shared/edgeResource";
import { ownerField } from "../../provider/resources/shared/existence";
import { objectResource } from "../../provider/resources/shared/objectResource";
import { objectType } from "../../provider/resources/shared/objectType";
import { declareRelation } from "../../provider/resources/shared/relation";
import { text } from "../../provider/resources/shared/wire";
import { workspaces } from "../../provider/resources/workspace";
import { Lifecycle } from "../../provider/run/lifecycle";
import { type EraName, eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// What is declared as `notOnEveryServer`: a relation whose routes some servers lack, and a field that some do not show.

const membership = lifecycles.get("WorkspaceTeam")!;

/** Both of its ends are on every server. */
const share = new Lifecycle(
  edgeResource(
    declareRelation({
      name: "workspace-share",
      resource: "WorkspaceShare",
      parent: workspaces,
      child: environments,
      childrenSeenWithParent: false,
      notOnEveryServer: true,
    }),
    { noun: "share", description: "" },
  ) as unknown as AnyResource,
);

const sites = objectType({
  name: "Site",
  path: "/api/integrations/connections",
  rows: "connections",
  identity: ["name"],
  exampleId: "1",
  fields: {
    name: required(name(100), { description: "", example: "site", wire: text("name") }),
    kind: required(name(100), { description: "", wire: text("kind") }),
    type: required(name(100), { description: "", wire: text("type") }),
    url: optional(freeText(100), { description: "", wire: text("url", { leftOut: "kept", notOnEveryServer: true }) }),
    ...adoptionFields("site", ""),
    owner: ownerField("site", "owner", "userId"),
  },
});
const site = new Lifecycle(objectResource(sites, { description: "" }) as unknown as AnyResource);

const hides = (era: EraName) => era === "docs" || era === "E1";

let server: MesheryServer;
const start = async (era: EraName) => {
  server = await MesheryServer.start({ era, world: { teams: { sre: {} } } });
};
afterEach(() => server.close());
const context = () => benchFor(server).session.context(() => undefined);

describe.each(eraNames)("in %s", (era) => {
  beforeEach(() => start(era));
  const urls = () => server.store.connections.list().map(({ url }) => url);

  test("a workspace is deleted where the server knows no teams in it, and refused where it holds one", async () => {
    const state = await benchFor(server).create("Workspace", { name: "w" });
    server.store.workspaceTeams.insert({ workspaceId: state.id, teamId: server.store.teams.list()[0]!.id });
    const removed = benchFor(server).remove("Workspace", state);
    if (era === "E1") await removed;
    else await expect(removed).rejects.toMatchObject({ code: "in-use" });
    const left = server.store.workspaces.list().filter(({ deletedAt }) => deletedAt === null);
    expect(left).toHaveLength(era === "E1" ? 0 : 1);
  });

  test("a field that this server does not show stays as it was written, and its changes are sent", async () => {
    const inputs: Values = { name: "s", kind: "k", type: "t", url: "https://a" };
    const state = await site.create(context(), inputs);
    expect([urls(), await site.read(context(), state)]).toEqual([["https://a"], state]);
    const next = await site.update(context(), state, { ...inputs, url: "https://b" });
    expect([urls(), await site.read(context(), next)]).toEqual([["https://b"], next]);
    server.store.connections.update(state.id, { url: "https://by-hand" });
    const refreshed = await site.read(context(), next);
    expect(refreshed).toMatchObject({ url: hides(era) ? "https://b" : "https://by-hand" });

    const adopted = await site.create(context(), { ...inputs, adopt: true, url: "https://c" });
    expect([urls(), adopted.url]).toEqual([["https://c"], "https://c"]);
    await site.update(context(), adopted, { ...inputs, adopt: true, url: undefined, type: "other" });
    expect(urls()).toEqual(["https://c"]);
  });
});

test("a page for one look is no proof that there is no such route", async () => {
  await start("cloud");
  const state = await benchFor(server).create("Workspace", { name: "w" });
  const teamId = server.store.teams.list()[0]!.id;
  server.store.workspaceTeams.insert({ workspaceId: state.id, teamId });
  // The client asks once more by itself.
  server.faults.add({ path: `/api/workspaces/${state.id}/teams`, effect: { kind: "login page" }, times: 2 });
  await expect(benchFor(server).remove("Workspace", state)).rejects.toMatchObject({ code: "not-authenticated" });
  expect(server.store.workspaces.get(state.id)).toMatchObject({ deletedAt: null });
});

test("a page to whoever is no longer signed in says nothing of routes", async () => {
  await start("E1");
  const state = await benchFor(server).create("Workspace", { name: "w" });
  server.faults.add({ path: "/api/workspaces", effect: { kind: "login page" }, times: 99, skip: 1 });
  await expect(benchFor(server).remove("Workspace", state)).rejects.toMatchObject({ code: "not-authenticated" });
  expect(server.store.workspaces.get(state.id)).toMatchObject({ deletedAt: null });
});

test("an edge is not taken for gone where its route is missing, and says what the server lacks", async () => {
  await start("E1");
  const workspace = await benchFor(server).create("Workspace", { name: "w" });
  const inputs = { workspaceId: workspace.id, teamId: server.store.teams.list()[0]!.id };
  await expect(membership.create(context(), inputs)).rejects.toThrow("this Meshery lists no teams");
  const { organizationId } = workspace;
  const state = { ...inputs, id: `${workspace.id}/${inputs.teamId}`, organizationId, owner: "" };
  const refreshed = membership.read(context(), state);
  await expect(refreshed).rejects.toThrow(
    "WorkspaceTeam: this Meshery has no route for the teams of a workspace. Nothing",
  );
  await expect(refreshed).rejects.toMatchObject({ code: "meshery" });
  await expect(membership.delete(context(), state)).rejects.toMatchObject({ code: "no-route" });
});

test("an edge whose ends are there is refused where only its route is missing, and imports none", async () => {
  await start("E1");
  const [{ id: workspaceId }, { id: environmentId }] = await Promise.all([
    benchFor(server).create("Workspace", { name: "w" }),
    benchFor(server).create("Environment", { name: "e" }),
  ]);
  const inputs = { workspaceId, environmentId };
  const sentence = "this Meshery has no route for the environments of a workspace";
  server.faults.add({ path: `/api/workspaces/${workspaceId}/environments`, effect: { kind: "login page" }, times: 99 });
  await expect(share.create(context(), inputs)).rejects.toThrow(sentence);
  await expect(share.import(context(), `${workspaceId}/${environmentId}`)).rejects.toThrow(sentence);
  expect(server.requests.list.filter(({ method, path }) => method === "POST" && path.includes(workspaceId))).toEqual(
    [],
  );
});

test("a refresh of an edge by whoever is no longer signed in says that, and nothing of routes", async () => {
  await start("E1");
  const workspace = await benchFor(server).create("Workspace", { name: "w" });
  const teamId = server.store.teams.list()[0]!.id;
  const { organizationId } = workspace;
  const state = { workspaceId: workspace.id, teamId, id: `${workspace.id}/${teamId}`, organizationId, owner: "" };
  server.faults.add({ path: "/api/workspaces", effect: { kind: "login page" }, times: 99 });
  await expect(membership.read(context(), state)).rejects.toMatchObject({ code: "not-authenticated" });
});
