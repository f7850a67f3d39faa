import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { MesheryServer } from "../../provider/server";

export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

export interface Told {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Something in front of a server, with an address of its own. */
export interface Front {
  url: string;
  close(): Promise<void>;
}

/**
 * Passes requests on to the embedded server by its own socket, and its answers back as `told` makes them: for what a server or a
 * proxy by others says, which no era of the embedded one does. `asked` may give other headers to what is passed on.
 */
export async function front(
  server: MesheryServer,
  told: (answer: Told, request: Asked) => Told,
  asked: (request: Asked) => Record<string, string> = () => ({}),
): Promise<Front> {
  const http = createServer(async (incoming, response) => {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? "/", server.url);
    const request: Asked = { method: incoming.method ?? "GET", path, query, headers: incoming.headers };
    const body = await bodyOf(incoming);
    const answer = await fetch(server.url + (incoming.url ?? "/"), {
      method: request.method,
      headers: { ...onward(incoming.headers), ...asked(request) },
      redirect: "manual",
      ...(body.length === 0 ? {} : { body }),
    });
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "location", "retry-after", "set-cookie"]) {
      const value = answer.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    const {
      status,
      headers: said,
      text,
    } = told({ status: answer.status, headers, text: await answer.text() }, request);
    response.writeHead(status, said).end(text);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The headers that are about the request rather than about the connection. */
function onward(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ["accept", "content-type", "cookie", "authorization", "user-agent"];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
