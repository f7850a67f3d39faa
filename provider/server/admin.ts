import type { IncomingMessage } from "node:http";
import type { Reply } from "./call";
import type { MesheryServer } from "./mesheryServer";

/** Placeholder of the administration routes. */
export async function administer(
  _server: MesheryServer,
  _request: IncomingMessage,
  _path: string,
  _body: Buffer,
): Promise<Reply> {
  return { status: 404, json: { error: "no such route" } };
}
