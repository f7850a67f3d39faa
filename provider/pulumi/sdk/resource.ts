import * as pulumi from "@pulumi/pulumi";
import { runError } from "./runError";
import { noteConfiguration } from "./stackConfiguration";

/**
 * The code that the engine keeps for each resource: one line that leads to the installed package, so that state stays small, an
 * upgrade shows no difference, and old state runs new code. Users' state holds it: this text never changes.
 */
export const providerCode = (resource: string): string =>
  `exports.handler=()=>require("meshery-iac/dynamic").${resource};`;

/** The type that stands in users' state. */
export const dynamicType = (resource: string): string => `pulumi-nodejs:dynamic/meshery:${resource}`;

/** What a class says about its resource beside its types. */
export interface ResourceShape {
  readonly name: string;
  /** Every output, inputs included. */
  readonly outputs: readonly string[];
  /** Inputs and outputs that are secret. */
  readonly secrets: readonly string[];
}

/** What all resources of Meshery have in common. */
export abstract class MesheryResource extends pulumi.CustomResource {
  /** @internal */
  protected constructor(
    shape: ResourceShape,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    if (opts?.import !== undefined) {
      throw runError(
        `${shape.name} "${name}": Pulumi cannot import a dynamic resource. To take over what exists, set adopt: true (assignments and bindings that exist are taken over without it) and remove the option import.`,
      );
    }
    noteConfiguration();
    const inputs: Record<string, unknown> = { ...args };
    for (const secret of shape.secrets) {
      if (inputs[secret] !== undefined) inputs[secret] = pulumi.secret(inputs[secret]);
    }
    super(
      dynamicType(shape.name),
      name,
      {
        ...Object.fromEntries(shape.outputs.map((output) => [output, undefined])),
        ...inputs,
        __provider: providerCode(shape.name),
      },
      {
        ...alwaysDeleted(opts),
        ...(shape.secrets.length === 0 ? {} : { additionalSecretOutputs: secretOutputs(shape, opts) }),
      },
    );
  }
}

/**
 * Options without `deletedWith` where it names something of Meshery. The engine would drop the record without a word to the
 * provider, which could not tell what was this program's from what others made: nothing of Meshery is removed by removing
 * something else.
 */
export function alwaysDeleted<Options extends pulumi.ResourceOptions>(opts: Options | undefined): Options | undefined {
  if (!(opts?.deletedWith instanceof MesheryResource)) return opts;
  const { deletedWith: _, ...others } = opts;
  return others as Options;
}

const secretOutputs = (shape: ResourceShape, opts: pulumi.CustomResourceOptions | undefined): string[] => [
  ...new Set([...(opts?.additionalSecretOutputs ?? []), ...shape.secrets]),
];
