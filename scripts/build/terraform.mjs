// The Terraform provider. What the handshake needs is one small file, which carries the schema already encoded; the rest is
// loaded at the first call that needs it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apart, LIBRARIES } from "./apart.mjs";
import { bundle, load } from "./bundle.mjs";

/** Modules that become files of their own beside the entry: what a process does not need, it does not read. */
const apartOf = (handlers) => ({
  "./handlers": { file: "./handlers.cjs", entry: handlers },
  "./generated/tfplugin6": { file: "./codec.cjs", entry: "provider/terraform/protocol/generated/tfplugin6.js" },
  ...LIBRARIES,
});

export async function buildTerraform({ dist }) {
  const work = join(dist, ".build");
  const target = join(dist, "terraform");
  rmSync(target, { recursive: true, force: true });
  for (const folder of [work, target]) mkdirSync(folder, { recursive: true });
  await bundleProvider({ target, work, handlers: "provider/terraform/provider/handlers.ts" });
}

/**
 * Bundles the provider with these handlers into a folder that is there; `work` is for what is only needed meanwhile, `plugins` are
 * for what a test replaces.
 */
export async function bundleProvider({ target, work, handlers, plugins = [] }) {
  const { encodedSchema, schemaJson } = await load(
    "provider/terraform/packaging/prebuild.ts",
    join(work, "terraform-schema.cjs"),
    plugins,
  );
  writeFileSync(join(target, "schema.json"), JSON.stringify(schemaJson(), null, 2));
  const modules = apartOf(handlers);
  await Promise.all([
    bundle({
      entry: "provider/terraform/provider/main.ts",
      outfile: join(target, "provider.cjs"),
      define: { PREBUILT_SCHEMA: JSON.stringify(Buffer.from(await encodedSchema()).toString("base64")) },
      plugins: [...plugins, apart(modules)],
    }),
    ...Object.values(modules).map(({ file, ...options }) =>
      bundle({ ...options, outfile: join(target, file), plugins: [...plugins, apart(modules)] }),
    ),
  ]);
}
