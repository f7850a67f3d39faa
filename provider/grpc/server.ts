import { X509Certificate } from "node:crypto";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { endWithMessage, MessageReader } from "./framing";
import { percentEncode, RpcError, Status } from "./status";

// A gRPC server over node:http2, as much of it as plugin hosts use: calls with one request and one response, and streams
// that the host opens at the start and on which nothing is ever said. @grpc/grpc-js costs 20 to 30 ms more at every
// start of the process, and an engine starts a provider three to six times in one command.

/** Answers one call. `call` is aborted when the caller goes away or cancels; its signal costs something once it is asked for. */
export type UnaryHandler = (request: Buffer, call: AbortController) => Promise<Uint8Array> | Uint8Array;

/** "open": a stream in either direction that stays open, silent, until the server closes. */
export type Method = UnaryHandler | "open";

export interface GrpcServerOptions {
  /** By path, "/package.Service/Method". */
  methods: ReadonlyMap<string, Method>;
  /** Serves TLS and lets in only who shows the client certificate. Left out: plain HTTP/2. */
  tls?: { key: string; certificate: string; clientCertificate: string } | undefined;
  /** A failure that has no caller to be reported to. */
  onProblem(what: string, error: Error): void;
  onSessionCount(open: number): void;
}

/** A unix socket path, or a TCP port on the loopback address. */
type Address = { path: string } | { host: string; port: number };

export interface GrpcServer {
  listen(address: Address): Promise<{ port?: number }>;
  /** Ends open streams in good order, accepts nothing more, and drops what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const WINDOW_BYTES = 4 << 20;
const SETTINGS = { initialWindowSize: WINDOW_BYTES };
const LONGEST_MESSAGE = 256 << 20;
const LONGEST_ERROR_TEXT = 4_000;
/** Bytes of headers that may be sent: what a failure has to say about a resource goes with them. */
const LONGEST_HEADERS = 1 << 20;

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const server = http2Server(options.tls);
  const sessions = trackSessions(server, options);
  const openStreams = serveStreams(server, options);
  return {
    listen: (address) => listen(server, address, options),
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const timer = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, graceMs);
      // A session that is closed while one of its streams is still being written may never release its socket (Node 20),
      // and the engine waits for the end of this process: so first the streams, and the sessions when they are gone.
      await Promise.all([...openStreams].map(ended));
      for (const session of sessions) session.close();
      await closed;
      clearTimeout(timer);
    },
  };
}

function http2Server(tls: GrpcServerOptions["tls"]): Http2Server {
  // Node counts unsent and unread bytes of a session and refuses new streams beyond this many megabytes; ten, the
  // default, is less than a handful of large states in flight.
  const limits = { settings: SETTINGS, maxSessionMemory: 1_024, maxSendHeaderBlockLength: LONGEST_HEADERS };
  if (!tls) return createServer(limits);
  return createSecureServer({
    ...limits,
    key: tls.key,
    cert: tls.certificate,
    // No authority is trusted: the one client that may call is known by its very certificate. Any authority, even the
    // client itself, would make Node 20 parse all those of the world: 20 ms at every start.
    ca: [],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["h2"],
  });
}

/** The open sessions of the clients that may call. */
function trackSessions(server: Http2Server, options: GrpcServerOptions): ReadonlySet<ServerHttp2Session> {
  const { tls, onProblem, onSessionCount } = options;
  const client = tls && new X509Certificate(tls.clientCertificate).raw;
  const sessions = new Set<ServerHttp2Session>();
  server.on("tlsClientError", (error: Error) => onProblem("A client was refused", error));
  server.on("sessionError", (error: Error) => onProblem("A connection failed", error));
  server.on("session", (session) => {
    // Before anything was read from it.
    if (client && !hasShown(session.socket as TLSSocket, client)) {
      session.destroy();
      onProblem("A client was refused", new Error("it did not show the certificate of the host"));
      return;
    }
    sessions.add(session);
    onSessionCount(sessions.size);
    session.setLocalWindowSize(WINDOW_BYTES * 4);
    session.on("error", () => {}); // reported by sessionError
    session.on("close", () => {
      sessions.delete(session);
      onSessionCount(sessions.size);
    });
  });
  return sessions;
}

