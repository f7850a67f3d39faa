import type { HttpExchange } from "../../client";

/** Milliseconds that a line may take: an engine that does not listen must not hold up anything. */
const DEADLINE = 2_000;
/** Lines that may wait for the engine; what comes beyond that is left out. */
const MOST_WAITING = 500;
const LONGEST_BODY = 8_000;
/** `pulumi -v=9 --logflow` hands its verbosity on. */
const BODIES_FROM = 9;

/**
 * Shows each HTTP exchange in the engine's log at level debug, which `pulumi up -v=3 --logtostderr` and `--debug` print; with
 * `-v=9 --logflow` the bodies too.
 */
export function exchangeLog(
  engineAddress: () => string | undefined,
  args: readonly string[],
): { onExchange: (exchange: HttpExchange) => void; logBodies: boolean } {
  let waiting = 0;
  let unreachable = false;
  let last: Promise<unknown> = Promise.resolve();
  const onExchange = (exchange: HttpExchange) => {
    const address = engineAddress();
    if (!address || unreachable || waiting >= MOST_WAITING) return;
    waiting++;
    last = last
      .then(() => send(address, exchange))
      .catch(() => {
        unreachable = true;
      })
      .then(() => {
        waiting--;
      });
  };
  return { onExchange, logBodies: verbosity(args) >= BODIES_FROM };
}

async function send(address: string, exchange: HttpExchange): Promise<void> {
  const [{ call }, { describeExchange }] = await Promise.all([
    import("../../grpc/index"),
    import("../../client/index"),
  ]);
  const { requestBody, responseBody } = exchange;
  const bodies = [requestBody && `sent ${cut(requestBody)}`, responseBody && `received ${cut(responseBody)}`];
  const text = [`meshery: ${describeExchange(exchange)}`, ...bodies.filter(Boolean)].join("\n");
  await call({ address, path: "/pulumirpc.Engine/Log", request: debugLine(text), deadline: DEADLINE });
}

/** A LogRequest: level debug is its zero value, and the text its second field. */
function debugLine(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from([0x12, ...length]), bytes]);
}

function verbosity(args: readonly string[]): number {
  const [at, value] = [...args.entries()].find(([, arg]) => /^--?(v|verbose)(=\d+)?$/.test(arg)) ?? [];
  return at === undefined ? 0 : Number(value?.split("=")[1] ?? args[at + 1]) || 0;
}

const cut = (text: string): string => (text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)} ...` : text);
