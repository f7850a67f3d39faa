import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { World, WorldInput } from "../topology";
import { authenticate, type Providers, providersOf, Tokens } from "./auth";
import type { Call, Reply } from "./call";
import { type Era, eras } from "./eras";
import { answerOf, Failure, Panic } from "./failure";
import { Faults } from "./faults";
import { Guard } from "./guard";
import { readBody, send } from "./http";
import { administratorKey, adoptDefaults, loadWorld } from "./load";
import type { MesheryServerOptions } from "./options";
import { type Quirks, quirksOf } from "./quirks";
import { Replica } from "./replica";
import { elsewhere, replaced, typed, unrouted } from "./replies";
import { type LoggedRequest, RequestLog } from "./requestLog";
import { type Match, Router } from "./router";
import { Store } from "./store";

/**
 * An embedded Meshery: its REST API over a real socket, with an own store behind it.
 *
 * @example
 * const server = await MesheryServer.start({ world: { environments: { production: {} } } });
 * // MESHERY_URL=server.url MESHERY_TOKEN=server.token
 * await server.close();
 */
export class MesheryServer {
  /** The store from behind: no rules, no eras, no visibility. */
  readonly store: Store;
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly era: Era;
  readonly quirks: Readonly<Quirks>;
  readonly #http: Server;
  readonly #router: Router;
  readonly #replica: Replica | undefined;
  readonly #options: MesheryServerOptions;
  readonly #tokens: Tokens;
  readonly #providers: Providers;
  readonly #guard: Guard;
  #world: World | undefined;
  #seeded = true;
  #admin: ((server: MesheryServer, request: IncomingMessage, path: string, body: Buffer) => Promise<Reply>) | undefined;
  #url = "";
  #seed = 20_261_124;

