import { fstatSync } from "node:fs";
import { createGrpcServer } from "../../grpc";
import { engineAddressIn } from "../shared/engineAddress";
import { watchEngine } from "../shared/engineWatch";
import { createService } from "./service";

export interface ServeOptions {
  version: string;
  schemaFile: string;
}

/** Milliseconds that requests under way have to answer once the process is asked to end: a write gets three seconds. */
const GRACE = 3_500;

/**
 * Serves the provider until the engine is done with it: on a free port of loopback, which is printed as the first line on standard
 * output. Nothing else is ever printed there.
 */
export function serve({ version, schemaFile }: ServeOptions): void {
  const engineAddress = engineAddressIn(process.argv.slice(2));
  const { methods, cancel } = createService({ version, schemaFile, engineAddress, env: process.env });
  const server = createGrpcServer({
    methods,
    // Callers that went away ended their work themselves, and an engine shows what is on standard error to users.
    onProblem: () => undefined,
    onSessionCount: () => undefined,
  });

  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    cancel();
    void server.close(GRACE).finally(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  if (engineAddress !== undefined) watchEngine(engineAddress, end);
  if (engineAddress !== undefined && heldOpenByEngine()) {
    process.stdin.once("close", end);
    process.stdin.resume();
  }

  server.listen({ host: "127.0.0.1", port: 0 }).then(
    ({ port }) => {
      process.stdout.write(`${port}\n`);
      // What libraries print belongs where it does not disturb.
      console.log = console.error;
      console.info = console.error;
    },
    (error: Error) => {
      process.stderr.write(`pulumi-resource-meshery cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    },
  );
}

/** Whether standard input is a pipe, which an engine holds open as long as it lives: even killed it cannot leave us behind. */
function heldOpenByEngine(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}
