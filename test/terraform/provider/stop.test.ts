import type { Timing } from "../../../provider/client";
import { handlers } from "../../../provider/terraform/provider/handlers";
import { resourceType } from "../../../provider/terraform/provider/names";
import { providerAttributes, resourceAttributes } from "../../../provider/terraform/provider/schema";
import { type Attribution, encodeValue as encode } from "../../../provider/terraform/provider/values";
import { MesheryServer } from "../../support/meshery";
import { benchFor } from "../../support/session";
import { SHORT } from "../../support/timing";

// What is left to remove when the engine says stop. The server is of this process, so that of two waits the shorter one always
// ends first, however busy the machine is.

const LATENCY = 500;

const typeName = resourceType("ConnectionAssignment");
const attributes = resourceAttributes.get(typeName)!;
const encoded = (of: typeof attributes, values: Attribution | null) =>
  encode(of, values && Object.fromEntries([...of.keys()].map((name) => [name, values[name] ?? null])));

let server: MesheryServer;
beforeEach(async () => {
  const world = { connections: { c: { kind: "kubernetes" } }, environments: { e: {} } };
  server = await MesheryServer.start({ world });
});
afterEach(() => server.close());

const left = () => server.store.environmentConnections.list({ deletedAt: null });

/** A provider that keeps an edge since its plan declares it elsewhere, where it is not made any more; the server is slow by now. */
async function withKeptEdge(timing: Partial<Timing>) {
  const environmentId = server.store.environments.find({ name: "e" })!.id;
  const connectionId = server.store.connections.find({ name: "c" })!.id;
  const { organizationId } = await benchFor(server).create("ConnectionAssignment", { environmentId, connectionId });
  const ends = { environment_id: environmentId, connection_id: connectionId };
  const recorded = { ...ends, id: `${environmentId}/${connectionId}`, organization_id: organizationId };

  const env = { MESHERY_URL: server.url, MESHERY_TOKEN: server.token, MESHERY_PROVIDER: server.mesheryProvider };
  const provider = handlers(env, "0.0.0", { ...SHORT, ...timing });
  const ask = async (rpc: string, request: object = {}) => {
    const asked = provider as unknown as Record<string, (request: object) => unknown>;
    const answer = (await asked[rpc]!(request)) as {
      diagnostics?: { severity: number }[];
      plannedPrivate?: Uint8Array;
    };
    expect(answer.diagnostics?.filter(({ severity }) => severity === 1) ?? []).toEqual([]);
    return answer;
  };
  const [nothing, prior, config] = [null, recorded, ends].map((values) => encoded(attributes, values));
  await ask("ConfigureProvider", { config: encoded(providerAttributes, {}) });
  await ask("PlanResourceChange", { typeName, priorState: nothing, config, proposedNewState: config });
  const removal = { typeName, priorState: prior, config: nothing };
  const { plannedPrivate } = await ask("PlanResourceChange", { ...removal, proposedNewState: nothing });
  await ask("ApplyResourceChange", { ...removal, plannedState: nothing, plannedPrivate });
  expect(left()).toHaveLength(1);
  server.faults.add({
    method: "DELETE",
    effect: { kind: "latency", milliseconds: LATENCY },
    times: Number.POSITIVE_INFINITY,
  });
  return { stop: () => ask("StopProvider"), close: () => provider.close!() };
}

test("is removed before the engine gets its answer, where there is time for it", async () => {
  const { stop } = await withKeptEdge({ stopping: 60_000, lastRequest: 60_000 });
  await stop();
  expect(left()).toEqual([]);
});

test("is not waited for longer than `stopping` says", async () => {
  const { stop } = await withKeptEdge({ stopping: 1 });
  await stop();
  expect(left()).toHaveLength(1);
});

test("has no longer for each request than `lastRequest` says", async () => {
  const { close } = await withKeptEdge({ lastRequest: 50 });
  await expect(close()).rejects.toThrow("did not answer within 0.05 s");
});