  private constructor(options: MesheryServerOptions) {
    this.#options = options;
    this.era = eras[options.era ?? "E3"];
    this.#providers = providersOf(this.era, options.provider);
    this.#guard = new Guard(options.host ?? "127.0.0.1", options.allowedHosts);
    this.quirks = quirksOf(options.quirks);
    this.store = new Store({ file: options.dataFile, ids: this.era.ids });
    this.#tokens = new Tokens(this.store, options.token);
    this.#router = new Router(this.era, this.quirks);
    this.#replica =
      this.quirks.staleReads > 0 ? new Replica(this.store, Math.min(this.quirks.staleReads, 3)) : undefined;
    this.#http = createServer((request, response) => void this.#serve(request, response));
    // Clients that keep connections open must not meet one that closes just as they send.
    this.#http.keepAliveTimeout = 60_000;
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @throws TopologyError where the world is wrong, and the error of node:net where the port cannot be had
   */
  static async start(options: MesheryServerOptions = {}): Promise<MesheryServer> {
    const world = await checked(options.world);
    const server = new MesheryServer(options);
    try {
      await server.#begin(world);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Address such as `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#url;
  }

  /** False where the data file held something already, so that no world was loaded. */
  get seeded(): boolean {
    return this.#seeded;
  }

  /** Token of the user named by `as`, else of the administrator. */
  get token(): string {
    return this.tokenFor(this.#options.as ?? administratorKey);
  }

  /** Id of the first organization. */
  get organizationId(): string {
    return this.store.defaultOrganization;
  }

  /** Name of the provider to choose, for the cookie `meshery-provider`: the enforced one, else the remote one. */
  get mesheryProvider(): string {
    return this.#providers.enforced ?? this.#providers.remote;
  }

  /**
   * @param user key of a user in the world
   * @throws Error where there is no such user
   */
  tokenFor(user: string): string {
    return this.#tokens.of(user);
  }

  /** Empties the store and fills it again: with `world`, else with what the server began with. Requests and faults go too. */
  async reset(world?: World | WorldInput): Promise<void> {
    if (world !== undefined) this.#world = await checked(world);
    this.store.clear();
    loadWorld(this.store, this.#world, this.#firstOrganizationId());
    this.requests.clear();
    this.faults.clear();
  }

  /** From now on nobody sees the organization or what it holds, as when a token loses its access; `false` undoes it. */
  forgetOrganization(id: string, forgotten = true): void {
    this.store.organizations.update(id, { hidden: forgotten });
  }

  /**
   * What is left of the store after Meshery Server was stopped gracefully and started again: the stop drops the connections,
   * which come back under other ids, while rows that assign the old ones stay.
   */
  restart(): void {
    this.store.sql.transaction(() => {
      for (const { id, createdAt: _, updatedAt: __, ...row } of this.store.connections.list()) {
        this.store.connections.delete(id);
        this.store.connections.insert(row);
      }
    });
  }

  /** Stops listening, ends open connections and closes the store. A second call does nothing. */
  async close(): Promise<void> {
    if (this.#http.listening) {
      const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
      this.#http.closeAllConnections();
      await closed;
    }
    this.#replica?.close();
    this.store.close();
  }

  async #begin(world: World | undefined): Promise<void> {
    this.#world = world;
    this.#seeded = this.store.organizations.count() === 0;
    if (this.#seeded) loadWorld(this.store, world, this.#firstOrganizationId());
    else adoptDefaults(this.store);
    if (this.#options.as !== undefined) this.tokenFor(this.#options.as);
    if (this.#options.admin) this.#admin = (await import("./admin")).administer;
    const host = this.#options.host ?? "127.0.0.1";
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(this.#options.port ?? 0, host, () => resolve());
    });
    const { port } = this.#http.address() as AddressInfo;
    this.#url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /** Id for the organization that is made where none is named: the same after a reset, and the documents' own in theirs. */
  #firstOrganizationId(): string | undefined {
    return this.store.defaultOrganization || (this.era.ids === "prefixed" ? "org-uuid-here" : undefined);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#guard.refusal(request);
    if (refusal !== undefined) {
      send(response, refusal);
      return;
    }
    const [path = "/", rawQuery = ""] = splitOnce(request.url ?? "/", "?");
    let match: Match | undefined;
    try {
      match = this.#router.match(request.method ?? "GET", path);
    } catch {
      match = undefined;
    }
    const method = request.method ?? "GET";
    const administers = this.#admin !== undefined && path.startsWith("/__admin/");
    const entry = administers
      ? undefined
      : this.requests.arrived({ method, route: match?.template ?? path, path, query: rawQuery });
    try {
      const body = await readBody(request);
      if (body === undefined) {
        send(response, { status: 413, text: "the body is too long\n", headers: { connection: "close" } });
      } else if (match === undefined || !path.startsWith("/")) {
        send(response, { status: 400, text: "malformed path\n" });
      } else if (administers && this.#admin !== undefined) {
        send(response, await this.#admin(this, request, path, body));
      } else if (entry !== undefined) {
        await this.#answer(request, response, match, path, rawQuery, body, entry);
      }
    } catch {
      // A client that went away, or a mistake in the server: either way no other request may suffer.
      if (!response.headersSent && !response.destroyed) send(response, { status: 500, text: "internal error\n" });
    } finally {
      if (entry !== undefined) {
        entry.status = response.headersSent ? response.statusCode : 0;
        this.requests.ended();
      }
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    match: Match,
    path: string,
    rawQuery: string,
    body: Buffer,
    entry: LoggedRequest,
  ): Promise<void> {
    const effects = this.faults.take(entry);
    let shift = 0;
    for (const effect of effects) {
      if (effect.kind === "latency") await sleep(effect.milliseconds);
      else if (effect.kind === "call") effect.run();
      else if (effect.kind === "shift") shift += effect.rows;
    }
    const instead = effects.map((effect) => replaced(effect, "before")).find((reply) => reply !== undefined);
    if (instead === "drop") {
      response.destroy();
      return;
    }
    if (instead !== undefined) {
      send(response, instead);
      return;
    }
    const query = new URLSearchParams(rawQuery);
    const reply = this.#reply(request, match, path, query, rawQuery, body, shift);
    const after = effects.map((effect) => replaced(effect, "after")).find((other) => other !== undefined);
    if (reply === "panic" || after === "drop") response.destroy();
    else send(response, after ?? reply);
  }

  /** Everything between a request and its answer; synchronous, so that one request is one step for all the others. */
  #reply(
    request: IncomingMessage,
    match: Match,
    path: string,
    query: URLSearchParams,
    rawQuery: string,
    rawBody: Buffer,
    shift: number,
  ): Reply | "panic" {
    const { headers, method = "GET" } = request;
    const { era, quirks, store } = this;
    const { route } = match;
    if (route === undefined && quirks.unknownGetsSucceed) return elsewhere(method, this.#url);
    let viewer: Call["viewer"] | undefined;
    if (route?.open !== true) {
      const known = authenticate(
        { headers, query, rawQuery, path },
        {
          era,
          providers: this.#providers,
          tokens: this.#tokens,
          store,
          administrator: store.defaultOwner,
          baseUrl: this.#url,
        },
      );
      if ("status" in known) return known;
      viewer = known;
    }
    if (route === undefined) return unrouted(method, match.known, era);
    const call: Call = {
      method,
      path,
      params: match.params,
      query,
      headers,
      rawBody,
      era,
      quirks,
      providers: this.#providers,
      viewer: viewer ?? { user: store.users.list()[0] as Call["viewer"]["user"], local: true },
      store,
      view: this.#replica?.store ?? store,
      shift,
      turn: this.#turn(),
      duplicateNames: this.#options.duplicateNames ?? "allowed",
      baseUrl: this.#url,
    };
    try {
      if (method === "GET") {
        if (!route.open) this.#replica?.read();
        return typed(route.handle(call), era);
      }
      const work = () => store.sql.transaction(() => typed(route.handle(call), era));
      return this.#replica === undefined ? work() : this.#replica.write(work);
    } catch (error) {
      if (error instanceof Panic) return "panic";
      const failure =
        error instanceof Failure
          ? error
          : new Failure("request", 500, "internal error", { code: "meshery-server-1000" });
      const { status, body } = answerOf(failure, era, quirks);
      return typeof body === "string" ? { status, text: body } : { status, json: body };
    }
  }

  /** A factor for `turn` that is another one at each request: what a generator with a fixed seed says. */
  #turn(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return 1 + (this.#seed % 1_000_002);
  }
}

/** A world with every default filled in; the schema is loaded only where there is a world. */
async function checked(world: World | WorldInput | undefined): Promise<World | undefined> {
  return world === undefined ? undefined : (await import("../topology")).checkWorld(world);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
