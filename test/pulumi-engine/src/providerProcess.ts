/** A provider as the engine runs it: a child process that prints its port and serves gRPC on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";

export interface ProviderCommand {
  command: string;
  args: string[];
  env?: Record<string, string | undefined>;
}

export const UNLIMITED_MESSAGES = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
} as const;

const START_TIMEOUT_MS = 20_000;
/** How long a process has to end by itself after the interrupt. */
const STOP_TIMEOUT_MS = 5_000;

/** Turns a callback of a generated client into a promise. */
export function unary<R>(send: (callback: (error: ServiceError | null, response: R) => void) => unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error ? reject(error) : resolve(response)));
  });
}

export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly exited: Promise<void>,
    readonly client: ResourceProviderClient,
  ) {}

  /**
   * Starts the command with the engine's address as its last argument and waits for the port, which must be the
   * first line on stdout. Later lines, and all of stderr, go to `onOutput`.
   *
   * @throws Error when the process ends, prints something else, or prints nothing in time.
   */
  static async start(
    { command, args, env }: ProviderCommand,
    options: { engineAddress: string; cwd: string; onOutput: (stream: "stdout" | "stderr", line: string) => void },
  ): Promise<ProviderProcess> {
    const child = spawn(command, [...args, options.engineAddress], {
      cwd: options.cwd,
      env: { ...process.env, ...env },
      // The engine holds stdin open: a provider may take its end as the end of the engine.
      stdio: ["pipe", "pipe", "pipe"],
    });
    const errors: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      errors.push(line);
      options.onOutput("stderr", line);
    });
    const exited = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (why: string) => reject(new Error([`provider ${command}: ${why}`, ...errors].join("\n")));
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail("no port within 20 s");
      }, START_TIMEOUT_MS);
      let first = true;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!first) return options.onOutput("stdout", line);
        first = false;
        clearTimeout(timer);
        if (/^\d+$/.test(line.trim())) return resolve(Number(line));
        child.kill("SIGKILL");
        fail(`printed ${JSON.stringify(line)} where its port belongs`);
      });
      child.once("error", (error) => {
        clearTimeout(timer);
        fail(error.message);
      });
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${signal ?? `code ${code}`} before it printed its port`);
      });
    });
    child.stdin.on("error", () => undefined);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), UNLIMITED_MESSAGES);
    return new ProviderProcess(child, exited, client);
  }

  /** Interrupts the process, and kills it when it does not end. */
  async stop(): Promise<void> {
    this.client.close();
    this.child.kill("SIGINT");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends the process without warning. */
  async kill(): Promise<void> {
    this.client.close();
    this.child.kill("SIGKILL");
    await this.exited;
  }
}
