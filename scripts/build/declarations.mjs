// Declaration files, for what ships and for the reports of the public interface.
import { join } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";
import ts from "typescript";
import { root } from "./bundle.mjs";

/** For each module one text with what it exports, and what that needs; it imports these packages alone. */
export function declarations(modules, imports) {
  const output = { exportReferencedTypes: false, noBanner: true };
  const libraries = { importedLibraries: imports };
  const entries = modules.map((filePath) => ({ filePath, libraries, output }));
  return generateDtsBundle(entries, { preferredConfigPath: join(root, "tsconfig.json") });
}

/** Ends the build with the first errors of the compiler, as it words them. */
export function throwErrors(diagnostics) {
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors.slice(0, 10), FORMAT));
}

const FORMAT = {
  getCanonicalFileName: (file) => file,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};
