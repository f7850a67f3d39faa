import { setFlagsFromString } from "node:v8";
import { serve } from "../protocol/serve";

/** Put in at build: the encoded schema, and the version. */
declare const PREBUILT_SCHEMA: string;
declare const VERSION: string;

void serve({
  name: `terraform-provider-meshery ${VERSION}`,
  hint: "To let terraform or tofu find it, run: npx meshery-iac terraform install",
  prebuilt: { GetProviderSchema: () => Buffer.from(PREBUILT_SCHEMA, "base64") },
  handlers: async () => {
    staySmall();
    return (await import("./handlers")).handlers(process.env, VERSION);
  },
});

/**
 * Keeps Node's memory for young objects at its first size. It would grow to sixteen times that, which is for servers that never
 * rest: thousands of edges are refreshed about as fast without, and the provider stays a quarter smaller. Not a flag of the
 * start, since Node has to compile its own modules again under any flag of its engine: 18 ms at every start.
 */
function staySmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
