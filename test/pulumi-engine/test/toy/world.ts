/** The outside world of the toy providers: objects behind a small HTTP server, with faults and a record of requests. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Operation = "create" | "read" | "update" | "delete" | "get";
export type ToyProperties = Record<string, unknown>;

export interface ToyObject {
  id: string;
  properties: ToyProperties;
  /** How many of its name there have been. */
  serial: number;
}

export interface ToyRequest {
  id?: string;
  properties?: ToyProperties;
}

export class World {
  readonly objects = new Map<string, ToyObject>();
  /** `<operation> <name>` of every request, in order. */
  readonly log: string[] = [];
  /** Tokens that came with requests, in order, each once in a row. */
  readonly tokens: string[] = [];
  /** `<operation> <name>` to a message; with `partial:` before it, the work is done and an error follows. */
  readonly faults = new Map<string, string>();
  private waiting: (() => void)[] = [];
  private together = 0;
  private readonly created = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<World> {
    const server = createServer();
    const world = new World(server);
    server.on("request", async (request, response) => {
      const answer = await world.answer(request);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return world;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Holds creates back until so many have come: they are answered only if they come side by side. */
  expectTogether(count: number): void {
    this.together = count;
  }

  names(): string[] {
    return [...this.objects.values()].map(({ properties }) => String(properties.name)).sort();
  }

  find(name: string): ToyObject | undefined {
    return [...this.objects.values()].find(({ properties }) => properties.name === name);
  }

  /** The log since the last call. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const operation = (request.url ?? "/").slice(1) as Operation;
    const { id, properties = {} }: ToyRequest = JSON.parse(await text(request));
    const token = String(request.headers["x-token"] ?? "");
    if (this.tokens.at(-1) !== token) this.tokens.push(token);
    const name = String(properties.name ?? (id === undefined ? "" : this.objects.get(id)?.properties.name) ?? "");
    this.log.push(`${operation} ${name}`);
    if (operation === "create") await this.turn();
    const fault = this.faults.get(`${operation} ${name}`);
    if (fault !== undefined && !fault.startsWith("partial:")) return { status: 500, body: { error: fault } };
    const object = this.perform(operation, id, properties);
    if (fault !== undefined) return { status: 409, body: { ...object, error: fault.slice("partial:".length).trim() } };
    return object === undefined ? { status: 404, body: { error: "not found" } } : { status: 200, body: object };
  }

  private perform(operation: Operation, id: string | undefined, properties: ToyProperties): ToyObject | undefined {
    if (operation === "create") {
      const name = String(properties.name);
      const serial = (this.created.get(name) ?? 0) + 1;
      this.created.set(name, serial);
      const object = { id: `${name}-${serial}`, properties, serial };
      this.objects.set(object.id, object);
      return object;
    }
    if (operation === "get") return this.find(String(properties.name));
    const object = this.objects.get(id ?? "");
    if (object && operation === "update") object.properties = properties;
    if (object && operation === "delete") this.objects.delete(object.id);
    return object;
  }

  private async turn(): Promise<void> {
    if (this.together === 0) return;
    this.together -= 1;
    if (this.together > 0) return new Promise((resolve) => this.waiting.push(resolve));
    for (const release of this.waiting.splice(0)) release();
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body === "" ? "{}" : body;
}
