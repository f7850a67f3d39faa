import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { give, honest, type Reply, type StrangeName } from "./answers";

/** What goes wrong with one request. */
export type Fault =
  | { kind: "strange"; answer: StrangeName; after: boolean }
  /** Milliseconds before the server gets the request, or before the client gets its answer. */
  | { kind: "late"; latency: number; before: boolean }
  /** A list as it was some requests ago. */
  | { kind: "stale"; ago: number };

export interface Asking {
  /** Of all requests so far, from 1. */
  number: number;
  method: string;
  /** Without the query. */
  path: string;
}

export interface Plan {
  /** What goes wrong with this request, if anything. */
  choose(asking: Asking): Fault | undefined;
  /** Milliseconds after which the client gives up. */
  patience: number;
}

/** What the watcher is told of: the request is here; the server has answered it; the client has that answer. */
export type Moment = "arrived" | "carried out" | "answered";

export interface Exchange extends Asking {
  fault: Fault | undefined;
  /** What the server said; undefined where it was not asked. */
  server: number | undefined;
  milliseconds: number;
}

const REMEMBERED = 6;

/** Stands in front of a Meshery, passes on what it is sent, and answers as its plan wants it. */
export class FaultyProxy {
  plan: Plan | undefined;
  watch: ((moment: Moment, asking: Asking) => void) | undefined;
  readonly exchanges: Exchange[] = [];
  url = "";
  private readonly agent = new Agent({ keepAlive: true });
  private readonly http: Server;
  private readonly past = new Map<string, Reply[]>();
  private count = 0;

  private constructor(private readonly target: string) {
    this.http = createServer((incoming, response) => {
      this.serve(incoming, response).catch(() => response.destroy());
    });
    this.http.keepAliveTimeout = 60_000;
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((resolve) => proxy.http.listen(0, "127.0.0.1", resolve));
    proxy.url = `http://127.0.0.1:${(proxy.http.address() as AddressInfo).port}`;
    return proxy;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeAllConnections();
    this.agent.destroy();
    await closed;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    const body = await bodyOf(incoming);
    const asking: Asking = { number: ++this.count, method, path: url.split("?")[0]! };
    const begun = performance.now();
    const { plan } = this;
    const fault = plan?.choose(asking);
    this.watch?.("arrived", asking);
    response.on("error", () => undefined);
    if (fault?.kind === "late" && fault.before) await sleep(fault.latency);
    const refused = fault?.kind === "strange" && !fault.after;
    const reply = refused ? undefined : await this.forward(method, url, headers, body);
    this.watch?.("carried out", asking);
    if (fault?.kind === "strange") {
      const authorization = headers.authorization ?? "";
      await give(fault.answer)(response, { reply, authorization, patience: plan!.patience });
    } else {
      if (fault?.kind === "late" && !fault.before) await sleep(fault.latency);
      honest(response, this.remembered(url, method, reply!, fault?.kind === "stale" ? fault.ago : 0));
    }
    const milliseconds = Math.round(performance.now() - begun);
    this.exchanges.push({ ...asking, fault, server: reply?.status, milliseconds });
    this.watch?.("answered", asking);
  }

  /** The reply as it was `ago` replies of the same question before; the oldest there is. */
  private remembered(url: string, method: string, reply: Reply, ago: number): Reply {
    if (method !== "GET" || reply.status !== 200) return reply;
    const past = this.past.get(url) ?? [];
    const shown = ago > 0 ? (past.at(-ago) ?? past[0] ?? reply) : reply;
    this.past.set(url, [...past, reply].slice(-REMEMBERED));
    return shown;
  }

  private forward(method: string, path: string, headers: IncomingMessage["headers"], body: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const onward = request(
        new URL(path, this.target),
        { method, headers: { ...headers, connection: "keep-alive" }, agent: this.agent },
        (incoming) => {
          bodyOf(incoming).then(
            (answer) => resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: answer }),
            reject,
          );
        },
      );
      onward.on("error", reject);
      onward.end(body);
    });
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** In words for a trace. */
export function worded(fault: Fault): string {
  if (fault.kind === "late") return `late by ${fault.latency} ms`;
  if (fault.kind === "stale") return `stale by ${fault.ago}`;
  return `${fault.answer}, ${fault.after ? "after" : "instead of"} the work`;
}
