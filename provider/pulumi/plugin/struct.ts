import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./codec";

/** Properties in protocol form. */
export const toStruct = (properties: Properties): Struct =>
  Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);

/** Properties out of protocol form; undefined where the engine sent none, which means something in places. */
export const fromStruct = (struct: Struct | undefined): Properties | undefined =>
  struct?.toJavaScript() as Properties | undefined;
