import type { Values } from "../../provider/framework";
import { lifecycles, lookups } from "../../provider/resources";
import { type EraName, eraNames } from "../../provider/server";
import { MesheryServer } from "../support/meshery";
import { type Bench, benchFor } from "../support/session";

const FIRST = "canary-first-s3cret";
const SECOND = "canary-second-s3cret";
const written = (password: string, secretVersion: number) => ({
  name: "prometheus",
  type: "basic",
  secret: { username: "canary-user", password },
  secretVersion,
});
const isSecret = /canary-/;

let server: MesheryServer;
afterEach(() => server.close());
const run = (options?: Parameters<typeof benchFor>[1]): Bench => benchFor(server, options);
const secretOf = (id: string) => server.store.credentials.get(id)?.secret;
const connection = (name: string, credentialId?: string) => ({
  name,
  kind: "prometheus",
  type: "observability",
  ...(credentialId === undefined ? {} : { credentialId }),
});
const told = (error: unknown): string =>
  `${(error as Error).message} ${JSON.stringify(error)} ${(error as Error).stack} ${JSON.stringify((error as Error).cause ?? "")}`;
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => "no error", told);
const asked = async (name: string, inputs: Values = {}) =>
  lookups
    .find((lookup) => lookup.name === name)!
    .read(
      run().session.context(() => undefined),
      inputs,
    );

const kinds = eraNames.flatMap((era) => [false, true].map((quirks): [EraName, boolean] => [era, quirks]));
describe.each(kinds)("in %s, with quirks: %s", (era, quirks) => {
  beforeEach(async () => {
    server = await MesheryServer.start({ era, quirks });
  });

  test("a new version of the secret reaches all connections that share it, and no state has it", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    expect(secretOf(state.id)).toEqual({ username: "canary-user", password: FIRST });
    const one = await run().create("Connection", connection("one", state.id));
    const other = await run().create("Connection", connection("other", state.id));
    expect(await run().read("Credential", state)).toEqual(state);
    expect(await run().read("Connection", one)).toEqual(one);

    const next = await run().update("Credential", state, written(SECOND, 2));
    for (const { id } of [one, other])
      expect(secretOf(server.store.connections.get(id)!.credentialId!)).toMatchObject({ password: SECOND });
    expect(next).toMatchObject({ id: state.id, name: "prometheus", type: "basic", secretVersion: 2 });
    expect(await run().read("Credential", next)).toEqual(next);
    expect(JSON.stringify([state, next])).not.toMatch(isSecret);

    await run().remove("Connection", one);
    await run().remove("Connection", other);
    await run().remove("Credential", next);
    expect(server.store.credentials.list({ deletedAt: null })).toEqual([]);
    expect(await run().read("Credential", next)).toBeUndefined();
  });

  test("a name that is changed by hand is drift, a secret is not", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    server.store.credentials.update(state.id, { name: "by hand", secret: { token: SECOND } });
    const live = (await run().read("Credential", state))!;
    expect(live).toEqual({ ...state, name: "by hand" });
    expect(lifecycles.get("Credential")!.diff(live, written(FIRST, 1))).toEqual([{ field: "name", change: "update" }]);
    const mended = await run().update("Credential", live, written(FIRST, 1));
    expect(server.store.credentials.get(mended.id)).toMatchObject({ name: "prometheus", secret: { password: FIRST } });
  });

  test("is imported by its id and by its name, without its secret", async () => {
    const { id } = server.store.credentials.insert({ name: "theirs", type: "token", secret: { token: FIRST } });
    const imported = await run().import("Credential", id);
    expect(imported).toMatchObject({ id, name: "theirs", type: "token", adopted: false });
    expect(await run().import("Credential", "name:theirs")).toEqual(imported);
    expect(await run().read("Credential", imported)).toEqual(imported);
    expect(JSON.stringify(imported)).not.toMatch(isSecret);
    await expect(run().import("Credential", "name:nobody's")).rejects.toMatchObject({ code: "missing" });
  });

  test("one that exists is taken over only where that is asked for, and is released then", async () => {
    const { id } = server.store.credentials.insert({ name: "prometheus", type: "basic", secret: { old: "x" } });
    server.store.credentials.insert({ name: "prometheus", type: "token" });
    await expect(run().create("Credential", written(FIRST, 1))).rejects.toMatchObject({ code: "exists" });
    const state = await run().create("Credential", { ...written(FIRST, 1), adopt: true });
    expect(state).toMatchObject({ id, adopted: true });
    expect(secretOf(id)).toEqual({ username: "canary-user", password: FIRST });
    await run().remove("Credential", state);
    expect(secretOf(id)).toEqual({ username: "canary-user", password: FIRST });
  });

  test("one that connections still have is not deleted, and they are named", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    const user = server.store.connections.insert({ name: "user", kind: "prometheus", credentialId: state.id });
    server.store.connections.insert({ name: "bystander", kind: "prometheus" });
    const refused = run().remove("Credential", state);
    await expect(refused).rejects.toMatchObject({
      code: "in-use",
      message: expect.stringMatching(
        /"prometheus" \(\S+\) was not deleted: it is still used by connection "user" \(prometheus\)/,
      ),
      details: { hint: expect.stringMatching(/another credentialId .*forceDestroy = true/) },
    });
    expect(secretOf(state.id)).toBeDefined();

    await run().remove("Credential", { ...state, forceDestroy: true });
    expect(server.store.credentials.get(state.id)?.deletedAt ?? undefined).toBeUndefined();
    expect(server.store.credentials.list({ deletedAt: null })).toEqual([]);
    expect(server.store.connections.get(user.id)).toMatchObject({ name: "user", deletedAt: null });
  });

  test("lookups find it and tell no secret", async () => {
    const { id } = server.store.credentials.insert({ name: "theirs", type: "token", secret: { token: FIRST } });
    server.store.credentials.insert({ name: "theirs", type: "basic", secret: { token: FIRST } });
    await expect(asked("getCredential", { name: "theirs" })).rejects.toMatchObject({ code: "ambiguous" });
    const one = await asked("getCredential", { name: "theirs", type: "token" });
    expect(one).toEqual({ id, name: "theirs", type: "token" });
    const all = await asked("getCredentials");
    expect(all.credentials).toHaveLength(2);
    expect(await asked("getCredentials", { type: "token" })).toMatchObject({ credentials: [{ id, type: "token" }] });
    expect(JSON.stringify([one, all])).not.toMatch(isSecret);
  });
});

