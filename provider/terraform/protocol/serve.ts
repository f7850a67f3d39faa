import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGrpcServer, type GrpcServer, type Method } from "../../grpc";
import { createCertificate } from "./certificate";
import { type Handlers, type PrebuiltResponses, type ProviderMethods, providerMethods } from "./handlers";
import { log } from "./log";
import { guardStdout, writeHandshake } from "./stdout";

export interface ServeOptions {
  /** How the provider calls itself when it is run by hand, for example "terraform-provider-example 1.0.0". */
  name: string;
  /** What a person who runs it by hand should do instead: one or more plain lines. */
  hint: string;
  /** The provider's answers, or a function that loads them; it is called once, when the first call needs it. */
  handlers: Handlers | (() => Promise<Handlers> | Handlers);
  /** Encoded answers for calls that need neither handlers nor codec: the schema, above all. */
  prebuilt?: PrebuiltResponses;
  /** Milliseconds for calls that the engine has given up already when it shuts the provider down. Default 100. */
  shutdownGraceMs?: number | undefined;
}

// Values of hashicorp/go-plugin and of the engines; a cookie tells a start by an engine from one by hand.
const COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const HANDSHAKE_VERSION = 1;
const PROTOCOL_VERSION = 6;

const LONGEST_SOCKET_PATH = 100; // bytes; macOS takes 103, Linux 107
const ORPHAN_AFTER_MS = 250; // after the last connection is gone
const NEVER_CALLED_AFTER_MS = 60_000; // an engine connects at once, or it was killed before it could
const SHUTDOWN_GRACE_MS = 100; // the engine kills after two seconds
const CLOSING_MS = 1_500; // so much of these two seconds is for what the handlers have left to do

/**
 * Runs this process as a provider: announces itself to the engine that started it, serves it, and ends with it.
 * Resolves once the announcement is written; the process then lives on until the engine is done or gone.
 *
 * Call it first thing in the process's entry file, before anything could print.
 */
export async function serve(options: ServeOptions): Promise<void> {
  if (process.env[COOKIE_NAME] !== COOKIE) {
    process.stderr.write(`${options.name} is a plugin: Terraform and OpenTofu start it, it does nothing by itself.\n`);
    process.stderr.write(`${options.hint}\n`);
    process.exitCode = 1;
    return;
  }
  guardStdout((line) => log("warn", "Unexpected output", { text: line }));
  reportCrashes(options.name);
  try {
    checkProtocolVersion(process.env.PLUGIN_PROTOCOL_VERSIONS);
    const { line } = await startServer(options, process.env);
    writeHandshake(line);
    announced = true;
  } catch (error) {
    failStart(options.name, error);
  }
}

let announced = false;

async function startServer(options: ServeOptions, env: NodeJS.ProcessEnv): Promise<{ line: string }> {
  const clientCertificate = env.PLUGIN_CLIENT_CERT;
  const own = clientCertificate ? createCertificate() : undefined;
  const provider = providerMethods(options.handlers, options.prebuilt);
  const life = lifetime(options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS, provider);
  const methods = new Map<string, Method>(provider.methods);
  addHostServices(methods, () => life.shutDown(server));
  const server = createGrpcServer({
    methods,
    tls: own && clientCertificate ? { key: own.key, certificate: own.certificate, clientCertificate } : undefined,
    onProblem: (what, error) => log("debug", what, { error: error.message }),
    onSessionCount: life.sessionsOpen,
  });
  const address = await listen(server, env);
  // Base64 without padding, as Go's RawStdEncoding reads it.
  const certificate = own ? own.der.toString("base64").replace(/=+$/, "") : "";
  const line = [HANDSHAKE_VERSION, PROTOCOL_VERSION, address, "grpc", certificate].join("|");
  // Hosts that ask for it get a seventh field: whether broker streams share one connection. Ours carry nothing.
  return { line: env.PLUGIN_MULTIPLEX_GRPC ? `${line}|false` : line };
}

/** The services of go-plugin beside the provider's own. Their messages are empty or a single number. */
function addHostServices(methods: Map<string, Method>, shutDown: () => void): void {
  methods.set("/plugin.GRPCController/Shutdown", () => {
    setImmediate(shutDown);
    return new Uint8Array();
  });
  methods.set("/plugin.GRPCStdio/StreamStdio", "open");
  methods.set("/plugin.GRPCBroker/StartStream", "open");
  methods.set("/grpc.health.v1.Health/Check", () => Uint8Array.of(0x08, 0x01)); // status (field 1): SERVING (1)
}

async function listen(server: GrpcServer, env: NodeJS.ProcessEnv): Promise<string> {
  if (process.platform !== "win32") {
    const folder = mkdtempSync(join(env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), "tfp-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "socket");
    if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) {
      await server.listen({ path });
      return `unix|${path}`;
    }
  }
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  return `tcp|127.0.0.1:${port}`;
}

/** When to end: at the engine's word, or when it is gone without one (killed, crashed). */
function lifetime(graceMs: number, { stop, close }: Pick<ProviderMethods, "stop" | "close">) {
  let ending = false;
  const end = (why: string) => {
    if (ending) return;
    ending = true;
    log("debug", why);
    void closed(close).then(() => process.exit(0));
  };
  let orphaned = setTimeout(() => end("No engine connected"), NEVER_CALLED_AFTER_MS);
  orphaned.unref();
  // A Ctrl-C goes to the engine as well, which says when to end. While an apply plans it says nothing, and waits for what we read.
  process.on("SIGINT", () => {
    log("trace", "Interrupted: nothing new begins");
    stop().catch((error: Error) => log("error", "Not all was done at the interrupt", { error: error.message }));
  });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(`Ended by ${signal}`));
  return {
    sessionsOpen(open: number): void {
      clearTimeout(orphaned);
      if (open === 0) orphaned = setTimeout(() => end("The engine is gone"), ORPHAN_AFTER_MS);
    },
    shutDown(server: GrpcServer): void {
      void server.close(graceMs).then(() => end("Shut down by the engine"));
    },
  };
}

// Bounded, and the process then exits rather than waits: a request under way to a slow server must not keep us here.
async function closed(close: () => Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => void setTimeout(resolve, CLOSING_MS));
  const left = close().catch((error: Error) => log("error", "Not all was done at the end", { error: error.message }));
  await Promise.race([left, late]);
}

function checkProtocolVersion(offered: string | undefined): void {
  if (!offered || offered.split(",").includes(String(PROTOCOL_VERSION))) return;
  throw new Error(
    `this engine speaks plugin protocol ${offered}, the provider speaks ${PROTOCOL_VERSION}. ` +
      "Use Terraform 1.0 or newer, or OpenTofu.",
  );
}

/** The engine shows the line it got in place of the announcement; nothing else reaches the user before it. */
function failStart(name: string, error: unknown): never {
  try {
    writeHandshake(`${name} could not start: ${error instanceof Error ? error.message : String(error)}`);
  } catch {
    // Nobody is reading any more.
  }
  process.exit(1);
}

/**
 * An exception nobody catches ends the process. Engines quote what follows a line that starts with "panic:" to the user.
 * A promise nobody waits for does not: ending would lose the results of calls under way, objects just created.
 */
function reportCrashes(name: string): void {
  process.on("uncaughtException", (error) => {
    if (!announced) failStart(name, error);
    process.stderr.write(`panic: ${error.message}\n\n${error.stack ?? ""}\n`, () => process.exit(2));
  });
  process.on("unhandledRejection", (reason) => {
    if (!announced) failStart(name, reason);
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    log("error", "A failure went unnoticed", { error: text });
  });
}
