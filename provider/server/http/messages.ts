import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "./replies";

/** Bodies beyond this many bytes are refused. */
export const maxBodyBytes = 1024 * 1024;

/** Reads a request's body; `undefined` when it is longer than `maxBodyBytes` (the rest is not read). */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes an answer; the type follows from which kind of body it has. */
export function send(response: ServerResponse, reply: Reply): void {
  const [type, body] = content(reply);
  response.writeHead(reply.status, {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(reply.status === 204 ? {} : { "content-length": Buffer.byteLength(body) }),
    "x-content-type-options": "nosniff",
    ...reply.headers,
  });
  response.end(body);
}

function content({ json, html, text }: Reply): [string | undefined, string] {
  if (json !== undefined) return ["application/json; charset=utf-8", `${JSON.stringify(json)}\n`];
  if (html !== undefined) return ["text/html; charset=utf-8", html];
  if (text !== undefined) return ["text/plain; charset=utf-8", text];
  return [undefined, ""];
}
