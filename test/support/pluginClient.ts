import { type ChildProcess, spawn } from "node:child_process";
import { type ClientHttp2Session, connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Certificate, createCertificate, pem } from "../../provider/terraform/protocol/certificate";
import {
  type DecodedResponse,
  loadMessages,
  type ProviderRpc,
  type RequestProperties,
} from "../../provider/terraform/protocol/codec";
import { PROVIDER_SERVICE } from "../../provider/terraform/protocol/service";

export const MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

const START_TIMEOUT_MS = 30_000;

export interface StartOptions {
  /** Added to this process's environment, from which TF_* and PLUGIN_* are taken out. */
  env?: Record<string, string>;
  /** Mutual TLS, as engines do unless told otherwise. Default true. */
  tls?: boolean;
  cwd?: string;
}

/** A failed call: gRPC status and message. */
export class CallError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(`grpc status ${status}: ${message}`);
  }
}

export interface Handshake {
  line: string;
  network: string;
  address: string;
  certificate: string;
}

/** A provider that has announced itself and waits to be called. */
export interface LaunchedProvider {
  process: ChildProcess;
  handshake: Handshake;
  /** The client's certificate; undefined without TLS. */
  certificate?: Certificate | undefined;
  /** What it wrote so far. */
  output: { stdout: string; stderr: string };
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a provider as an engine does and reads its handshake. Rejects with what it said instead, or its exit code. */
export async function launchProvider(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<LaunchedProvider> {
  const certificate = options.tls === false ? undefined : createCertificate();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...pluginEnvironment(certificate), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited: LaunchedProvider["exited"] = new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const output = { stderr: "", stdout: "" };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const line = await firstLine(child, output);
  const handshake = parseHandshake(line);
  if (handshake) return { process: child, handshake, certificate, output, exited };
  child.kill("SIGKILL");
  throw new Error(`the provider said instead of a handshake: ${line}`);
}

/** The client's half of hashicorp/go-plugin: a provider that an engine has started and connected to. */
export class PluginClient {
  private constructor(
    private readonly provider: LaunchedProvider,
    private readonly session: ClientHttp2Session,
  ) {}

  get process(): ChildProcess {
    return this.provider.process;
  }

  get handshake(): Handshake {
    return this.provider.handshake;
  }

  get exited(): LaunchedProvider["exited"] {
    return this.provider.exited;
  }

  /** What the provider wrote to standard error so far. */
  get stderr(): string {
    return this.provider.output.stderr;
  }

  /** What came on standard output after the handshake; engines log it as noise. */
  get noise(): string {
    return this.provider.output.stdout.slice(this.handshake.line.length + 1);
  }

  /** Starts the provider and connects to it. Rejects as launchProvider does. */
  static async start(command: string, args: readonly string[], options: StartOptions = {}): Promise<PluginClient> {
    const provider = await launchProvider(command, args, options);
    const session = openSession(provider.handshake, provider.certificate);
    await new Promise<void>((resolve, reject) => {
      session.once("connect", () => resolve());
      session.once("error", reject);
    });
    session.on("error", () => {}); // calls under way report it
    const client = new PluginClient(provider, session);
    // As go-plugin does right after connecting.
    client.open("/plugin.GRPCStdio/StreamStdio");
    client.open("/plugin.GRPCBroker/StartStream");
    return client;
  }

  /** Calls the provider. Rejects with a CallError when the call fails as such. */
  async call<Rpc extends ProviderRpc>(
    rpc: Rpc,
    request: RequestProperties<Rpc> = {},
    options: { signal?: AbortSignal } = {},
  ): Promise<DecodedResponse<Rpc>> {
    const codec = (await loadMessages())[rpc] as unknown as {
      Request: { encode(message: object): { finish(): Uint8Array } };
      Response: { decode(bytes: Uint8Array): DecodedResponse<Rpc> };
    };
    const path = `/${PROVIDER_SERVICE}/${rpc}`;
    return codec.Response.decode(await this.callRaw(path, codec.Request.encode(request).finish(), options));
  }

  /** A call with ready bytes; `frame` replaces the framing, to send what no library would. */
  callRaw(
    path: string,
    message: Uint8Array,
    { signal, frame = framed(message) }: RawCallOptions = {},
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const stream = this.session.request(requestHeaders(path), signal ? { signal } : undefined);
      let status: IncomingHttpHeaders = {};
      const chunks: Buffer[] = [];
      stream.on("response", (headers) => {
        status = headers;
      });
      stream.on("trailers", (headers) => {
        status = { ...status, ...headers };
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () => {
        const code = Number(status["grpc-status"] ?? 2);
        if (code === 0) resolve(Buffer.concat(chunks).subarray(5));
        else reject(new CallError(code, decodeURIComponent(String(status["grpc-message"] ?? "no status"))));
      });
      stream.end(frame);
    });
  }

  /** Ends as an engine does: Shutdown, then wait. Resolves with how the process ended. */
  async shutdown(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    await this.callRaw("/plugin.GRPCController/Shutdown", new Uint8Array());
    this.session.close();
    return this.exited;
  }

  /** Cuts the connection without a word, as the kernel does for a killed engine. */
  disconnect(): void {
    this.session.destroy();
  }

  private open(path: string): void {
    const stream = this.session.request(requestHeaders(path), { endStream: false });
    stream.on("error", () => {});
    stream.resume();
    if (path.endsWith("StreamStdio")) stream.end(framed(new Uint8Array()));
  }
}

interface RawCallOptions {
  signal?: AbortSignal;
  frame?: Uint8Array;
}

/** The environment in which engines start providers. */
export function pluginEnvironment(client: Pick<Certificate, "certificate"> | undefined): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(TF_|PLUGIN_)/.test(name)) env[name] = value;
  }
  env.TF_PLUGIN_MAGIC_COOKIE = MAGIC_COOKIE;
  env.PLUGIN_PROTOCOL_VERSIONS = "5,6";
  env.PLUGIN_MIN_PORT = "10000";
  env.PLUGIN_MAX_PORT = "25000";
  if (client) env.PLUGIN_CLIENT_CERT = client.certificate;
  return env;
}

