import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Reply } from "./replies";

/**
 * Keeps web pages out: a page may let a name of its own point at this machine and call the server by it, or send it requests
 * that change something without being able to read the answers.
 */
export class Guard {
  readonly #names: ReadonlySet<string>;
  readonly #everyAddress: boolean;

  /**
   * @param host what the server listens on
   * @param names further names by which it may be called
   */
  constructor(host: string, names: readonly string[] = []) {
    this.#names = new Set([host, ...names].map(plain));
    // Whoever listens on all addresses may be called by each. An address is no name that anybody could let point elsewhere.
    this.#everyAddress = ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"].includes(plain(host));
  }

  /** The answer that refuses a request; undefined where it may go on. */
  refusal({ method = "GET", headers }: IncomingMessage): Reply | undefined {
    const host = headers.host === undefined ? "localhost" : nameOf(`http://${headers.host}`);
    if (host === undefined || !this.#answersTo(host)) {
      const called = (headers.host ?? "").slice(0, 100);
      return refused(
        `this server does not answer to the name ${called}; start it with --allow-host and that name if it is to be called so`,
      );
    }
    const { origin } = headers;
    if (origin === undefined || /^(GET|HEAD|OPTIONS)$/.test(method)) return undefined;
    if (this.#isOwn(origin, headers.host)) return undefined;
    return refused(`a web page of another origin, ${origin.slice(0, 100)}, may not change anything on this server`);
  }

  /** A page of this very server, or of a name that was allowed; another port of this machine is another origin. */
  #isOwn(origin: string, host: string | undefined): boolean {
    const page = nameOf(origin);
    if (page === undefined) return false;
    if (!isLoopback(page) && this.#names.has(page)) return true;
    return new URL(origin).host === host?.toLowerCase();
  }

  #answersTo(name: string): boolean {
    return isLoopback(name) || this.#names.has(name) || (this.#everyAddress && isIP(name) !== 0);
  }
}

const refused = (error: string): Reply => ({ status: 403, json: { error }, headers: { connection: "close" } });

/** The host of an address as names are compared; undefined where it is no address. */
function nameOf(address: string): string | undefined {
  try {
    return plain(new URL(address).hostname) || undefined;
  } catch {
    return undefined;
  }
}

const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");

const isLoopback = (name: string) =>
  name === "::1" ||
  name === "localhost" ||
  name.endsWith(".localhost") ||
  (isIP(name) === 4 && name.startsWith("127.")) ||
  /^::ffff:7f[0-9a-f]{2}:/.test(name);
