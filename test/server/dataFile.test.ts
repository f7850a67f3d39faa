import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("a data file belongs to one server at a time", async () => {
  const dataFile = join(folder, "meshery.db");
  const first = await MesheryServer.start({ dataFile });
  await expect(MesheryServer.start({ dataFile })).rejects.toThrow(`is in use by process ${process.pid}`);
  await first.close();
  const second = await MesheryServer.start({ dataFile });
  await second.close();
  expect(readdirSync(folder)).toEqual(["meshery.db"]);
});

test("a data file whose server was killed as it wrote can be used again", async () => {
  const dataFile = join(folder, "meshery.db");
  const program = `
    const { Database } = require("node-sqlite3-wasm");
    require("node:fs").writeFileSync(process.argv[1] + ".owner", process.pid + "\\n");
    const database = new Database(process.argv[1]);
    database.exec("begin; create table half_done (id text)");
    process.kill(process.pid, "SIGKILL");
  `;
  const { signal } = spawnSync(process.execPath, ["-e", program, dataFile], { cwd: join(__dirname, "../..") });
  expect(signal).toBe("SIGKILL");
  expect(readdirSync(folder)).toContain("meshery.db.lock");
  const server = await MesheryServer.start({ dataFile });
  try {
    expect(server.store.sql.get("select 1 from sqlite_master where name = 'half_done'")).toBeUndefined();
    expect((await ask(server, "/api/identity/orgs")).status).toBe(200);
  } finally {
    await server.close();
  }
});

test("a lock that is nobody's known is left alone", async () => {
  const dataFile = join(folder, "meshery.db");
  mkdirSync(`${dataFile}.lock`);
  await expect(MesheryServer.start({ dataFile })).rejects.toThrow(`remove ${dataFile}.lock`);
});

test("a file that is no database is refused and left as it is", async () => {
  const dataFile = join(folder, "notes.txt");
  writeFileSync(
    dataFile,
    "these are notes, and long enough to be looked at as a database header by SQLite itself........",
  );
  const before = readFileSync(dataFile);
  await expect(MesheryServer.start({ dataFile })).rejects.toThrow(/not a database/);
  expect(readFileSync(dataFile)).toEqual(before);
  expect(readdirSync(folder)).toEqual(["notes.txt"]);
});