describe("a credential", () => {
  beforeEach(async () => {
    server = await MesheryServer.start({ world: { environments: { stage: {} } } });
  });

  test("is found among more of them than a server gives at once", async () => {
    for (let i = 0; i < 60; i++) server.store.credentials.insert({ name: `c${i}`, type: "token" });
    expect((await asked("getCredentials")).credentials).toHaveLength(60);
    const state = await run().create("Credential", written(FIRST, 1));
    expect(await run().read("Credential", state)).toEqual(state);
  });

  test("is sent again by a key that leaves its secret, where the engine keeps the secret", async () => {
    const { secret, ...others } = written(FIRST, 1);
    const state = await run().create("Credential", { ...others, secret });
    const kept = { ...state, secret };
    await run().update("Credential", kept, { ...others, secret: { password: FIRST } });
    expect(secretOf(state.id)).toEqual({ password: FIRST });
    await run().update("Credential", { ...state, secret: null }, { ...others, secret });
    expect(secretOf(state.id)).toEqual(secret);
  });

  test("is not sent where only its flags change", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    await run().update("Credential", state, { ...written(SECOND, 1), forceDestroy: true });
    expect(secretOf(state.id)).toMatchObject({ password: FIRST });
  });

  test("cannot be renamed without its secret, which some servers would forget; nothing is sent", async () => {
    const { secret: _, ...others } = written(FIRST, 1);
    const { id } = server.store.credentials.insert({ ...others, secret: { token: FIRST } });
    const state = await run().import("Credential", id);
    server.requests.clear();
    await expect(run().update("Credential", state, { name: "renamed", type: "basic" })).rejects.toMatchObject({
      code: "invalid-input",
      details: { field: "secret" },
    });
    expect(server.requests.list.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(secretOf(id)).toEqual({ token: FIRST });
  });

  test("swaps its name with another one", async () => {
    const a = await run().create("Credential", { ...written(FIRST, 1), name: "a" });
    const b = await run().create("Credential", { ...written(SECOND, 1), name: "b" });
    const one = run();
    await Promise.all([
      one.update("Credential", a, { ...written(FIRST, 1), name: "b" }),
      one.update("Credential", b, { ...written(SECOND, 1), name: "a" }),
    ]);
    expect(server.store.credentials.get(a.id)).toMatchObject({ name: "b", secret: { password: FIRST } });
    expect(server.store.credentials.get(b.id)).toMatchObject({ name: "a", secret: { password: SECOND } });
  });

  test("keeps its name from another one", async () => {
    await run().create("Credential", written(FIRST, 1));
    const other = await run().create("Credential", { ...written(SECOND, 1), name: "other" });
    await expect(run().update("Credential", other, written(SECOND, 1))).rejects.toMatchObject({ code: "exists" });
  });

  test("and connections survive the environments that hold them", async () => {
    const environment = await run().import("Environment", "name:stage");
    const credential = await run().create("Credential", written(FIRST, 1));
    const held = await run().create("Connection", connection("held", credential.id));
    server.store.environmentConnections.insert({ environmentId: environment.id, connectionId: held.id });
    await run().remove("Environment", { ...environment, forceDestroy: true });
    expect(await run().read("Connection", held)).toEqual(held);
    expect(await run().read("Credential", credential)).toEqual(credential);
    expect(secretOf(credential.id)).toMatchObject({ password: FIRST });
  });

  test("goes in the run in which its connections go or get another one", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    const other = await run().create("Credential", { ...written(SECOND, 1), name: "other" });
    const goes = await run().create("Connection", connection("goes", state.id));
    const moves = await run().create("Connection", connection("moves", state.id));
    const one = run();
    const context = one.session.context(() => undefined);
    context.run.markForDeletion("Connection", goes.id);
    await expect(one.remove("Credential", state)).rejects.toMatchObject({
      message: expect.stringMatching(/still used by connection "moves"/),
    });
    context.run.markForDeletion("Connection.credentialId", `${moves.id}/${state.id}`);
    await one.remove("Credential", state);
    await one.update("Connection", moves, connection("moves", other.id));
    expect(server.store.connections.get(moves.id)).toMatchObject({ credentialId: other.id });
  });

  test("of a connection stays where the program says nothing of it, and is drift where it does", async () => {
    const state = await run().create("Credential", written(FIRST, 1));
    const made = await run().create("Connection", connection("c", state.id));
    await run().update("Connection", made, connection("renamed"));
    expect(server.store.connections.get(made.id)).toMatchObject({ name: "renamed", credentialId: state.id });
    server.store.connections.update(made.id, { credentialId: null });
    const live = (await run().read("Connection", made))!;
    expect(lifecycles.get("Connection")!.diff(live, connection("renamed", state.id))).toEqual([
      { field: "credentialId", change: "update" },
    ]);
    await run().update("Connection", live, connection("renamed", state.id));
    expect(server.store.connections.get(made.id)).toMatchObject({ credentialId: state.id });
  });

  test("comes with the connection that is looked up or imported", async () => {
    const { id } = server.store.credentials.insert({ name: "c", type: "t" });
    server.store.connections.insert({ name: "with", kind: "k", credentialId: id });
    server.store.connections.insert({ name: "without", kind: "k" });
    expect(await asked("getConnection", { name: "with" })).toMatchObject({ credentialId: id });
    expect(await asked("getConnection", { name: "without" })).toMatchObject({ credentialId: "" });
    expect((await asked("getConnections")).connections).toMatchObject([{ credentialId: id }, { credentialId: "" }]);
    expect(await run().import("Connection", "name:with")).toMatchObject({ credentialId: id });
    expect((await run().import("Connection", "name:without")).credentialId).toBeUndefined();
  });
});

