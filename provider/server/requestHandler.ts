import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Era } from "./eras/era";
import type { FaultEffect, Faults } from "./faults";
import { type AuthenticationContext, authenticate, type Viewer } from "./http/authentication";
import { errorAnswer, Failure, Panic } from "./http/failure";
import type { Guard } from "./http/guard";
import { readBody, send } from "./http/messages";
import { type Reply, replacementBy, routeNotFound, unknownPathSucceeded, withJsonType } from "./http/replies";
import type { LoggedRequest, RequestLog } from "./http/requestLog";
import type { MesheryServerOptions } from "./options";
import type { Quirks } from "./quirks";
import { type Match, Router } from "./routes/router";
import type { Call, Route } from "./routes/shared/call";
import type { Replica } from "./store/replica";

/** Answers the routes below `/__admin`. */
export type Administer = (request: IncomingMessage, path: string, body: Buffer) => Promise<Reply>;

export interface RequestHandlerOptions extends Omit<AuthenticationContext, "administrator" | "baseUrl"> {
  readonly quirks: Readonly<Quirks>;
  readonly guard: Guard;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly replica: Replica | undefined;
  readonly duplicateNames: NonNullable<MesheryServerOptions["duplicateNames"]>;
}

/** A request that has arrived whole. */
interface Arrived {
  readonly request: IncomingMessage;
  readonly match: Match;
  readonly path: string;
  readonly rawQuery: string;
  readonly body: Buffer;
}

/** Everything between a request and its answer. */
export class RequestHandler {
  /** Address of this server, known once it listens. */
  baseUrl = "";
  /** Undefined where the server has no administration. */
  administer: Administer | undefined;
  readonly #options: RequestHandlerOptions;
  readonly #router: Router;
  #seed = 20_261_124;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
    this.#router = new Router(options.era, options.quirks);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#options.guard.refusal(request);
    if (refusal !== undefined) {
      send(response, refusal);
      return;
    }
    const { method = "GET" } = request;
    const [path, rawQuery] = splitUrl(request.url ?? "/");
    const match = this.#match(method, path);
    const administers = this.administer !== undefined && path.startsWith("/__admin/");
    const entry = administers
      ? undefined
      : this.#options.requests.arrived({ method, route: match?.template ?? path, path, query: rawQuery });
    try {
      const body = await readBody(request);
      if (body === undefined) {
        send(response, { status: 413, text: "the body is too long\n", headers: { connection: "close" } });
      } else if (match === undefined || !path.startsWith("/")) {
        send(response, { status: 400, text: "malformed path\n" });
      } else if (administers && this.administer !== undefined) {
        send(response, await this.administer(request, path, body));
      } else if (entry !== undefined) {
        await this.#answer({ request, match, path, rawQuery, body }, entry, response);
      }
    } catch {
      // A client that went away, or a mistake in the server: either way no other request may suffer.
      if (!response.headersSent && !response.destroyed) send(response, { status: 500, text: "internal error\n" });
    } finally {
      if (entry !== undefined) {
        entry.status = response.headersSent ? response.statusCode : 0;
        this.#options.requests.ended();
      }
    }
  }

  #match(method: string, path: string): Match | undefined {
    try {
      return this.#router.match(method, path);
    } catch {
      return undefined;
    }
  }

  async #answer(arrived: Arrived, entry: LoggedRequest, response: ServerResponse): Promise<void> {
    const effects = this.#options.faults.take(entry);
    const shift = await applyBefore(effects);
    const before = replacement(effects, "before");
    const reply = before ?? this.#reply(arrived, shift);
    const after = before === undefined ? replacement(effects, "after") : undefined;
    if (reply === "drop" || after === "drop") response.destroy();
    else send(response, after ?? reply);
  }

  /** Synchronous, so that one request is one step for all the others. */
  #reply(arrived: Arrived, shift: number): Reply | "drop" {
    const { era, quirks } = this.#options;
    const { request, match } = arrived;
    const { route } = match;
    const { method = "GET" } = request;
    if (route === undefined && quirks.unknownGetsSucceed) return unknownPathSucceeded(method, this.baseUrl);
    const viewer = route?.open === true ? this.#anybody() : this.#authenticate(arrived);
    if ("status" in viewer) return viewer;
    if (route === undefined) return routeNotFound(method, match.known, era);
    try {
      return this.#run(route, this.#call(arrived, viewer, shift));
    } catch (error) {
      return error instanceof Panic ? "drop" : failed(error, era, quirks);
    }
  }

  #authenticate({ request: { headers }, path, rawQuery }: Arrived): Viewer | Reply {
    const query = new URLSearchParams(rawQuery);
    const context = { ...this.#options, administrator: this.#options.store.defaultOwner, baseUrl: this.baseUrl };
    return authenticate({ headers, query, rawQuery, path }, context);
  }

  /** Whom a path without a token is answered to. */
  #anybody(): Viewer {
    return { user: this.#options.store.users.list()[0] as Viewer["user"], local: true };
  }

  #call({ request, match, path, rawQuery, body }: Arrived, viewer: Viewer, shift: number): Call {
    const { era, quirks, providers, store, replica, duplicateNames } = this.#options;
    return {
      method: request.method ?? "GET",
      path,
      params: match.params,
      query: new URLSearchParams(rawQuery),
      headers: request.headers,
      rawBody: body,
      era,
      quirks,
      providers,
      viewer,
      store,
      view: replica?.store ?? store,
      shift,
      variation: this.#variation(),
      duplicateNames,
      baseUrl: this.baseUrl,
    };
  }

  #run(route: Route, call: Call): Reply {
    const { era, store, replica } = this.#options;
    const work = () => withJsonType(route.handle(call), era);
    if (call.method === "GET") {
      if (!route.open) replica?.read();
      return work();
    }
    const transaction = () => store.sql.transaction(work);
    return replica === undefined ? transaction() : replica.write(transaction);
  }

  /** A number that is another one at each request: what a generator with a fixed seed says. */
  #variation(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return 1 + (this.#seed % 1_000_002);
  }
}

/** Waits and runs what comes before the work; returns by how many rows lists seem to have moved. */
async function applyBefore(effects: readonly FaultEffect[]): Promise<number> {
  let shift = 0;
  for (const effect of effects) {
    if (effect.kind === "latency") await sleep(effect.milliseconds);
    else if (effect.kind === "call") effect.run();
    else if (effect.kind === "shift") shift += effect.rows;
  }
  return shift;
}

const replacement = (effects: readonly FaultEffect[], when: "before" | "after"): Reply | "drop" | undefined =>
  effects.map((effect) => replacementBy(effect, when)).find((reply) => reply !== undefined);

function failed(error: unknown, era: Era, quirks: Readonly<Quirks>): Reply {
  const failure =
    error instanceof Failure ? error : new Failure("request", 500, "internal error", { code: "meshery-server-1000" });
  const { status, body } = errorAnswer(failure, era, quirks);
  return typeof body === "string" ? { status, text: body } : { status, json: body };
}

function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}
