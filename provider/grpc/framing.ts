import type { Writable } from "node:stream";
import { RpcError, Status } from "./status";

// A gRPC message on the wire: one byte that says whether it is compressed, its length in four bytes, its bytes.
const HEADER_BYTES = 5;
// Below this, one copy is cheaper than a second write.
const COPY_BELOW = 64 << 10;

/** Collects the single message of a request from chunks of any size. */
export class MessageReader {
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private expected: number | undefined;

  constructor(private readonly longest: number) {}

  /** Throws an RpcError as soon as the request cannot be a single, plain message of bearable length. */
  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.expected === undefined && this.received >= HEADER_BYTES) this.expected = this.readHeader();
    if (this.expected !== undefined && this.received > HEADER_BYTES + this.expected) {
      throw new RpcError(Status.Internal, "the call takes one request message, more were sent");
    }
  }

  /** The message, once the request has ended. Throws an RpcError when it is missing or torn. */
  onlyMessage(): Buffer {
    if (this.received === 0) throw new RpcError(Status.Internal, "the request message is missing");
    if (this.expected === undefined || this.received < HEADER_BYTES + this.expected) {
      throw new RpcError(Status.Internal, "the request message ends too early");
    }
    return Buffer.concat(this.chunks).subarray(HEADER_BYTES);
  }

  private readHeader(): number {
    const [first] = this.chunks;
    const start = first && first.length >= HEADER_BYTES ? first : Buffer.concat(this.chunks);
    if (start[0] !== 0) throw new RpcError(Status.Unimplemented, "compressed messages are not supported");
    const length = start.readUInt32BE(1);
    if (length > this.longest) {
      throw new RpcError(Status.ResourceExhausted, `a request of ${length} bytes is over the limit of ${this.longest}`);
    }
    return length;
  }
}

/** A message with its header. */
export function frame(message: Uint8Array): Buffer {
  return Buffer.concat([headerOf(message), message]);
}

/** Writes the only message of a stream, and ends it. */
export function endWithMessage(stream: Writable, message: Uint8Array): void {
  if (message.length < COPY_BELOW) {
    stream.end(frame(message));
    return;
  }
  stream.write(headerOf(message));
  stream.end(message);
}

function headerOf(message: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(message.length, 1);
  return header;
}
