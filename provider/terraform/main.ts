import { serve } from "./protocol/serve";

/** Put in at build: the encoded schema, and the version. */
declare const PREBUILT_SCHEMA: string;
declare const VERSION: string;

void serve({
  name: `terraform-provider-meshery ${VERSION}`,
  hint: "To let terraform or tofu find it, run: npx meshery-iac terraform install",
  prebuilt: { GetProviderSchema: () => Buffer.from(PREBUILT_SCHEMA, "base64") },
  handlers: async () => (await import("./provider")).handlers(process.env, VERSION),
});
