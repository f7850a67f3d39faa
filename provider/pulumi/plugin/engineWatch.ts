import { connect } from "node:net";

/** Milliseconds between two looks. */
const PAUSE = 1_000;

/**
 * Notices that the engine which started this process is gone, also where it cannot say so by standard input: it listens at its
 * address for as long as it lives. It is looked for only while it holds no connection, and only after it had one: a connection
 * may also end because nothing was asked for a long time.
 */
export class EngineWatch {
  private known = false;
  private open = 0;
  private watching = false;
  private readonly host: string;
  private readonly port: number;

  constructor(
    address: string,
    private readonly onGone: () => void,
  ) {
    const at = address.lastIndexOf(":");
    this.host = address.slice(0, at).replace(/^\[|\]$/g, "");
    this.port = Number(address.slice(at + 1));
  }

  onSessionCount(open: number): void {
    this.open = open;
    this.known ||= open > 0;
    if (this.known && open === 0 && !this.watching) this.look();
  }

  private look(): void {
    this.watching = this.open === 0;
    if (!this.watching) return;
    const again = () => setTimeout(() => this.look(), PAUSE);
    const socket = connect({ host: this.host, port: this.port });
    socket.once("connect", () => {
      socket.destroy();
      again();
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => (code === "ECONNREFUSED" ? this.onGone() : again()));
  }
}
