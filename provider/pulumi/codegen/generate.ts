/**
 * What `meshery-iac/pulumi` has for each declaration, written at build, so that a program loads nothing of the declarations
 * themselves.
 */
import { lookups, resources } from "../../resources";
import { providerArguments } from "./configuration";
import { lookupFunctions } from "./lookupFunctions";
import { resourceClass } from "./resourceClass";

/** The generated modules, by their file names. */
export const generatedModules = (): Record<string, string> => ({
  "classes.ts": module([
    'import type * as pulumi from "@pulumi/pulumi";',
    'import { type LookupOptions, lookUp, lookUpOutput } from "../lookups";',
    'import { dynamicType, MesheryResource } from "../resource";',
    ...resources.map(resourceClass),
    ...lookups.map(lookupFunctions),
  ]),
  "configuration.ts": module(['import type * as pulumi from "@pulumi/pulumi";', providerArguments()]),
});

const module = (parts: readonly string[]): string =>
  ["// Generated from the declarations in provider/. Do not edit.", ...parts, ""].join("\n\n");
