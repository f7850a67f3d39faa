import { handlers } from "../../../provider/terraform/provider/handlers";
import { dataSourceType, resourceType } from "../../../provider/terraform/provider/names";
import {
  dataSourceAttributes,
  providerAttributes,
  resourceAttributes,
} from "../../../provider/terraform/provider/schema";
import { type Attribution, encodeValue as encode } from "../../../provider/terraform/provider/values";
import { MesheryServer, seen } from "../../support/meshery";
import { SHORT } from "../../support/timing";

// What is said of a program that cannot be applied, asked of the handlers as an engine asks them.

interface Block {
  resource?: string;
  lookup?: string;
  config: Attribution;
}
interface Told {
  severity: number;
  summary: string;
  detail: string;
  attribute?: { steps?: { attributeName?: string }[] };
}
type Attributes = Parameters<typeof encode>[0];

const ERROR = 1;
const NOWHERE = "6b1e8f60-0000-4000-8000-000000000000";
const NIL = "00000000-0000-0000-0000-000000000000";
const always = { times: Number.POSITIVE_INFINITY };
const world = {
  connections: { cluster: { kind: "kubernetes", type: "platform" } },
  environments: { theirs: { connections: ["cluster"] }, production: {} },
  workspaces: { team: {} },
};

const of = ({ resource, lookup }: Block) =>
  resource
    ? { typeName: resourceType(resource), attributes: resourceAttributes.get(resourceType(resource))! }
    : { typeName: dataSourceType(lookup!), attributes: dataSourceAttributes.get(dataSourceType(lookup!))! };
const encoded = (attributes: Attributes, values: Attribution | null) =>
  encode(attributes, values && Object.fromEntries([...attributes.keys()].map((name) => [name, values[name] ?? null])));

/** Validates, configures, plans and applies, each for all blocks, up to the first step that fails. */
async function apply(env: NodeJS.ProcessEnv, blocks: Block[], provider: Attribution): Promise<Told[]> {
  const asked = handlers(env, "0.0.0", SHORT) as unknown as Record<string, (request: object) => unknown>;
  const answers = new Map<Block, Record<string, unknown>>();
  const ask = async (rpc: string, request: object) =>
    (await asked[rpc]!(request)) as { diagnostics?: Told[] } & Record<string, unknown>;
  const step = async (work: (block: Block) => Promise<{ diagnostics?: Told[] }>): Promise<Told[]> => {
    const told: Told[] = [];
    for (const block of blocks) told.push(...((await work(block)).diagnostics ?? []));
    return told;
  };
  const configuration = { config: encoded(providerAttributes, provider) };
  const steps: (() => Promise<Told[]>)[] = [
    async () => (await ask("ValidateProviderConfig", configuration)).diagnostics ?? [],
    () =>
      step((block) => {
        const { typeName, attributes } = of(block);
        const rpc = block.resource ? "ValidateResourceConfig" : "ValidateDataResourceConfig";
        return ask(rpc, { typeName, config: encoded(attributes, block.config) });
      }),
    async () => (await ask("ConfigureProvider", configuration)).diagnostics ?? [],
    () =>
      step(async (block) => {
        const { typeName, attributes } = of(block);
        const config = encoded(attributes, block.config);
        if (!block.resource) return ask("ReadDataSource", { typeName, config });
        const nothing = encoded(attributes, null);
        const answer = await ask("PlanResourceChange", {
          typeName,
          priorState: nothing,
          config,
          proposedNewState: config,
        });
        answers.set(block, answer);
        return answer;
      }),
    () =>
      step(async (block) => {
        if (!block.resource) return {};
        const { typeName, attributes } = of(block);
        const { plannedState, plannedPrivate } = answers.get(block)!;
        return ask("ApplyResourceChange", {
          typeName,
          priorState: encoded(attributes, null),
          plannedState,
          config: encoded(attributes, block.config),
          plannedPrivate,
        });
      }),
  ];
  for (const run of steps) {
    const told = await run();
    if (told.some(({ severity }) => severity === ERROR)) return told;
  }
  return [];
}

const environment = (config: Attribution): Block => ({ resource: "Environment", config });
const connection = (config: Attribution): Block => ({
  resource: "Connection",
  config: { name: "c", kind: "k", type: "t", ...config },
});
const assignment = (environment_id: string, connection_id: string): Block => ({
  resource: "ConnectionAssignment",
  config: { environment_id, connection_id },
});

interface Bad {
  what: string;
  program: Block[];
  provider?: Attribution;
  env?: Record<string, string>;
  arrange?: (server: MesheryServer) => void;
  /** The attribute that the engine shows, by its source line. */
  at?: string;
  /** Phrases of the message, in this order: resource, cause, remedy. */
  says: RegExp;
}