test("a credential of another user is out of sight, and neither forgotten nor deleted", async () => {
  server = await MesheryServer.start({ world: { users: { alice: {}, bob: {} } } });
  const [alice, bob] = [{ token: server.tokenFor("alice") }, { token: server.tokenFor("bob") }];
  const state = await run(alice).create("Credential", written(FIRST, 1));
  const other = run(bob);
  expect(await other.read("Credential", state)).toEqual(state);
  expect(other.warnings).toMatchObject([{ summary: "A Credential could not be verified" }]);
  await expect(run(bob).remove("Credential", state)).rejects.toMatchObject({ code: "missing" });
  expect(secretOf(state.id)).toMatchObject({ password: FIRST });
  await run(alice).remove("Credential", state);
  expect(await run(alice).read("Credential", state)).toBeUndefined();
});

test.each([
  ["E1", "None"],
  ["E3", "Local"],
] as const)("the secret stays with the Local provider of %s, whose updates forget what they are not sent", async (era, mesheryProvider) => {
  server = await MesheryServer.start({ era });
  const local = () => run({ mesheryProvider, token: "" });
  const state = await local().create("Credential", written(FIRST, 1));
  const next = await local().update("Credential", state, { ...written(FIRST, 1), name: "renamed" });
  expect(server.store.credentials.get(state.id)).toMatchObject({ name: "renamed", secret: { password: FIRST } });
  await local().remove("Credential", next);
  expect(server.store.credentials.list({ deletedAt: null })).toEqual([]);
});

