import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";

// A server that answers a delete with the deleted object is believed until a list, which many deletes share, says otherwise.

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({});
});
afterEach(() => server.close());

const living = () => server.store.environments.list({ deletedAt: null });
const made = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => benchFor(server).create("Environment", { name: `e${100 + i}` })));
/** The deletes that come next answer with the object and leave it where it is. */
function leaves(id: string): void {
  const body = JSON.stringify({ id, name: "e100", description: "", organizationId: server.organizationId });
  const path = `/api/environments/${id}`;
  server.faults.add({ method: "DELETE", path, effect: { kind: "status", status: 200, body } });
}

test("many deletes are confirmed by few lists", async () => {
  const states = await made(40);
  server.requests.clear();
  const bench = benchFor(server);
  await Promise.all(states.map((state) => bench.remove("Environment", state)));
  expect(living()).toEqual([]);
  const lists = server.requests.list.filter(({ method, path }) => method === "GET" && path === "/api/environments");
  // The list that is known first, and what confirms: it is empty by then, which takes two readings.
  expect(lists.length).toBeLessThanOrEqual(4);
});

test("no destroy ends well while what was only said to be deleted is there", async () => {
  const states = await made(5);
  const [kept] = states;
  leaves(kept!.id);
  const bench = benchFor(server);
  const ends = await Promise.allSettled(states.map((state) => bench.remove("Environment", state)));
  expect(living().map(({ id }) => id)).toEqual([kept!.id]);
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  expect(failures).toMatchObject([{ code: "unconfirmed", message: expect.stringContaining(kept!.id) }]);
});

test("one delete that is alone is confirmed by itself", async () => {
  const [state] = await made(1);
  leaves(state!.id);
  await expect(benchFor(server).remove("Environment", state!)).rejects.toMatchObject({ code: "unconfirmed" });
  await benchFor(server).remove("Environment", state!);
  expect(living()).toEqual([]);
});
