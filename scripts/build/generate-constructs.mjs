// Generates the constructs of one flavour; a process of its own, because the generator starts an engine at import and two
// generators do not share a process. Arguments: generator package, schema file, target folder, version.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const [generator, schemaFile, target, version] = process.argv.slice(2);
const { CodeMaker, TerraformProviderConstraint, TerraformProviderGenerator } = require(generator);

const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
const [source] = Object.keys(schema.provider_schemas);
const code = new CodeMaker();
const [major, minor] = version.split(".");
new TerraformProviderGenerator(code, { ...schema, provider_versions: { [source]: version } }).generate(
  new TerraformProviderConstraint(`meshery/meshery@~> ${major}.${minor}.0`),
);
await code.save(target);

// The generator nests its files by provider; a package of one provider has no use for that.
cpSync(join(target, "providers", "meshery"), target, { recursive: true });
rmSync(join(target, "providers"), { recursive: true, force: true });
const folders = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isDirectory());
writeFileSync(join(target, "index.ts"), folders.map(({ name }) => `export * from "./${name}/index";\n`).join(""));
process.exit(0);
