import * as z from "zod";
import { openSession } from "../../provider/configuration";
import { type AnyResource, name, optional, required } from "../../provider/framework";
import { objectResource } from "../../provider/resources/shared/objectResource";
import { objectType } from "../../provider/resources/shared/objectType";
import { text } from "../../provider/resources/shared/wire";
import { Lifecycle } from "../../provider/run/lifecycle";
import { type RawServer, rawServer, sendJson } from "../support/rawServer";

// An object with a value that no server shows, and its version beside it.

const CANARY = "hunter2-canary";
const vaults = objectType({
  name: "Vault",
  path: "/api/vaults",
  rows: "vaults",
  identity: ["name"],
  exampleId: "v-1",
  exampleName: "v",
  fields: {
    name: required(name(50), { description: "", wire: text("name") }),
    secret: optional(z.string(), {
      description: "",
      writeOnly: true,
      versionField: "secretVersion",
      wire: text("secret", { leftOut: "kept" }),
    }),
    secretVersion: optional(z.number(), { description: "" }),
  },
});
const lifecycle = new Lifecycle(objectResource(vaults, { description: "" }) as unknown as AnyResource);

let server: RawServer;
let stored: { name: string; secret?: string } | undefined;
let refuses = false;
const bodies: { method: string; secret?: string }[] = [];
beforeEach(async () => {
  [stored, refuses] = [undefined, false];
  bodies.splice(0);
  server = await rawServer(async (request, response) => {
    if (request.method === "GET") {
      const rows = stored ? [{ id: "v-1", name: stored.name }] : [];
      sendJson(response, { vaults: rows, totalCount: rows.length });
      return;
    }
    let body = "";
    for await (const part of request) body += String(part);
    const sent = JSON.parse(body) as { name: string; secret?: string };
    bodies.push({ method: String(request.method), ...sent });
    if (refuses) return void response.writeHead(400).end("no");
    stored = { ...stored, ...sent };
    response.writeHead(200).end();
  });
});
afterEach(() => server.close());

const context = () =>
  openSession({ url: server.url, token: "t", mesheryProvider: "Meshery", origins: {} }).context(() => undefined);
const inputs = { name: "v", secret: CANARY, secretVersion: 1 };

test("is sent when it is made, and again when its version changes, and never otherwise", async () => {
  const state = await lifecycle.create(context(), inputs);
  expect(state).toMatchObject({ name: "v", secretVersion: 1 });
  expect(stored).toMatchObject({ secret: CANARY });
  const next = await lifecycle.update(context(), state, { ...inputs, secret: "second", secretVersion: 2 });
  expect(stored).toMatchObject({ secret: "second" });
  expect(bodies.map(({ method, secret }) => [method, secret])).toEqual([
    ["POST", CANARY],
    ["PUT", "second"],
  ]);
  expect(lifecycle.diff(next, { ...inputs, secret: "third", secretVersion: 2 })).toEqual([]);
  expect(await lifecycle.read(context(), next)).toEqual(next);
  expect(JSON.stringify([state, next])).not.toMatch(/hunter2|second|third/);
});

test("a refused new version is an error, since no list could say that it was taken", async () => {
  const state = await lifecycle.create(context(), inputs);
  refuses = true;
  await expect(lifecycle.update(context(), state, { ...inputs, secretVersion: 2 })).rejects.toMatchObject({
    code: "refused",
  });
});

test("a write-only field without a version is no declaration", () => {
  const secret = optional(z.string(), { description: "", writeOnly: true, wire: text("secret") });
  const declared = () =>
    objectType({
      name: "Vault",
      fields: { secret },
      identity: ["name"],
      path: "/",
      rows: "vaults",
      exampleId: "1",
      exampleName: "v",
    });
  expect(declared).toThrow("secret of Vault has no version field");
});
