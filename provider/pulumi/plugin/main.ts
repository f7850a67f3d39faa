import { join } from "node:path";
import { serve } from "./serve";

/** Put in at build. */
declare const VERSION: string;

if (process.argv.includes("--version")) process.stdout.write(`${VERSION}\n`);
else serve({ version: VERSION, schemaFile: join(__dirname, "schema.json") });
