import { loadMessages } from "../protocol/codec";
import { SOURCE } from "../provider/names";
import { schemaJson as jsonOf, providerSchema } from "../provider/schema";

/** What the build derives from the declarations: the encoded answer to GetProviderSchema. */
export async function encodedSchema(): Promise<Uint8Array> {
  const { GetProviderSchema } = await loadMessages();
  return GetProviderSchema.Response.encode(providerSchema()).finish();
}

/** The schema as `terraform providers schema -json` prints it. */
export const schemaJson = () => jsonOf(`registry.terraform.io/${SOURCE}`);
