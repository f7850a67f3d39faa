import type { MesheryServer } from "../../../provider/server";
import { secret } from "../../pulumi-engine";
import { failureOf, PluginClient } from "./support/client";
import { credentials, withServer } from "./support/plugin";

// What is recorded counts, not what the provider's default is by now; and what an engine takes an error for.

const world = {
  organizations: { one: {}, two: {} },
  connections: { gke: { kind: "kubernetes" } },
  environments: { there: { organization: "two" } },
};

/** A plugin whose default organization is `one`, where things are in `two`. */
async function elsewhere(
  work: (client: PluginClient, server: MesheryServer, two: string) => Promise<void>,
): Promise<void> {
  await withServer({ world }, async (server) => {
    const [one, two] = ["one", "two"].map((name) => server.store.organizations.find({ name })!.id);
    const client = await PluginClient.on(server, { MESHERY_ORGANIZATION_ID: one! });
    try {
      await work(client, server, two!);
    } finally {
      await client.stop();
    }
  });
}

test("an edge that an earlier run left unfinished is made in the organization that was recorded", async () => {
  await elsewhere(async (client, server, two) => {
    const inputs = {
      environmentId: server.store.environments.find({ name: "there" })!.id,
      connectionId: server.store.connections.find({ name: "gke" })!.id,
    };
    const made = await client.create("ConnectionAssignment", { ...inputs, organizationId: two });
    server.store.environmentConnections.deleteWhere({});
    // A new run, which has read nothing yet.
    await client.configure({});
    const old = { outputs: made.outputs, inputs };
    const next = await client.update("ConnectionAssignment", made.id, old, inputs);
    expect(next.outputs).toMatchObject({ organizationId: two });
    expect(server.store.environmentConnections.list()).toMatchObject([inputs]);
  });
});

test("a get by an id looks in the organization that is given beside it", async () => {
  await elsewhere(async (client, server, two) => {
    const { id } = server.store.environments.find({ name: "there" })!;
    const given = { name: "there", organizationId: two };
    expect(await client.read("Environment", id, { properties: given, inputs: given })).toMatchObject({
      id,
      outputs: { organizationId: two },
    });
    expect(await client.read("Environment", id, { properties: {}, inputs: {} })).toMatchObject({ id: "" });
  });
});

test("another organization replaces, the new one first, since the name is free there", async () => {
  await elsewhere(async (client, _, two) => {
    const old = { outputs: { name: "x", organizationId: "before", adopted: false }, inputs: { name: "x" } };
    expect(await client.diff("Environment", "id", old, { name: "x", organizationId: two })).toMatchObject({
      replaceKeys: ["organizationId"],
      deleteBeforeReplace: false,
    });
    expect(await client.diff("Environment", "id", old, { name: "x" })).toMatchObject({ changes: "none" });
  });
});

test("a status that changes in the program after the creation is no change", async () => {
  await elsewhere(async (client) => {
    const inputs = { name: "x", kind: "k", type: "t", status: "registered" };
    const old = { outputs: { ...inputs, adopted: false, owner: "" }, inputs };
    expect(await client.diff("Connection", "id", old, { ...inputs, status: "connected" })).toMatchObject({
      changes: "none",
    });
  });
});

test("a provider of the program's own whose name only begins like the default one's is its own", async () => {
  await withServer({ world }, async (server) => {
    const env = { ...credentials(server), MESHERY_TOKEN: "not-this-one" };
    for (const name of ["defaults", "default-eu"]) {
      const client = await PluginClient.start(env);
      try {
        await client.handshake();
        const args = { token: secret(server.token), organizationId: server.organizationId };
        await client.checkConfig(args, name);
        await client.configure(args, name);
        const { result } = await client.invoke("getEnvironments", {});
        expect([name, result?.organizationId]).toEqual([name, server.organizationId]);
      } finally {
        await client.stop();
      }
    }
  });
});

test("no error of Meshery is taken for a dead or an old plugin", async () => {
  await elsewhere(async (client, server) => {
    for (const status of [400, 401, 403, 404, 409]) {
      server.faults.clear();
      server.faults.add({ effect: { kind: "status", status }, times: Number.POSITIVE_INFINITY });
      const { code } = await failureOf(client.create("Environment", { name: `new ${status}` }));
      expect([status, code]).not.toEqual([status, expect.stringMatching(/UNAVAILABLE|UNIMPLEMENTED|OK/)]);
    }
    server.faults.clear();
    server.faults.add({ effect: { kind: "status", status: 403 }, times: Number.POSITIVE_INFINITY });
    expect(await failureOf(client.create("Workspace", { name: "new" }))).toMatchObject({ code: "PERMISSION_DENIED" });
  });
});
