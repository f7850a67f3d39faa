import { request } from "node:http";
import { MesheryServer } from "../support/meshery";
import { STRANGE, type StrangeName } from "./answers";
import { planOf } from "./faultMix";
import { importBlocksIn } from "./imports";
import { interrupted, lifecycle } from "./lifecycles";
import { type Fault, FaultyProxy } from "./proxy";

let server: MesheryServer;
let proxy: FaultyProxy;
beforeEach(async () => {
  server = await MesheryServer.start();
  proxy = await FaultyProxy.start(server.url);
});
afterEach(async () => {
  await proxy.close();
  await server.close();
});

interface Answer {
  status: number | undefined;
  type: string | undefined;
  text: string;
  cut: boolean;
}

function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve) => {
    const none: Answer = { status: undefined, type: undefined, text: "", cut: true };
    const headers = {
      authorization: `Bearer ${server.token}`,
      cookie: `token=${server.token}; meshery-provider=${server.mesheryProvider}`,
      "content-type": "application/json",
    };
    const asking = request(new URL(path, proxy.url), { method, headers, agent: false }, (incoming) => {
      const answer = { ...none, status: incoming.statusCode, type: incoming.headers["content-type"] };
      incoming.setEncoding("utf8").on("data", (text: string) => {
        answer.text += text;
      });
      incoming.on("end", () => resolve({ ...answer, cut: false }));
      incoming.on("error", () => resolve(answer));
    });
    asking.on("error", () => resolve(none));
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const create = (name: string) => ask("POST", "/api/environments", { name, organizationId: server.organizationId });
const list = () => ask("GET", `/api/environments?orgId=${server.organizationId}&order=name%20asc`);
const names = async () =>
  (JSON.parse((await list()).text) as { environments?: { name: string }[] }).environments?.map(({ name }) => name) ??
  [];
const made = () => server.store.environments.count();
const next = (fault: Fault) => {
  let left = 1;
  proxy.plan = { patience: 40, choose: () => (left-- > 0 ? fault : undefined) };
};

test("without a plan everything goes through", async () => {
  expect((await create("a")).status).toBe(201);
  expect(await names()).toEqual(["a"]);
});

test.each(Object.keys(STRANGE) as StrangeName[])("%s: once instead of the work, once after it", async (answer) => {
  next({ kind: "strange", answer, after: false });
  const instead = await create("a");
  expect(made()).toBe(0);
  next({ kind: "strange", answer, after: true });
  const after = await create("a");
  expect(made()).toBe(1);
  const readable = ({ status, type, text, cut }: Answer) =>
    !cut && status === 201 && type?.startsWith("application/json") && /^\{.*"id".*\}\s*$/s.test(text);
  expect(readable(instead)).toBe(false);
  // Late answers are true: nobody waits for them.
  expect(readable(after)).toBe(answer === "no answer in time" || answer === "dripping");
});

test("a list as it was before the last one", async () => {
  await create("a");
  await list();
  await create("b");
  await list();
  next({ kind: "stale", ago: 2 });
  expect(await names()).toEqual(["a"]);
  expect(await names()).toEqual(["a", "b"]);
});

test("a seed always means the same", () => {
  expect(lifecycle(7)).toEqual(lifecycle(7));
  expect(lifecycle(7)).not.toEqual(lifecycle(8));
  expect(interrupted(7)).toEqual(interrupted(7));
  const mix = { reads: 0.5, writes: 0.5, anyRead: true, burst: 2, stale: 0.5 };
  const chosen = () => {
    const { choose } = planOf(mix, 7);
    return Array.from({ length: 50 }, (_, number) =>
      choose({ number, method: number % 2 ? "GET" : "POST", path: "/a" }),
    );
  };
  expect(chosen()).toEqual(chosen());
});

test("no more goes wrong in a row than a client can survive, and no two old lists", () => {
  const { choose } = planOf({ reads: 0.9, writes: 0.9, anyRead: true, burst: 2, stale: 0.5 }, 1);
  const faults = Array.from({ length: 500 }, (_, number) => choose({ number, method: "GET", path: "/a" }));
  const kinds = faults.map((fault) => fault?.kind ?? "none");
  expect(kinds.join(" ")).not.toMatch(/(late|stale|strange) (late|stale|strange) (late|stale|strange)/);
  expect(kinds.filter((kind) => kind !== "strange").join(" ")).not.toMatch(/stale stale/);
  expect(new Set(kinds)).toEqual(new Set(["none", "stale", "strange", "late"]));
});

test("import blocks are found in an engine's errors, each with its resource", () => {
  const said = `╷
│ Error: Environment: organization o already has "a" (id 1)
│ 
│   with meshery_environment.all["e0"],
│   on main.tf line 1:
│ 
│ To take it over:
│ 
│   import {
│     to = meshery_environment.example
│     id = "1"
│   }
╵
╷
│ Error: something else
│ 
│   with meshery_environment.b,
╵
`;
  expect(importBlocksIn(said)).toBe('import {\n  to = meshery_environment.all["e0"]\n  id = "1"\n}\n');
});
