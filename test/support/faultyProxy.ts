import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the client gets instead of the server's answer. */
export type StrangeAnswer =
  /** The connection ends without an answer. */
  | "broken"
  /** No answer ever comes. */
  | "silence"
  /** The server's own answer, or some JSON where it had no body, up to the middle; its length says that this is all. */
  | "cut JSON"
  /** The same, but the connection ends in the middle of it. */
  | "broken in the middle"
  | { status: number; headers?: Record<string, string>; body?: string };

export interface ProxyFault {
  method: string;
  /** What the path looks like, without the query. */
  path: RegExp;
  /** Whether the server gets the request at all. */
  when: "before" | "after";
  answer: StrangeAnswer;
  /** For how many matching requests; for all where left out. */
  times?: number;
}

/** What a server behind the proxy does otherwise than the real one, at every request. */
export interface Habits {
  /** The address that the real server gets. */
  url?(url: string): string;
  /** The body that it gets. */
  body?(body: Record<string, unknown>): Record<string, unknown>;
  /** What the client gets of its answer. */
  answer?(body: string): string;
  /** An answer without asking it. */
  instead?(method: string, path: string, body: Record<string, unknown>): StrangeAnswer | undefined;
}

interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A front for a real server that replaces answers: what the server did, the client cannot tell from what it gets. */
export class FaultyProxy {
  private faults: ProxyFault[] = [];
  private readonly silent = new Set<ServerResponse>();

  private constructor(
    private readonly target: string,
    private readonly server: Server,
    private readonly habits: Habits,
  ) {}

  static async start(target: string, habits: Habits = {}): Promise<FaultyProxy> {
    const server = createServer((request, response) => void proxy.handle(request, response));
    server.keepAliveTimeout = 60_000;
    const proxy = new FaultyProxy(target, server, habits);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on every matching request meets this. */
  fail(fault: ProxyFault): void {
    this.faults.push(fault);
  }

  /** What was answered strangely is answered truly again. */
  heal(): void {
    this.faults = [];
    for (const response of this.silent) response.destroy();
    this.silent.clear();
  }

  async close(): Promise<void> {
    this.heal();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = incoming;
    const path = String(incoming.url).split("?")[0]!;
    const sent = await bodyOf(incoming);
    const json = sent.length > 0 ? (JSON.parse(sent.toString()) as Record<string, unknown>) : {};
    const { body: changed, instead } = this.habits;
    const body = changed && sent.length > 0 ? Buffer.from(JSON.stringify(changed(json))) : sent;
    const habit = instead?.(method, path, json);
    const fault = habit ? ({ when: "before", answer: habit } as const) : this.take(method, path);
    const answered = fault?.when === "before" ? undefined : await this.forward(incoming, body);
    if (!fault) {
      const { status, headers, body: whole } = answered!;
      const shown = this.habits.answer ? Buffer.from(this.habits.answer(whole.toString())) : whole;
      return send(response, status, headers, shown);
    }
    const { answer } = fault;
    if (answer === "silence") {
      this.silent.add(response);
      return;
    }
    if (answer === "broken") {
      response.destroy();
      return;
    }
    if (typeof answer === "object") {
      return send(response, answer.status, { ...answer.headers }, Buffer.from(answer.body ?? ""));
    }
    const whole = answered?.body.length ? answered.body : Buffer.from('{"id":"0123456789"}');
    const half = whole.subarray(0, Math.ceil(whole.length / 2));
    const headers = { "content-type": "application/json" };
    if (answer === "cut JSON") return send(response, answered?.status ?? 200, headers, half);
    response.writeHead(answered?.status ?? 200, { ...headers, "content-length": whole.length });
    response.write(half, () => response.destroy());
  }

  private take(method: string, path: string): ProxyFault | undefined {
    const fault = this.faults.find((one) => one.method === method && one.path.test(path) && (one.times ?? 1) > 0);
    if (fault?.times !== undefined) fault.times -= 1;
    return fault;
  }

  private forward(incoming: IncomingMessage, body: Buffer): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const { method, url = "" } = incoming;
      const { "content-length": _, ...headers } = incoming.headers;
      const length = body.length > 0 ? { "content-length": body.length } : {};
      const address = this.target + (this.habits.url?.(url) ?? url);
      const outgoing = request(address, { method, headers: { ...headers, ...length } }, (answer) => {
        bodyOf(answer).then(
          (whole) => resolve({ status: answer.statusCode!, headers: answer.headers, body: whole }),
          reject,
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, headers: Answered["headers"], body: Buffer): void {
  const { "transfer-encoding": _, "content-length": __, connection: ___, ...kept } = headers;
  response.writeHead(status, { ...kept, ...(status === 204 ? {} : { "content-length": body.length }) });
  response.end(body);
}
