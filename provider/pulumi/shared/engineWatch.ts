import { connect } from "node:net";

/** Milliseconds between two looks. */
const PAUSE = 1_000;

/**
 * Calls `onGone` when the engine that started this process is not there any more, also where it could not say so: it listens at its
 * address for as long as it lives. Where it was never seen there, its absence means nothing.
 */
export function watchEngine(address: string, onGone: () => void): void {
  const at = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, at).replace(/^\[|\]$/g, ""), Number(address.slice(at + 1))];
  let seen = false;
  const again = () => void setTimeout(look, PAUSE).unref();
  const look = () => {
    const socket = connect({ host, port });
    socket.unref();
    socket.once("connect", () => {
      seen = true;
      socket.destroy();
      again();
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      if (code !== "ECONNREFUSED") again();
      else if (seen) onGone();
    });
  };
  again();
}
