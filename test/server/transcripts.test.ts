import { MesheryServer } from "../../provider/server";
import { type Exchange, Replay, recording } from "./support/replay";

/** Another id or time than the one that should be there. */
const anotherId = '"<id>" -> "<id>"';
const anotherTime = '"<time>" -> "<time>"';

/**
 * Where the embedded server answers otherwise than the recorded one on purpose, by step of the recording. What no longer
 * differs has to leave this table.
 */
const onPurpose: Record<string, { differences: string[]; because: string }> = {
  "unassign first": {
    differences: ["createdAt", "id", "updatedAt"].map(
      (field) => `/${field} ${field === "id" ? anotherId : anotherTime}`,
    ),
    because:
      "of two rows of one pair the one with the lower id goes; ids are random here, so it is always the older one",
  },
  "unassign second": {
    differences: ["createdAt", "id", "updatedAt"].map(
      (field) => `/${field} ${field === "id" ? anotherId : anotherTime}`,
    ),
    because: "the other one of the two",
  },
};

const exchanges = recording("meshery-server-local-e3");
/** The last exchanges were recorded with a server of their own. */
const own = (exchange: Exchange) => exchange.step.startsWith("resurrection:");

/** Plays a recording against a fresh server with the provider Local; returns what differs, by step. */
async function played(recorded: readonly Exchange[]): Promise<Record<string, string[]>> {
  const server = await MesheryServer.start({ era: "E3" });
  const replay = new Replay();
  const found: Record<string, string[]> = {};
  try {
    for (const exchange of recorded) {
      const { method, path, rawBody } = replay.request(exchange);
      const response = await fetch(`${server.url}${path}`, {
        method,
        redirect: "manual",
        headers: { cookie: "meshery-provider=Local" },
        body: rawBody ?? null,
      });
      const differences = replay.differences(exchange, {
        status: response.status,
        contentType: response.headers.get("content-type"),
        text: await response.text(),
      });
      if (differences.length > 0) found[exchange.step] = differences;
    }
  } finally {
    await server.close();
  }
  return found;
}

test("the embedded server answers as real server code did, but where it differs on purpose", async () => {
  const found = {
    ...(await played(exchanges.filter((exchange) => !own(exchange)))),
    ...(await played(exchanges.filter(own))),
  };
  expect(found).toEqual(
    Object.fromEntries(Object.entries(onPurpose).map(([step, { differences }]) => [step, differences])),
  );
});

test("the recording is whole and every step has a name of its own", () => {
  expect(exchanges).toHaveLength(179);
  expect(new Set(exchanges.map(({ step }) => step)).size).toBe(exchanges.length);
});

test("a replay notices what changed and what should have changed", () => {
  const exchange = (body: object): Exchange => ({
    step: "x",
    request: { method: "GET", path: "/", body: null },
    response: { status: 200, contentType: "application/json", body: JSON.stringify(body) },
  });
  const [one, two, three] = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-2222-4333-8444-555555555555`);
  const replay = new Replay();
  const compare = (recorded: object, ours: object) =>
    replay.differences(exchange(recorded), {
      status: 200,
      contentType: "application/json",
      text: JSON.stringify(ours),
    });
  expect(compare({ id: one }, { id: two })).toEqual([]);
  expect(compare({ id: one }, { id: three })).toEqual(['/id "<id>" -> "<id>"']);
  expect(compare({ id: three }, { id: two })).toEqual(['/id "<id>" -> "<id>"']);
  expect(compare({ id: null, a: 1, n: [1] }, { id: two, b: 1, n: [] })).toEqual([
    '/id null -> "<id>"',
    "/a is left out",
    "/n rows 1 -> 0",
    "/b is added",
  ]);
});
