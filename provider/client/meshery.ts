import { ApiError } from "./errors";
import { segment } from "./http/call";
import { DEFAULT_TIMEOUT, Http, type HttpOptions } from "./http/http";
import { CachedList } from "./lists/cachedList";
import { readPage } from "./lists/page";
import {
  LIMITS,
  type Limits,
  type ListHistory,
  type MemoryUse,
  mayBeReadAtOnce,
  type ReadPage,
  readAll,
  readAtOnce,
} from "./lists/paging";
import { confirmsPair, type Json, type NamedRow, type ParseRow, snake, userIds } from "./models";

import type { Timing } from "./timing";

/** What the answer to a write states: the row as it was sent, or only something with an id; else the list has to show it. */
export interface Written<Row> {
  id?: string;
  /** Present only where it states exactly what was sent. */
  row?: Row;
  /** What the answer says instead. */
  other?: Row;
}

/** A list of the API. */
export interface Listing<Row> {
  path: string;
  /** Under which the rows stand. */
  key: string;
  parse: ParseRow<Row>;
  organizationId?: string;
  query?: Record<string, string>;
  /** See `ReadOptions`. */
  expectEmpty?: boolean | undefined;
}

/** A write of one object. */
export interface ObjectWrite {
  method: "POST" | "PUT";
  path: string;
  body: Json;
  /** Texts in it that are shown to nobody, whatever a server makes of them. */
  secrets?: readonly string[];
}

/** What one object holds of another: where the pair is, and what an answer that states it names. */
export interface Pair {
  path: string;
  organizationId: string;
  /** Ids of both ends, by their keys. */
  ids: Record<string, string>;
}

/**
 * One Meshery as the resources see it: shared lists, and writes that keep the lists true. It knows no resource. Both spellings of
 * query names are sent, since each version of the API reads another one.
 */
export class Meshery {
  readonly timing: Timing;
  private readonly http: Http;
  private readonly signal: AbortSignal | undefined;
  private readonly limits: Limits;
  private readonly memory: MemoryUse = { bytes: 0 };
  private readonly lists = new Map<string, unknown>();
  private userIds: Promise<string[]> | undefined;

  /** @param options `limits`: others than those of a run, for who reads everything at once */
  constructor(options: HttpOptions & { limits?: Partial<Limits> | undefined }) {
    this.signal = options.signal;
    this.http = new Http(options);
    this.timing = this.http.timing;
    // Patient with a slow server, but not for ever.
    const time = Math.max(2 * this.timing.changingList, 10 * (options.timeout ?? DEFAULT_TIMEOUT));
    this.limits = { ...LIMITS, time, ...options.limits };
  }

