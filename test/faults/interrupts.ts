import type { Engine } from "../support/engines";
import type { Tally } from "./play";

export async function playInterrupt(_seed: number, _engine?: Engine["name"]): Promise<Tally> {
  throw new Error("not yet");
}