describe("what a server makes of a secret", () => {
  beforeEach(async () => {
    server = await MesheryServer.start();
  });
  const echoes: [string, string][] = [
    ["JSON", JSON.stringify({ error: `cannot keep ${FIRST} of canary-user` })],
    ["an encoding of it", `cannot keep ${encodeURIComponent(FIRST)} & ${FIRST.replaceAll("-", "&#45;")}`],
    ["all that was sent", JSON.stringify(written(FIRST, 1))],
  ];
  test.each(echoes)("is in no error: %s", async (_, body) => {
    server.faults.add({ method: "POST", effect: { kind: "status", status: 400, body } });
    server.faults.add({
      method: "PUT",
      effect: { kind: "status", status: 500, body },
      times: Number.POSITIVE_INFINITY,
    });
    const refused = await failure(run().create("Credential", written(FIRST, 1)));
    expect(refused).toMatch(/400/);
    expect(refused).not.toMatch(isSecret);
    const state = await run().create("Credential", written(SECOND, 1));
    const failed = await failure(run().update("Credential", state, written(FIRST, 2)));
    expect(failed).toMatch(/500/);
    expect(failed).not.toMatch(isSecret);
  });

  test("is in no error where one secret is part of another", async () => {
    const secret = { short: "canary", long: FIRST };
    server.faults.add({ method: "POST", effect: { kind: "status", status: 400, body: `no ${FIRST}, no canary` } });
    const refused = await failure(run().create("Credential", { ...written(FIRST, 1), secret }));
    expect(refused).toContain("no [hidden], no [hidden]");
  });

  test("is not shown of a list that ends too early", async () => {
    const body = `{"credentials":[{"id":"1","secret":{"token":"${FIRST}"}}`;
    server.faults.add({
      method: "GET",
      effect: { kind: "status", status: 200, body },
      times: Number.POSITIVE_INFINITY,
    });
    const failed = await failure(run().create("Credential", written(SECOND, 1)));
    expect(failed).toMatch(/not JSON/);
    expect(failed).not.toMatch(isSecret);
  });

  test("is in no log", async () => {
    const { openSession } = await import("../../provider/configuration");
    const lines: unknown[] = [];
    const { url, token, mesheryProvider } = server;
    const session = openSession(
      { url, token, mesheryProvider, origins: {} },
      { onExchange: (exchange) => lines.push(exchange), logBodies: true },
    );
    const context = session.context((warning) => lines.push(warning));
    const lifecycle = lifecycles.get("Credential")!;
    const state = await lifecycle.create(context, written(FIRST, 1));
    await lifecycle.update(context, state, written(SECOND, 2));
    expect(JSON.stringify(lines)).toMatch(/PUT.*\[hidden\]/);
    expect(JSON.stringify(lines)).not.toMatch(isSecret);
  });
});
