import type { dynamic } from "@pulumi/pulumi";
import { lifecycles } from "../../resources";
import { DynamicProvider } from "./provider";
import { Sessions } from "./sessions";

const sessions = new Sessions();

/**
 * What `meshery-iac/dynamic` exports: a provider for each type of resource, by its name. Users' state names this module and these
 * names (`exports.handler=()=>require("meshery-iac/dynamic").Environment;`), so neither may ever change.
 */
export const providers: Readonly<Record<string, dynamic.ResourceProvider>> = Object.fromEntries(
  [...lifecycles].map(([name, lifecycle]) => [name, new DynamicProvider(lifecycle, sessions)]),
);