/** Answers calls. Returns the streams that are held open. */
function serveStreams(server: Http2Server, options: GrpcServerOptions): ReadonlySet<ServerHttp2Stream> {
  const openStreams = new Set<ServerHttp2Stream>();
  server.on("stream", (stream, headers) => {
    // A caller who resets a stream is a cancelled call, not a failure of ours.
    stream.on("error", (error) => options.onProblem("A call broke off", error));
    const method = accept(stream, headers, options.methods);
    if (method === "open") holdOpen(stream, openStreams);
    else if (method) void answer(stream, method);
  });
  return openStreams;
}

function listen(server: Http2Server, address: Address, options: GrpcServerOptions): Promise<{ port?: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      server.on("error", (error) => options.onProblem("The server failed", error));
      const bound = server.address();
      resolve(typeof bound === "object" && bound ? { port: bound.port } : {});
    });
  });
}

/** TLS has seen to it that whoever shows a certificate has its key. */
const hasShown = (socket: TLSSocket, certificate: Buffer): boolean =>
  socket.getPeerX509Certificate()?.raw.equals(certificate) ?? false;

const { HTTP2_HEADER_CONTENT_TYPE, HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS } = constants;
const OK_HEADERS = { [HTTP2_HEADER_STATUS]: 200, [HTTP2_HEADER_CONTENT_TYPE]: "application/grpc+proto" };

/** The method a stream asks for, or undefined after having refused it. */
function accept(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, methods: ReadonlyMap<string, Method>) {
  const isGrpc = String(headers[HTTP2_HEADER_CONTENT_TYPE]).startsWith("application/grpc");
  if (headers[HTTP2_HEADER_METHOD] !== "POST" || !isGrpc) {
    stream.respond({ [HTTP2_HEADER_STATUS]: 415 }, { endStream: true });
    stream.resume();
    return undefined;
  }
  const path = String(headers[HTTP2_HEADER_PATH]);
  const method = methods.get(path);
  if (!method) {
    stream.resume();
    fail(stream, new RpcError(Status.Unimplemented, `${path} is not implemented`));
  }
  return method;
}

function holdOpen(stream: ServerHttp2Stream, openStreams: Set<ServerHttp2Stream>): void {
  openStreams.add(stream);
  stream.on("close", () => openStreams.delete(stream));
  stream.resume();
  respond(stream, Status.Ok);
}

const ended = (stream: ServerHttp2Stream): Promise<void> =>
  new Promise((resolve) => {
    stream.once("close", () => resolve());
    stream.end(() => stream.close());
  });

async function answer(stream: ServerHttp2Stream, handler: UnaryHandler): Promise<void> {
  const call = new AbortController();
  const onClose = () => call.abort(new RpcError(Status.Cancelled, "the call was cancelled"));
  stream.once("close", onClose);
  try {
    const request = await readOnlyMessage(stream);
    const response = await handler(request, call);
    stream.off("close", onClose);
    if (stream.destroyed) return;
    respond(stream, Status.Ok);
    endWithMessage(stream, response);
  } catch (error) {
    stream.off("close", onClose);
    if (!stream.destroyed)
      fail(stream, error instanceof RpcError ? error : new RpcError(Status.Internal, messageOf(error)));
  }
}

function readOnlyMessage(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const reader = new MessageReader(LONGEST_MESSAGE);
    const give = (error: unknown) => {
      stream.removeAllListeners("data");
      stream.resume(); // the rest of the request is read and dropped, so that the session's window opens again
      reject(error);
    };
    stream.on("data", (chunk: Buffer) => {
      try {
        reader.add(chunk);
      } catch (error) {
        give(error);
      }
    });
    const cancelled = () => reject(new RpcError(Status.Cancelled, "the call was cancelled"));
    stream.once("close", cancelled);
    stream.once("end", () => {
      stream.off("close", cancelled);
      try {
        resolve(reader.onlyMessage());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Sends the response's headers; its status follows in the trailers when the stream is ended. */
function respond(stream: ServerHttp2Stream, status: Status): void {
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status) }));
  stream.respond(OK_HEADERS, { waitForTrailers: true });
}

/** A response without a message: everything is in its headers, whose length HTTP/2 bounds. */
function fail(stream: ServerHttp2Stream, error: RpcError): void {
  const text = percentEncode(error.message.slice(0, LONGEST_ERROR_TEXT));
  const details = error.details && { "grpc-status-details-bin": Buffer.from(error.details).toString("base64") };
  const status = { "grpc-status": String(error.status), "grpc-message": text, ...details };
  const accepted = error.status === Status.Unimplemented ? { "grpc-accept-encoding": "identity" } : {};
  stream.respond({ ...OK_HEADERS, ...status, ...accepted }, { endStream: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
