import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MesheryServer } from "../../provider/server";
import { ask } from "./support/ask";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "meshery-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a data file keeps everything but tokens from one run to the next", async () => {
  const dataFile = join(folder, "meshery.db");
  const world = { users: { alice: {} }, connections: { cluster: { kind: "kubernetes" } } };
  const first = await MesheryServer.start({ dataFile, world, token: "the-first-secret-token" });
  expect(first.seeded).toBe(true);
  const { organizationId } = first;
  const created = await ask(first, "/api/environments", { body: { name: "kept", organizationId } });
  const { id } = created.json as { id: string };
  await ask(first, `/api/environments/${id}/connections/${first.store.connections.list()[0]?.id}`, { method: "POST" });
  const aliceToken = first.tokenFor("alice");
  await first.close();

  const bytes = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "latin1"))
    .join();
  expect(bytes).toContain("kept");
  expect(bytes).not.toContain("the-first-secret-token");
  expect(bytes).not.toContain(aliceToken);

  const second = await MesheryServer.start({ dataFile, world: { environments: { ignored: {} } } });
  try {
    expect(second.seeded).toBe(false);
    expect(second.organizationId).toBe(organizationId);
    expect(second.store.environments.list()).toMatchObject([{ id, name: "kept" }]);
    expect((await ask(second, `/api/environments/${id}/connections`)).json).toMatchObject({ totalCount: 1 });
    const stale = await ask(second, "/api/identity/orgs", { token: "the-first-secret-token" });
    expect(stale.status).toBe(302);
  } finally {
    await second.close();
  }
});

test("a file that is no database is refused and left as it is", async () => {
  const dataFile = join(folder, "notes.txt");
  writeFileSync(
    dataFile,
    "these are notes, and long enough to be looked at as a database header by SQLite itself........",
  );
  const before = readFileSync(dataFile);
  await expect(MesheryServer.start({ dataFile })).rejects.toThrow();
  expect(readFileSync(dataFile)).toEqual(before);
});
