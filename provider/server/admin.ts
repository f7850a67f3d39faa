import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { TopologyError, type World } from "../topology";
import type { Fault, Faults } from "./faults";
import type { Reply } from "./http/replies";
import type { RequestLog } from "./http/requestLog";
import type { Store } from "./store/store";

const effect = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("latency"), milliseconds: z.number().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal("drop"), when: z.enum(["before", "after"]) }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    when: z.enum(["before", "after"]).optional(),
    retryAfter: z.string().optional(),
    body: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("login page") }),
  z.strictObject({ kind: z.literal("redirect"), location: z.string() }),
  z.strictObject({ kind: z.literal("shift"), rows: z.int() }),
]);
const faultSchema = z.strictObject({
  method: z.string().optional(),
  route: z.string().optional(),
  path: z.string().optional(),
  effect,
  times: z.int().min(1).optional(),
  skip: z.int().min(0).optional(),
});

/** Tables that can be read and changed past the API. */
const tableNames = {
  organizations: "organizations",
  users: "users",
  teams: "teams",
  environments: "environments",
  workspaces: "workspaces",
  connections: "connections",
  credentials: "credentials",
  "environment-connections": "environmentConnections",
  "workspace-environments": "workspaceEnvironments",
  "workspace-teams": "workspaceTeams",
  "team-members": "teamMembers",
} as const satisfies Record<string, keyof Store>;

/** What an administrator may do to a server. */
export interface AdministeredServer {
  readonly store: Store;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly organizationId: string;
  tokenFor(user: string): string;
  reset(world?: World): Promise<void>;
  restart(): void;
  forgetOrganization(id: string, forgotten: boolean): void;
}

/** What went wrong with an administrator's request: status and message. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Answers the routes below `/__admin`, for tests that run the server as a process of its own. They need no token and so
 * answer nobody but this machine:
 *
 * - `GET`, `DELETE /__admin/requests`: a count per method and route and the list; forget them
 * - `POST /__admin/reset`: begin again, with the world in the body or with the first one
 * - `POST /__admin/restart`: what a graceful stop and a start of Meshery Server leave
 * - `GET`, `POST /__admin/faults`, `DELETE /__admin/faults[/{id}]`
 * - `POST /__admin/organizations/{id}/forget` and `.../recall`
 * - `GET /__admin/users/{key}/token`
 * - `GET`, `POST /__admin/store/{table}`, `PUT`, `DELETE /__admin/store/{table}/{id}`: rows past the API
 */
export async function administer(
  server: AdministeredServer,
  request: IncomingMessage,
  path: string,
  body: Buffer,
): Promise<Reply> {
  try {
    if (!fromThisMachine(request)) throw new Refusal(403, "only this machine may administer the server");
    const steps = path.split("/").slice(2).map(decodeURIComponent);
    return (
      (await dispatch(server, request.method ?? "GET", steps, body)) ?? {
        status: 404,
        json: { error: "no such route" },
      }
    );
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, json: { error: error.message } };
    if (error instanceof TopologyError) return { status: 400, json: { error: error.message } };
    return { status: 400, json: { error: (error as Error).message } };
  }
}

async function dispatch(
  server: AdministeredServer,
  method: string,
  [area, ...rest]: string[],
  body: Buffer,
): Promise<Reply | undefined> {
  const route = `${method} ${area}${"/*".repeat(rest.length)}`;
  const [first = "", second = ""] = rest;
  switch (route) {
    case "GET requests":
      return { status: 200, json: { counts: server.requests.counts, requests: server.requests.list } };
    case "DELETE requests":
      server.requests.clear();
      return { status: 204 };
    case "POST reset":
      await server.reset(body.length === 0 ? undefined : (parsedBody(body) as World));
      return { status: 200, json: { organizationId: server.organizationId } };
    case "POST restart":
      server.restart();
      return { status: 204 };
    case "GET faults":
      return { status: 200, json: server.faults.list };
    case "POST faults":
      return { status: 201, json: { id: server.faults.add(faultIn(body)) } };
    case "DELETE faults":
      server.faults.clear();
      return { status: 204 };
    case "DELETE faults/*":
      server.faults.clear(Number(first));
      return { status: 204 };
    case "POST organizations/*/*":
      if (second !== "forget" && second !== "recall") return undefined;
      if (server.store.organizations.get(first) === undefined) throw new Refusal(404, `no organization ${first}`);
      server.forgetOrganization(first, second === "forget");
      return { status: 204 };
    case "GET users/*/*":
      return second === "token" ? { status: 200, json: { token: server.tokenFor(first) } } : undefined;
    default:
      return area === "store" ? rows(server.store, method, first, second, body) : undefined;
  }
}

function rows(store: Store, method: string, name: string, id: string, body: Buffer): Reply | undefined {
  if (!Object.hasOwn(tableNames, name)) {
    throw new Refusal(404, `no table ${name}; there are: ${Object.keys(tableNames).join(", ")}`);
  }
  const table = store[tableNames[name as keyof typeof tableNames]];
  const values = () => table.checked(parsedBody(body)) as never;
  switch (`${method}${id === "" ? "" : " one"}`) {
    case "GET":
      return { status: 200, json: table.list() };
    case "POST":
      return { status: 201, json: table.insert(values()) };
    case "PUT one": {
      const row = table.update(id, values());
      if (row === undefined) throw new Refusal(404, `no row ${id}`);
      return { status: 200, json: row };
    }
    case "DELETE one":
      if (!table.delete(id)) throw new Refusal(404, `no row ${id}`);
      return { status: 204 };
    default:
      return undefined;
  }
}

function faultIn(body: Buffer): Fault {
  const fault = faultSchema.safeParse(parsedBody(body));
  if (!fault.success) throw new Refusal(400, z.prettifyError(fault.error));
  return fault.data;
}

function parsedBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

/** The peer is this machine, and so is the name it called: a web page that had its own name point here is refused. */
function fromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const peer = socket.remoteAddress ?? "";
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return /^(::ffff:)?127\.|^::1$/.test(peer) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host);
}
