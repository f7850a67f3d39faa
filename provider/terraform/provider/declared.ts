import type { AnyLookup, State, Values } from "../../framework";
import { RpcError, Status } from "../../grpc/status";
import { lifecycles, lookups } from "../../resources";
import type { Lifecycle } from "../../run/lifecycle";
import type { DynamicValue } from "../protocol/codec";
import { dataSourceType, resourceType } from "./names";
import { type Attributes, dataSourceAttributes, resourceAttributes } from "./schema";
import { decodeValue, toFields } from "./values";

/** A resource as Terraform knows it. */
export interface Resource {
  lifecycle: Lifecycle;
  attributes: Attributes;
}

export interface DataSource {
  lookup: AnyLookup;
  attributes: Attributes;
}

const lifecycleByType = new Map(
  [...lifecycles.values()].map((lifecycle) => [resourceType(lifecycle.definition.name), lifecycle]),
);
const lookupByType = new Map(lookups.map((lookup) => [dataSourceType(lookup.name), lookup]));

export function resourceOf(type: string): Resource {
  const lifecycle = lifecycleByType.get(type);
  const attributes = resourceAttributes.get(type);
  if (!lifecycle || !attributes) throw new RpcError(Status.Internal, `there is no resource type ${type}`);
  return { lifecycle, attributes };
}

export function dataSourceOf(type: string): DataSource {
  const lookup = lookupByType.get(type);
  const attributes = dataSourceAttributes.get(type);
  if (!lookup || !attributes) throw new RpcError(Status.Internal, `there is no data source ${type}`);
  return { lookup, attributes };
}

export const inputsOf = (attributes: Attributes, config: DynamicValue | null | undefined): Values =>
  toFields(attributes, decodeValue(attributes, config) ?? {});

export function stateOf(attributes: Attributes, value: DynamicValue | null | undefined): State | undefined {
  const object = decodeValue(attributes, value);
  return object === null ? undefined : (toFields(attributes, object) as State);
}
