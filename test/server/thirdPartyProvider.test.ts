import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MesheryServer, type MesheryServerOptions, type Quirks, thirdPartyProvider } from "../../provider/server";
import { ask } from "./support/ask";

/** Quirks of a third-party remote provider, one by one and then together. */
const world = {
  organizations: { ours: {}, theirs: {} },
  connections: { cluster: { kind: "kubernetes" } },
  environments: { production: { description: "Live", connections: ["cluster"] }, foreign: { organization: "theirs" } },
  workspaces: { team: { environments: ["production"] }, others: { organization: "theirs" } },
};

let server: MesheryServer;
let environment: string;
let workspace: string;
const start = async (quirks: MesheryServerOptions["quirks"], era: MesheryServerOptions["era"] = "E3") => {
  server = await MesheryServer.start({ world, quirks, era });
  environment = server.store.environments.find({ name: "production" })?.id ?? "";
  workspace = server.store.workspaces.find({ name: "team" })?.id ?? "";
};
afterEach(async () => {
  await server.close();
});

const get = async (path: string) => (await ask(server, path)).json as Record<string, unknown>;
const inOurs = () => `orgId=${server.organizationId}`;
const names = (rows: unknown) => (rows as { name: string }[]).map(({ name }) => name);

test("a GET of an unknown path answers an object that is no list, with a token or without; other methods a plain 405", async () => {
  await start({ unknownGetsSucceed: true });
  for (const headers of [undefined, {}]) {
    const answer = await ask(server, "/api/nothing", headers === undefined ? {} : { headers });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
    expect(answer.json).toEqual({ name: expect.any(String), providerUrl: server.url, routes: expect.any(Array) });
    for (const method of ["POST", "PUT", "DELETE"]) {
      const other = await ask(server, "/api/nothing", { method, ...(headers === undefined ? {} : { headers }) });
      expect([other.status, other.headers.get("content-type"), other.text]).toEqual([
        405,
        "text/plain; charset=utf-8",
        "Method Not Allowed\n",
      ]);
    }
  }
});

test.each<[keyof Quirks, () => string[], () => string[]]>([
  ["noUser", () => ["/api/user"], () => ["/api/providers", "/api/identity/orgs"]],
  ["noProviders", () => ["/api/providers"], () => ["/api/user"]],
  [
    "noEdges",
    () => [
      `/api/environments/${environment}/connections`,
      `/api/workspaces/${workspace}/environments`,
      `/api/workspaces/${workspace}/teams`,
    ],
    () => [`/api/environments/${environment}?${inOurs()}`, `/api/workspaces?${inOurs()}`],
  ],
  ["connectionsElsewhere", () => ["/api/integrations/connections"], () => ["/api/connections"]],
])("%s: these routes are not there, the others are", async (quirk, lacking, present) => {
  await start({ [quirk]: true, unknownGetsSucceed: true });
  for (const path of lacking()) expect(await get(path)).toHaveProperty("providerUrl");
  for (const path of present()) expect(await get(path)).not.toHaveProperty("providerUrl");
  if (quirk !== "noEdges") return;
  const assign = `/api/environments/${environment}/connections/${server.store.connections.list()[0]?.id}`;
  expect((await ask(server, assign, { method: "POST" })).status).toBe(405);
});

test.each([
  "E3",
  "docs",
] as const)("rows of organizations and workspaces are under data alone, the others twice (%s)", async (era) => {
  await start({ rowsUnderData: true }, era);
  const total = era === "docs" ? "total_count" : "totalCount";
  const organizations = await get("/api/identity/orgs");
  expect(names(organizations.data)).toEqual(["theirs", "ours"]);
  expect(organizations).not.toHaveProperty("organizations");
  const workspaces = await get(`/api/workspaces?${inOurs()}&orgID=${server.organizationId}`);
  expect([names(workspaces.data), workspaces.workspaces, workspaces[total]]).toEqual([["team"], undefined, 1]);
  const environments = await get(`/api/environments?${inOurs()}&orgID=${server.organizationId}`);
  expect([names(environments.data), names(environments.environments)]).toEqual([["production"], ["production"]]);
  const connections = await get("/api/integrations/connections?search=nothing");
  expect([connections.data, connections.connections, connections[total]]).toEqual([[], [], 0]);
});