/** Connects to a provider that has said where it is, showing the given certificate. */
export function openSession(handshake: Handshake, own: Certificate | undefined): ClientHttp2Session {
  const [host = "", port = ""] = handshake.address.split(":");
  const target = handshake.network === "unix" ? { path: handshake.address } : { host, port: Number(port) };
  if (!own) return connectHttp2("http://localhost", { createConnection: () => connectTcp(target) });
  const ca = pem(Buffer.from(handshake.certificate, "base64"));
  const tls = { ca, cert: own.certificate, key: own.key, servername: "localhost", ALPNProtocols: ["h2"] };
  return connectHttp2("https://localhost", { createConnection: () => connectTls({ ...target, ...tls }) });
}

export function parseHandshake(line: string): Handshake | undefined {
  const [core, protocol, network, address, kind, certificate] = line.split("|");
  if (core !== "1" || protocol !== "6" || kind !== "grpc" || !network || !address) return undefined;
  return { line, network, address, certificate: certificate ?? "" };
}

export function requestHeaders(path: string) {
  return { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
}

export function framed(message: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function firstLine(child: ChildProcess, output: { stdout: string; stderr: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no handshake within ${START_TIMEOUT_MS} ms. ${output.stderr}`));
    }, START_TIMEOUT_MS);
    const done = () => clearTimeout(timer);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
      const end = output.stdout.indexOf("\n");
      if (end < 0) return;
      done();
      resolve(output.stdout.slice(0, end));
    });
    child.on("close", (code) => {
      done();
      reject(new Error(`the provider ended with ${code} before a handshake. ${output.stderr}`));
    });
    child.on("error", (error) => {
      done();
      reject(error);
    });
  });
}