const bad: Bad[] = [
  {
    what: "a name of 300 characters",
    program: [environment({ name: "n".repeat(300) })],
    at: "name",
    says: /Invalid name .*name must have at most 100 characters; it has 300\./,
  },
  {
    what: "an id with a slash",
    program: [assignment("a/b", "c")],
    at: "environment_id",
    says: /Invalid environment_id .*must be the id of an environment alone: an id has no "\/" \(did you pass the id of an assignment or a binding\?\)/,
  },
  {
    what: "the nil id",
    program: [assignment(NIL, "c")],
    at: "environment_id",
    says: /Invalid environment_id .*the nil id stands for nothing/,
  },
  {
    what: "an unknown environment",
    program: [assignment(NOWHERE, "c")],
    at: "environment_id",
    says: /has no environment with the id 6b1e8f60.*Nothing was changed\. Check environment_id/,
  },
  {
    what: "metadata_json that is no JSON",
    program: [connection({ metadata_json: "{" })],
    at: "metadata_json",
    says: /Invalid metadata_json .*metadata_json is not JSON: /,
  },
  {
    what: "metadata_json that is no object",
    program: [connection({ metadata_json: "[1]" })],
    at: "metadata_json",
    says: /metadata_json must be the JSON text of an object\./,
  },
  {
    what: "a status that there is not",
    program: [connection({ status: "broken" })],
    at: "status",
    says: /Invalid status .*status must be one of "discovered", "registered", "connected"/,
  },
  {
    what: "no token",
    program: [environment({ name: "new" })],
    env: { MESHERY_TOKEN: "" },
    says: /No token was given \(MESHERY_TOKEN, or the provider's argument token\)/,
  },
  {
    what: "a server that is down",
    program: [environment({ name: "new" })],
    env: { MESHERY_URL: "http://127.0.0.1:9" },
    says: /Environment "new": Cannot reach Meshery at http:\/\/127\.0\.0\.1:9 \(url from the environment variable MESHERY_URL\).*ECONNREFUSED.*See whether Meshery runs there/,
  },
  {
    what: "a login page instead of an answer",
    program: [environment({ name: "new" })],
    arrange: (server) => server.faults.add({ effect: { kind: "login page" }, ...always }),
    says: /Not authenticated at http:.*or http:.* is not the address of a Meshery API\. GET \/api\/\S+ answered 200: a web page instead of JSON\. Get a new token/,
  },
  {
    what: "a provider that the server does not know",
    program: [environment({ name: "new" })],
    env: { MESHERY_PROVIDER: "Layer5" },
    says: /asks which provider signs you in.*It does not know the provider Layer5 \(from the environment variable MESHERY_PROVIDER\): name a provider, one of: Meshery, Local \(argument .*meshery_provider, or MESHERY_PROVIDER\)/,
  },
  {
    what: "a wrong url in the environment",
    program: [environment({ name: "new" })],
    env: { MESHERY_URL: "meshery.example.com" },
    at: "url",
    says: /url must be an address such as https:\/\/meshery\.example\.com.*It came from the environment variable MESHERY_URL/,
  },
  {
    what: "a wrong url in the provider block",
    program: [environment({ name: "new" })],
    provider: { url: "meshery.example.com" },
    at: "url",
    says: /Invalid url .*url must be an address such as/,
  },
  {
    what: "an organization that the token does not see",
    program: [environment({ name: "new", organization_id: NOWHERE })],
    at: "organization_id",
    says: /the token sees no organization with the id "6b1e8f60\S+".*not its name, and the token of one of its members.*It sees: My Org/,
  },
  {
    what: "two of one name",
    program: [environment({ name: "twin" }), environment({ name: "twin" })],
    at: "name",
    says: /Environment: two of this program are to be named "twin".*Give one of them another name/,
  },
  {
    what: "what the server refuses",
    program: [environment({ name: "new" })],
    arrange: (server) =>
      server.faults.add({ method: "POST", effect: { kind: "status", status: 403, body: '{"error":"no permission"}' } }),
    says: /Environment "new": The user of the token from the environment variable MESHERY_TOKEN is not allowed to do this.*POST \/api\/environments answered 403: no permission\..*ask an administrator/,
  },
  {
    what: "a server that fails at its work",
    program: [environment({ name: "new" })],
    arrange: (server) =>
      server.faults.add({ method: "POST", effect: { kind: "status", status: 500, body: '{"error":"disk full"}' } }),
    says: /Environment "new": The server failed .*answered 500: disk full\. See the server's log\. Running again is safe/,
  },
  {
    what: "a lookup that finds nothing",
    program: [{ lookup: "getConnection", config: { name: "nothing" } }],
    at: "name",
    says: /meshery_connection: no connection has name "nothing".*Names must be exact.*If this run creates it, use its `id`/,
  },
  {
    what: "a lookup that asks nothing",
    program: [{ lookup: "getConnection", config: {} }],
    at: "name",
    says: /Invalid name .*Give name or id or kind/,
  },
];

let server: MesheryServer;
beforeEach(async () => {
  server = await MesheryServer.start({ world });
});
afterEach(() => server.close());

test.each(bad)("is explained, and nothing is half done: $what", async ({
  program,
  provider = {},
  env,
  arrange,
  at,
  says,
}) => {
  const { url, token, mesheryProvider } = server;
  const before = seen(server);
  arrange?.(server);
  const shell = { MESHERY_URL: url, MESHERY_TOKEN: token, MESHERY_PROVIDER: mesheryProvider, CI: "1", ...env };
  const [told, ...others] = await apply(shell, program, provider);
  expect(`${told?.summary} ${told?.detail}`.replace(/\s+/g, " ")).toMatch(says);
  expect(told?.attribute?.steps?.[0]?.attributeName).toBe(at);
  expect(others).toEqual([]);
  expect(seen(server)).toEqual(before);
});
