import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder of this package: the nearest one above this file that has a package.json. */
export const packageRoot: string = (() => {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error("meshery-iac: its own package.json was not found");
    folder = above;
  }
  return folder;
})();
