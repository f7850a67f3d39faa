import { seen } from "../../support/meshery";
import { PluginClient } from "./support/client";
import { credentials, WORLD, withServer } from "./support/plugin";

// What counts as declared elsewhere is what this run has recorded: engines create first and delete last.

test.each([
  ["whose create was skipped or failed", {}],
  ["that was only previewed", { preview: true }],
])("an edge is removed though the program names it a second time, by a resource %s", async (_, {
  preview,
}: { preview?: boolean }) => {
  await withServer({ world: { ...WORLD, environments: { production: { connections: ["gke"] } } } }, async (server) => {
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const connectionId = server.store.connections.find({ name: "gke" })!.id;
    const inputs = { environmentId, connectionId };
    const client = await PluginClient.on(server);
    try {
      expect((await client.check("ConnectionAssignment", inputs, { name: "new" })).failures).toEqual([]);
      if (preview) await client.create("ConnectionAssignment", inputs, { name: "new", preview });
      const outputs = { ...inputs, organizationId: server.organizationId };
      await client.delete("ConnectionAssignment", `${environmentId}/${connectionId}`, outputs);
      expect(seen(server).environments.production?.connections).toEqual([]);
      expect(client.messages.filter(({ text }) => text.includes("was kept"))).toEqual([]);
    } finally {
      await client.stop();
    }
  });
});

test("an edge that another record of this run stands for is kept, and the user is told", async () => {
  await withServer({ world: { ...WORLD, environments: { production: { connections: ["gke"] } } } }, async (server) => {
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const connectionId = server.store.connections.find({ name: "gke" })!.id;
    const inputs = { environmentId, connectionId };
    const client = await PluginClient.start(credentials(server));
    try {
      await client.handshake();
      await client.configure({});
      const { id, outputs } = await client.create("ConnectionAssignment", inputs, { name: "new" });
      await client.delete("ConnectionAssignment", id, outputs);
      expect(seen(server).environments.production?.connections).toEqual(["gke"]);
      expect(client.messages.map(({ text }) => text)).toEqual([expect.stringContaining("was kept")]);
    } finally {
      await client.stop();
    }
  });
});
