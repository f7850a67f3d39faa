// The Terraform provider: one bundle that carries its schema already encoded.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, load } from "./bundle.mjs";

export async function buildTerraform({ dist }) {
  const work = join(dist, ".build");
  mkdirSync(work, { recursive: true });
  mkdirSync(join(dist, "terraform"), { recursive: true });
  const { encodedSchema, schemaJson } = await load(
    "provider/terraform/prebuild.ts",
    join(work, "terraform-schema.cjs"),
  );
  writeFileSync(join(dist, "terraform", "schema.json"), JSON.stringify(schemaJson(), null, 2));
  await bundle({
    entry: "provider/terraform/main.ts",
    outfile: join(dist, "terraform", "provider.cjs"),
    define: { PREBUILT_SCHEMA: JSON.stringify(Buffer.from(await encodedSchema()).toString("base64")) },
  });
}
