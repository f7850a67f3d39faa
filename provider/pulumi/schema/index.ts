import { lookups, resources } from "../../resources";
import { configurationSection } from "./configuration";
import { functionSpec } from "./functions";
import { GO_MODULE, NODE_PACKAGE, PYTHON_PACKAGE } from "./names";
import { resourceSpec } from "./resources";
import type { PackageSpec, TypeSpecs } from "./spec";
import { functionToken, resourceToken } from "./tokens";

/** What of package.json stands in the schema too. */
export interface PackageFacts {
  version: string;
  license: string;
  homepage?: string;
  /** npm's form of it: `git+https://...git`. */
  repository?: { url: string };
}

/**
 * The package as Pulumi's tools know it: what can be declared and asked, with types, documentation and examples, all of it from
 * the declarations. SDKs, YAML's checks, imported code and the Registry's pages are made from it.
 */
export function pulumiSchema({ version, license, homepage, repository }: PackageFacts): PackageSpec {
  const types: TypeSpecs = {};
  return {
    name: "meshery",
    displayName: "Meshery",
    version,
    description: "Meshery environments, connection assignments and workspace bindings as code.",
    keywords: ["meshery", "kubernetes", "category/infrastructure", "kind/native"],
    homepage: homepage ?? "https://meshery.io",
    ...(repository ? { repository: repository.url.replace(/^git\+|\.git$/g, "") } : {}),
    license,
    publisher: "Meshery",
    meta: { moduleFormat: "(.*)", supportPack: true },
    ...configurationSection(),
    resources: Object.fromEntries(
      resources.map((definition) => [resourceToken(definition.name), resourceSpec(definition, types)]),
    ),
    functions: Object.fromEntries(lookups.map((lookup) => [functionToken(lookup.name), functionSpec(lookup, types)])),
    types,
    language: {
      nodejs: { packageName: NODE_PACKAGE, packageDescription: "", respectSchemaVersion: true },
      python: {
        packageName: PYTHON_PACKAGE,
        pyproject: { enabled: true },
        respectSchemaVersion: true,
      },
      go: {
        importBasePath: GO_MODULE,
        generateResourceContainerTypes: true,
        respectSchemaVersion: true,
      },
      csharp: { packageReferences: { Pulumi: "3.*" }, respectSchemaVersion: true },
      java: {},
    },
  };
}

/** The text of schema.json. */
export const schemaText = (facts: PackageFacts): string => `${JSON.stringify(pulumiSchema(facts), null, 2)}\n`;