  /**
   * Runs what finds out by reading whether a write was carried out: it may go on for a moment after a stop; the signal tells when
   * there is no more time.
   */
  confirm<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
    return this.http.confirm(work);
  }

  /** Whether the token's user sees everything there is, so that what no list holds is gone. */
  seesEverything(): Promise<boolean> {
    return this.http.seesEverything();
  }

  /** The ids under which the server knows the token's user: rows name their owner by one of them. */
  user(): Promise<string[]> {
    this.userIds ??= this.http.request({ method: "GET", path: "/api/user" }).then(
      (answer) => userIds(answer),
      (error) => {
        this.userIds = undefined;
        throw error;
      },
    );
    return this.userIds;
  }

  /**
   * The list of this name, shared by all who ask for it.
   * @param load reads it, by the pages of one or more listings
   */
  list<Row extends NamedRow>(
    name: string,
    load: (read: (listing: Listing<Row>) => Promise<Row[]>) => Promise<Row[]>,
  ): CachedList<Row> {
    const known = this.lists.get(name) as CachedList<Row> | undefined;
    if (known) return known;
    const history: ListHistory = {};
    const options = { signal: this.signal, limits: this.limits, history, memory: this.memory, timing: this.timing };
    const pages = (listing: Listing<Row>) =>
      readAll(this.pagesOf(listing), callOf(listing), { ...options, expectEmpty: listing.expectEmpty });
    const onePage = (known: number) => async (listing: Listing<Row>) => {
      const rows = await readAtOnce(this.pagesOf(listing), callOf(listing), { ...options, known });
      if (!rows) throw new NotAtOnce();
      return rows;
    };
    const atOnce = {
      possible: (known: number) => mayBeReadAtOnce(history, known),
      load: (known: number) =>
        load(onePage(known)).catch((error: unknown) => {
          if (error instanceof NotAtOnce) return undefined;
          throw error;
        }),
    };
    const made = new CachedList(() => load(pages), atOnce);
    this.lists.set(name, made);
    return made;
  }

  private pagesOf<Row extends NamedRow>(listing: Listing<Row>): ReadPage<Row> {
    const { key, parse, organizationId, query = {} } = listing;
    const call = callOf(listing);
    const inside = organizationId === undefined ? {} : inOrganization(organizationId);
    return (page, size) =>
      this.http.list(
        {
          ...call,
          query: { ...inside, ...query, page, pageSize: size, pagesize: size, page_size: size, order: "name asc" },
        },
        (body, weight) => {
          const read = readPage(body, key, parse, call);
          if (read.rowsMissing && page === 0) throw rowsMissing(call, key);
          return { ...read, weight };
        },
      );
  }

  /** Sends an object once. `stated` reads the answer. */
  write<Row extends NamedRow>(
    list: CachedList<Row>,
    { method, path, body, secrets = [] }: ObjectWrite,
    stated: (answer: unknown) => Written<Row>,
  ): Promise<Written<Row>> {
    this.http.hide(secrets);
    const send = async () => stated(await this.http.request({ method, path, body }));
    return list.change(send, ({ row }) => row && { id: row.id, row });
  }

  /**
   * Deletes an object. Returns the answer.
   * @param queried the name of the query that holds the id, where the path does not
   */
  async remove<Row extends NamedRow>(
    list: CachedList<Row>,
    id: string,
    { path, organizationId, queried }: { path: string; organizationId?: string | undefined; queried?: string },
  ): Promise<unknown> {
    const inside = organizationId === undefined ? undefined : inOrganization(organizationId);
    // An id that can be none is sent nowhere.
    const below = segment(id);
    const call = queried
      ? { path, query: { ...inside, [queried]: id, [snake(queried)]: id } }
      : { path: `${path}/${below}`, query: inside };
    return list.change(
      () => this.http.request({ method: "DELETE", ...call }),
      () => ({ id }),
    );
  }

  /** Sends one pair; true where the answer states it. Some servers add a second row for a second call. */
  relate<Row extends NamedRow>(list: CachedList<Row>, row: Row, { path, organizationId, ids }: Pair): Promise<boolean> {
    const query = inOrganization(organizationId);
    const send = async () => confirmsPair(await this.http.request({ method: "POST", path, query }), ids);
    return list.change(send, (confirmed) => (confirmed ? { id: row.id, row } : undefined));
  }

  /** Removes one row of a pair; a server that stored it twice keeps the other. */
  async unrelate<Row extends NamedRow>(
    list: CachedList<Row>,
    { path, organizationId }: Pick<Pair, "path" | "organizationId">,
  ): Promise<void> {
    const query = inOrganization(organizationId);
    await list.change(
      () => this.http.request({ method: "DELETE", path, query }),
      () => undefined,
    );
  }
}

/** A list cannot be read by one request. */
class NotAtOnce extends Error {}

const callOf = ({ path }: { path: string }) => ({ method: "GET", path }) as const;

const rowsMissing = (call: { method: string; path: string }, key: string) =>
  new ApiError("incomplete-list", `The server counts ${key} and sends none; nothing was decided from it`, call);

const inOrganization = (organizationId: string) => ({ orgId: organizationId, orgID: organizationId });
