import { connect, constants } from "node:http2";
import { frame, MessageReader } from "./framing";
import { RpcError, Status } from "./status";

export interface Call {
  /** `host:port`; spoken to in plain HTTP/2. */
  address: string;
  /** "/package.Service/Method". */
  path: string;
  request: Uint8Array;
  /** Milliseconds for all of it. */
  deadline: number;
}

const LONGEST_ANSWER = 4 << 20;

/** One call with one request and one response, on a connection of its own. Gives the response; throws RpcError. */
export function call({ address, path, request, deadline }: Call): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address}`);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      session.destroy();
      settle();
    };
    const fail = (status: Status, message: string) => end(() => reject(new RpcError(status, message)));
    const timer = setTimeout(() => fail(Status.Cancelled, `${address} did not answer in time`), deadline);
    session.on("error", (error) => fail(Status.Unknown, error.message));
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      [constants.HTTP2_HEADER_TE]: "trailers",
    });
    const reader = new MessageReader(LONGEST_ANSWER);
    let status: unknown;
    let said: unknown;
    const note = (headers: Record<string, unknown>) => {
      status = headers["grpc-status"] ?? status;
      said = headers["grpc-message"] ?? said;
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.on("error", (error) => fail(Status.Unknown, error.message));
    stream.on("data", (chunk: Buffer) => {
      try {
        reader.add(chunk);
      } catch (error) {
        end(() => reject(error));
      }
    });
    stream.on("end", () => {
      if (String(status) !== "0") return fail(Number(status ?? Status.Unknown), String(said ?? "no status"));
      try {
        const response = reader.onlyMessage();
        end(() => resolve(response));
      } catch (error) {
        end(() => reject(error));
      }
    });
    stream.end(frame(request));
  });
}
