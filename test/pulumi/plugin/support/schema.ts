import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageSpec } from "../../../../provider/pulumi/schema/spec";
import { root } from "./plugin";

/** schema.json as it is committed. */
export const schema = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as PackageSpec;
