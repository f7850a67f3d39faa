import type { Values } from "../../provider/framework";
import { UNKNOWN } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import { releaseNotice } from "../../provider/resources/shared/planNotices";
import type { MesheryServerOptions } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

let server: MesheryServer;
const world: MesheryServerOptions["world"] = {
  connections: {
    cluster: { kind: "kubernetes", type: "platform", metadata: { server: "https://a" } },
    other: { kind: "kubernetes" },
  },
  environments: { production: { description: "theirs", connections: ["cluster"] } },
  workspaces: { team: { environments: ["production"] } },
};
beforeEach(async () => {
  server = await MesheryServer.start({ world });
});
afterEach(() => server.close());

const idOf = (table: "environments" | "workspaces" | "connections", name: string) =>
  server.store[table].find({ name })!.id;
const notices = (type: string, inputs: Values, env: NodeJS.ProcessEnv = {}) => {
  const { session } = benchFor(server, { env });
  return lifecycles.get(type)!.plannedNotices(
    session.context(() => {}),
    inputs,
  );
};

test("an edge that exists is told to become the program's, by names", async () => {
  const [environmentId, connectionId] = [idOf("environments", "production"), idOf("connections", "cluster")];
  expect(await notices("ConnectionAssignment", { environmentId, connectionId })).toEqual([
    {
      summary: expect.stringMatching(/connection "cluster" \(\S+\) is in environment "production" \(\S+\) already/),
      detail: expect.stringMatching(/becomes this program's.*destroy, revokes it.*retainOnDelete.*removed \{/),
    },
  ]);
  const workspaceId = idOf("workspaces", "team");
  expect(await notices("WorkspaceBinding", { workspaceId, environmentId })).toHaveLength(1);
  expect(await notices("ConnectionAssignment", { environmentId, connectionId: idOf("connections", "other") })).toEqual(
    [],
  );
  expect(await notices("ConnectionAssignment", { environmentId: UNKNOWN, connectionId })).toEqual([]);
});

test("an edge that this run declares already is told once", async () => {
  const { session } = benchFor(server);
  const context = session.context(() => {});
  const inputs = { environmentId: idOf("environments", "production"), connectionId: idOf("connections", "cluster") };
  const lifecycle = lifecycles.get("ConnectionAssignment")!;
  await lifecycle.create(context, inputs);
  expect(await lifecycle.plannedNotices(context, inputs)).toEqual([]);
});

test("an object to be adopted is told with what changes, and that a destroy releases it", async () => {
  const adopted = (inputs: Values) => notices("Environment", { name: "production", adopt: true, ...inputs });
  expect(await adopted({ description: "ours" })).toEqual([
    {
      summary: 'Environment "production" exists already and is adopted',
      detail: expect.stringMatching(
        /description: "theirs" becomes "ours"\. A destroy releases it and does not delete it/,
      ),
    },
  ]);
  expect(await adopted({})).toMatchObject([{ detail: expect.stringContaining("Nothing of it changes.") }]);
  const connection = { name: "cluster", kind: "kubernetes", type: "observability", metadata: { server: "https://b" } };
  expect(await notices("Connection", connection, { MESHERY_ADOPT: "1" })).toMatchObject([
    { detail: expect.stringMatching(/type: "platform" becomes "observability"; metadata\./) },
  ]);
});

test("a name in use is told where it may not be adopted, and not where this run gives it free", async () => {
  expect(await notices("Workspace", { name: "team" })).toMatchObject([
    { summary: 'Workspace "team" exists already', detail: expect.stringContaining(idOf("workspaces", "team")) },
  ]);
  expect(await notices("Workspace", { name: "new" })).toEqual([]);
  const { session } = benchFor(server);
  session.context(() => {}).run.markForDeletion("Workspace", idOf("workspaces", "team"));
  expect(
    await lifecycles.get("Workspace")!.plannedNotices(
      session.context(() => {}),
      { name: "team" },
    ),
  ).toEqual([]);
});

test("an adopted object that goes is released", () => {
  expect(releaseNotice("Environment", { id: "1", name: "production", adopted: true })).toMatchObject({
    summary: 'Environment "production" is released, not deleted',
  });
  expect(releaseNotice("Environment", { id: "1", name: "production", adopted: false })).toBeUndefined();
});

describe("an organization that the token does not see", () => {
  const inputs: [string, Values][] = [
    ["Environment", { name: "new" }],
    ["Workspace", { name: "new" }],
    ["ConnectionAssignment", { environmentId: UNKNOWN, connectionId: UNKNOWN }],
  ];
  test.each(inputs)("is refused at plan: %s", async (type, values) => {
    await expect(notices(type, { ...values, organizationId: "acme" })).rejects.toMatchObject({
      code: "organization",
      details: { field: "organizationId", what: expect.stringContaining('"acme"') },
    });
    expect(await notices(type, { ...values, organizationId: server.organizationId })).toEqual([]);
  });

  test.each([401, 403, 500])("is not judged where nobody can say: %s", async (status) => {
    server.faults.add({ method: "GET", effect: { kind: "status", status }, times: Number.POSITIVE_INFINITY });
    expect(await notices("Environment", { name: "new", organizationId: "acme" })).toEqual([]);
  });
});