describe("an order that is not steady", () => {
  const page = async (query: string) => names((await get(`/api/integrations/connections?${query}`)).connections);
  const fill = () => {
    for (const [second, letters] of [
      ["01", "abcdefgh"],
      ["02", "ijklmnop"],
    ] as const) {
      for (const name of letters) {
        server.store.connections.insert({ name, createdAt: `2030-01-01T00:00:${second}.${name.charCodeAt(0)}Z` });
      }
    }
  };

  test("sorts by the second in which a row was made, and shuffles the rows of one second at every request", async () => {
    await start({ unsteadyOrder: true });
    fill();
    const seen = new Set<string>();
    for (let request = 0; request < 6; request++) {
      const listed = (await page("order=name%20desc&pagesize=100")).join("");
      expect([...listed].slice(-16, -8).sort().join("")).toBe("abcdefgh");
      expect([...listed].slice(-8).sort().join("")).toBe("ijklmnop");
      seen.add(listed);
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  test("is the same in every run", async () => {
    const readings: string[][] = [];
    for (let run = 0; run < 2; run++) {
      if (run > 0) await server.close();
      await start({ unsteadyOrder: true });
      fill();
      readings.push([(await page("pagesize=100")).join(""), (await page("pagesize=100")).join("")]);
    }
    expect(readings[0]).toEqual(readings[1]);
  });
});

test("page 0 is page 1, and no page is cut", async () => {
  await start({ pagesFromOne: true, uncappedPages: true });
  for (let index = 0; index < 250; index++) server.store.connections.insert({ name: `c${index}` });
  for (const query of ["pagesize=1000", "pagesize=1000&page=0", "pagesize=1000&page=1"]) {
    expect((await get(`/api/integrations/connections?${query}`)).connections).toHaveLength(251);
  }
  expect((await get("/api/integrations/connections?pagesize=1000&page=2")).connections).toEqual([]);
});

test.each([
  "E3",
  "cloud",
] as const)("a list holds the rows of every organization, whichever was asked for, and needs none (%s)", async (era) => {
  await start({ listsIgnoreOrganization: true }, era);
  for (const query of ["", `?${inOurs()}`, "?orgId=11111111-2222-4333-8444-555555555555"]) {
    expect(names((await get(`/api/environments${query}`)).environments).sort()).toEqual(["foreign", "production"]);
    expect(names((await get(`/api/workspaces${query}`)).workspaces).sort()).toEqual(["others", "team"]);
  }
  const [row] = (await get("/api/environments?search=foreign")).environments as { organizationId: string }[];
  expect(row?.organizationId).toBe(server.store.organizations.find({ name: "theirs" })?.id);
});

test("an empty description of a workspace is refused, not one that is left out", async () => {
  await start({ emptyDescriptionRefused: true });
  const put = (path: string, body: object) =>
    ask(server, path, { method: "PUT", body: { organizationId: server.organizationId, ...body } });
  const refused = await put(`/api/workspaces/${workspace}`, { name: "renamed", description: "" });
  expect([refused.status, refused.json]).toEqual([400, { error: "description cannot be empty" }]);
  expect(server.store.workspaces.get(workspace)?.name).toBe("team");
  expect((await put(`/api/workspaces/${workspace}`, { name: "renamed" })).status).toBe(200);
  expect((await put(`/api/environments/${environment}`, { name: "production", description: "" })).status).toBe(200);
});

test("texts lose the blanks at their ends", async () => {
  await start({ trimmedTexts: true });
  const body = { name: "  padded ", description: " text\n", organizationId: server.organizationId };
  expect((await ask(server, "/api/environments", { body })).json).toMatchObject({
    name: "padded",
    description: "text",
  });
  expect((await ask(server, "/api/workspaces", { body })).json).toMatchObject({ name: "padded", description: "text" });
  await ask(server, "/api/integrations/connections", { body: { name: " c ", kind: " github " } });
  expect(server.store.connections.find({ name: "c" })).toMatchObject({ kind: "github" });
});

test("nothing says whom it belongs to", async () => {
  await start({ noOwners: true });
  for (const path of [
    "/api/identity/orgs",
    `/api/environments?${inOurs()}`,
    `/api/workspaces?${inOurs()}`,
    `/api/workspaces/${workspace}?${inOurs()}`,
    "/api/integrations/connections",
    `/api/environments/${environment}/connections`,
  ]) {
    const { status, text } = await ask(server, path);
    expect(status).toBe(200);
    expect(text).not.toMatch(/owner|userId|user_id/i);
    expect(text).toMatch(/"id"/);
  }
});

test("the list of an environment's connections may say how many there are and null instead of them", async () => {
  await start({ assignedAreNull: true });
  const list = `/api/environments/${environment}/connections`;
  expect(await get(list)).toEqual({ connections: null, totalCount: 1, page: 0, pageSize: 10 });
  server.store.environmentConnections.deleteWhere({ environmentId: environment });
  expect(await get(list)).toEqual({ connections: [], totalCount: 0, page: 0, pageSize: 10 });
});

test("the page about the server tells every quirk, and which are that provider's", () => {
  const page = readFileSync(join(__dirname, "../../docs/guides/embedded-server.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| .+ \| (yes)? ?\|$/gm)].map(([, name, theirs]) => [
    name,
    theirs === "yes",
  ]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(thirdPartyProvider).map(([name, on]) => [name, Boolean(on)])),
  );
});

test("all quirks of that provider together", async () => {
  await start("by others");
  expect(await get("/api/user")).toHaveProperty("routes");
  expect(names((await get("/api/environments?pagesize=1000&order=name")).data).sort()).toEqual([
    "foreign",
    "production",
  ]);
  expect(await get("/api/workspaces")).not.toHaveProperty("workspaces");
  expect(server.quirks).toMatchObject({ noEdges: false, connectionsElsewhere: false, staleReads: 0 });
});
