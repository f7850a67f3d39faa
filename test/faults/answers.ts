import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What the server itself answered. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What an answer may be made from. */
export interface Asked {
  /** Undefined where the request never reached the server. */
  reply: Reply | undefined;
  /** The credentials that came with the request: some servers repeat them in an error. */
  authorization: string;
  /** Milliseconds after which the client gives up. */
  patience: number;
}

type Give = (response: ServerResponse, asked: Asked) => unknown;

const SIGN_IN = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>Password</form></body></html>\n";
const REFUSED: Reply = { status: 200, headers: {}, body: Buffer.from('{"page":0,"page_size":100,"total_count":0}') };
const JSON_TYPE = { "content-type": "application/json" };

const status =
  (code: number, text: string, headers: Record<string, string> = {}): Give =>
  (response, { authorization }) =>
    response.writeHead(code, { "content-type": "text/plain", ...headers }).end(`${text} ${authorization}\n`);

const whole = (response: ServerResponse, { status: code, headers, body }: Reply, type?: string) => {
  const cookies = headers["set-cookie"];
  response.writeHead(code, {
    "content-type": type ?? headers["content-type"] ?? "application/json",
    "content-length": body.length,
    ...(cookies ? { "set-cookie": cookies } : {}),
  });
  return response.end(body);
};

const half = (body: Buffer) => body.subarray(0, Math.max(1, Math.floor(body.length / 2)));

/** As the server meant it. */
export const honest = (response: ServerResponse, reply: Reply): void => {
  whole(response, reply);
};

/** Answers that do not say what happened. Each may be given instead of the work, or after it. */
export const STRANGE = {
  "connection cut": (response) => response.destroy(),
  "body cut": (response, { reply = REFUSED }) => {
    response.writeHead(reply.status, { ...JSON_TYPE, "content-length": reply.body.length + 10 });
    response.write(half(reply.body), () => response.destroy());
  },
  "JSON cut short": (response, { reply = REFUSED }) => whole(response, { ...reply, body: half(reply.body) }),
  text: (response) => response.writeHead(200, { "content-type": "text/plain" }).end("OK\n"),
  HTML: (response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(SIGN_IN),
  "JSON as HTML": (response, { reply = REFUSED }) => whole(response, reply, "text/html; charset=utf-8"),
  "302": (response) => response.writeHead(302, { location: "/auth/login" }).end(),
  "401": status(401, "token is expired"),
  "403": status(403, "forbidden"),
  "404": status(404, "404 page not found"),
  "409": status(409, "conflict"),
  "429": status(429, "slow down"),
  "429, Retry-After": status(429, "slow down", { "retry-after": "1" }),
  "499": status(499, "client closed request"),
  "500": status(500, "internal error"),
  "502": status(502, "bad gateway"),
  "503, Retry-After": status(503, "unavailable", { "retry-after": "1" }),
  "504": status(504, "gateway timeout"),
  "empty 200": (response) => response.writeHead(200, { "content-length": 0 }).end(),
  "204": (response) => response.writeHead(204).end(),
  null: (response) => response.writeHead(200, JSON_TYPE).end("null"),
  "error in 200": (response, { authorization }) =>
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ error: `try again, ${authorization}` })),
  "no answer in time": async (response, { reply = REFUSED, patience }) => {
    await sleep(patience * 1.3);
    whole(response, reply);
  },
  dripping: async (response, { reply = REFUSED, patience }) => {
    response.writeHead(reply.status, { ...JSON_TYPE, "content-length": reply.body.length });
    const pieces = 8;
    for (let i = 0; i < pieces && !response.destroyed; i++) {
      response.write(reply.body.subarray((reply.body.length * i) / pieces, (reply.body.length * (i + 1)) / pieces));
      await sleep((patience * 1.3) / pieces);
    }
    response.end();
  },
} satisfies Record<string, Give>;

export type StrangeName = keyof typeof STRANGE;
export const give = (name: StrangeName): Give => STRANGE[name];

/** Those after which a client may ask again at once, whatever it asked. */
export const PASSING: readonly StrangeName[] = [
  "connection cut",
  "body cut",
  "429",
  "429, Retry-After",
  "500",
  "502",
  "503, Retry-After",
  "504",
];
/** Given instead of the work they claim that it was done, as real servers do once it is. */
export const CLAIMING: readonly StrangeName[] = ["empty 200", "204", "null"];
/** They take a client's whole patience. */
export const SLOW: readonly StrangeName[] = ["no answer in time", "dripping"];
