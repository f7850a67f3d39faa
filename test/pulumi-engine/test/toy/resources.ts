/** The toy's library for programs: dynamic things, things of the plugin, and its function. */
import * as pulumi from "@pulumi/pulumi";

export interface ThingArgs {
  name: pulumi.Input<string>;
  zone?: pulumi.Input<string>;
  size?: pulumi.Input<string | number>;
  password?: pulumi.Input<string>;
  friend?: pulumi.Input<string>;
  note?: pulumi.Input<string>;
  deleteFirst?: pulumi.Input<boolean>;
}

const STUB = 'exports.handler=()=>require("toy/dynamic").thing;';

export class DynamicThing extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly serial: pulumi.Output<number>;

  constructor(name: string, args: ThingArgs | undefined, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, name: args?.name, serial: undefined, __provider: STUB };
    super("pulumi-nodejs:dynamic/toy:Thing", name, inputs, options);
  }

  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): DynamicThing {
    return new DynamicThing(name, undefined, { ...options, id });
  }
}

export class DynamicProvider extends pulumi.ProviderResource {
  constructor(name: string, config: Record<string, pulumi.Input<string>>, options?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, config, options);
  }
}

export class Thing extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly serial: pulumi.Output<number>;

  constructor(name: string, args: ThingArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super("toy:index:Thing", name, { ...args, name: args?.name, serial: undefined }, options);
  }

  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): Thing {
    return new Thing(name, undefined, { ...options, id });
  }
}

export class ToyProvider extends pulumi.ProviderResource {
  constructor(
    name: string,
    config: { url?: pulumi.Input<string>; token?: pulumi.Input<string> },
    options?: pulumi.ResourceOptions,
  ) {
    super("toy", name, config, options);
  }
}

export class Group extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("toy:index:Group", name, {}, options);
  }

  finish(outputs: pulumi.Inputs): void {
    this.registerOutputs(outputs);
  }
}

export function getThing(
  args: { name: string },
  options?: pulumi.InvokeOptions,
): Promise<{ id: string; serial: number }> {
  return pulumi.runtime.invoke("toy:index:getThing", args, options);
}

export function getThingOutput(args: { name: pulumi.Input<string> }, options?: pulumi.InvokeOutputOptions) {
  return pulumi.runtime.invokeOutput("toy:index:getThing", args, options);
}
