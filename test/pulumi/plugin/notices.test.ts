import { PluginClient } from "./support/client";
import { WORLD, withServer } from "./support/plugin";

// What a preview tells of a create before it happens.

const world = { ...WORLD, environments: { production: { description: "theirs", connections: ["gke"] } } };

const told = async (
  ask: (client: PluginClient, ids: { environmentId: string; connectionId: string }) => Promise<unknown>,
) => {
  let texts: string[] = [];
  await withServer({ world }, async (server) => {
    const environmentId = server.store.environments.find({ name: "production" })!.id;
    const connectionId = server.store.connections.find({ name: "gke" })!.id;
    const client = await PluginClient.on(server);
    try {
      await ask(client, { environmentId, connectionId });
      texts = client.messages.map(({ text }) => text);
    } finally {
      await client.stop();
    }
  });
  return texts;
};
const preview = { preview: true };

test("that a name is in use", async () => {
  const texts = await told((client) => client.create("Environment", { name: "production" }, preview));
  expect(texts).toEqual([expect.stringMatching(/Environment "production" exists already.*adopt: true/s)]);
});

test("what an adoption changes", async () => {
  const inputs = { name: "production", description: "ours", adopt: true };
  const texts = await told((client) => client.create("Environment", inputs, preview));
  expect(texts).toEqual([
    expect.stringMatching(/exists already and is adopted.*"theirs" becomes "ours".*releases it/s),
  ]);
});

test("that an edge which exists becomes the program's", async () => {
  const texts = await told((client, ids) => client.create("ConnectionAssignment", ids, preview));
  expect(texts).toEqual([
    expect.stringMatching(/connection "gke" \(\S+\) is in environment "production".*revokes it.*retainOnDelete/s),
  ]);
});

test("nothing of what only gets another record of its own", async () => {
  const texts = await told(async (client, ids) => {
    const id = `${ids.environmentId}/${ids.connectionId}`;
    await client.check("ConnectionAssignment", ids);
    await client.diff("ConnectionAssignment", id, { inputs: ids, outputs: ids }, ids);
    await client.create("ConnectionAssignment", ids, { ...preview, name: "new" });
  });
  expect(texts).toEqual([]);
});
