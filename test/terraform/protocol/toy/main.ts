import { serve } from "../../../../provider/terraform/protocol/serve";

// A provider without a service behind it, to try the runtime with: see provider.ts.
void serve({
  name: "terraform-provider-toy 1.0.0",
  hint: "Try `toy install` instead.",
  handlers: async () => (await import("./provider")).handlers,
  prebuilt: { GetProviderSchema: async () => (await import("./schema")).providerSchema() },
  shutdownGraceMs: process.env.TOY_SHUTDOWN_GRACE_MS ? Number(process.env.TOY_SHUTDOWN_GRACE_MS) : undefined,
});
