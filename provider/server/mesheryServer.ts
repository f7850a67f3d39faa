import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { World, WorldInput } from "../topology";
import type { Era } from "./eras/era";
import { eras } from "./eras/eras";
import { Faults } from "./faults";
import { Guard } from "./http/guard";
import { type Providers, providersOf } from "./http/providers";
import { RequestLog } from "./http/requestLog";
import { Tokens } from "./http/tokens";
import { administratorKey, loadWorld, restoreDefaults } from "./loadWorld";
import type { MesheryServerOptions } from "./options";
import { type Quirks, quirksOf } from "./quirks";
import { RequestHandler } from "./requestHandler";
import { Replica } from "./store/replica";
import { Store } from "./store/store";

/**
 * An embedded Meshery: its REST API over a real socket, with a store of its own.
 *
 * @example
 * const server = await MesheryServer.start({ world: { environments: { production: {} } } });
 * // MESHERY_URL=server.url MESHERY_TOKEN=server.token
 * await server.close();
 */
export class MesheryServer {
  /** Direct access to the store: no rules, no eras, no visibility. */
  readonly store: Store;
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly era: Era;
  readonly quirks: Readonly<Quirks>;
  readonly #http: Server;
  readonly #handler: RequestHandler;
  readonly #replica: Replica | undefined;
  readonly #options: MesheryServerOptions;
  readonly #tokens: Tokens;
  readonly #providers: Providers;
  #world: World | undefined;
  #seeded = true;
  #url = "";

  private constructor(options: MesheryServerOptions) {
    this.#options = options;
    this.era = eras[options.era ?? "E3"];
    this.#providers = providersOf(this.era, options.provider);
    this.quirks = quirksOf(options.quirks);
    this.store = new Store({ file: options.dataFile, ids: this.era.ids });
    this.#tokens = new Tokens(this.store, options.token);
    const { staleReads } = this.quirks;
    this.#replica = staleReads > 0 ? new Replica(this.store, Math.min(staleReads, 3)) : undefined;
    this.#handler = new RequestHandler({
      era: this.era,
      quirks: this.quirks,
      providers: this.#providers,
      tokens: this.#tokens,
      store: this.store,
      replica: this.#replica,
      guard: new Guard(options.host ?? "127.0.0.1", options.allowedHosts),
      requests: this.requests,
      faults: this.faults,
      duplicateNames: options.duplicateNames ?? "allowed",
    });
    this.#http = createServer((request, response) => void this.#handler.handle(request, response));
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
    else restoreDefaults(this.store);
    if (this.#options.as !== undefined) this.tokenFor(this.#options.as);
    if (this.#options.admin) {
      const { administer } = await import("./admin");
      this.#handler.administer = (request, path, body) => administer(this, request, path, body);
    }
    const host = this.#options.host ?? "127.0.0.1";
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(this.#options.port ?? 0, host, () => resolve());
    });
    const { port } = this.#http.address() as AddressInfo;
    this.#url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    this.#handler.baseUrl = this.#url;
  }

  /** Id for the organization that is made where none is named: the same after a reset, and the documents' own in theirs. */
  #firstOrganizationId(): string | undefined {
    return this.store.defaultOrganization || (this.era.ids === "prefixed" ? "org-uuid-here" : undefined);
  }
}

/** A world with every default filled in; the schema is loaded only where there is a world. */
async function checked(world: World | WorldInput | undefined): Promise<World | undefined> {
  return world === undefined ? undefined : (await import("../topology")).checkWorld(world);
}
