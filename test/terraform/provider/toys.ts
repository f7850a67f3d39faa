import * as z from "zod";
import { type AnyResource, flag, name, optional, output, recorded, required, text } from "../../../provider/framework";
import { Lifecycle } from "../../../provider/run/lifecycle";
import type { Resource } from "../../../provider/terraform/provider/declared";
import { attributesOfResource } from "../../../provider/terraform/provider/schema";

const unused = () => Promise.reject(new Error("a plan calls no function of a resource"));
const declared = (definition: Pick<AnyResource, "name" | "fields"> & Partial<AnyResource>): Resource => ({
  lifecycle: new Lifecycle({
    description: "",
    identity: [],
    importForms: [],
    create: unused,
    read: unused,
    update: unused,
    delete: unused,
    import: unused,
    ...definition,
  }),
  attributes: attributesOfResource(definition),
});

/** An object with a field of each kind and role. */
export const thing = declared({
  name: "Thing",
  identity: ["organizationId", "name"],
  fields: {
    name: required(name(100), { description: "" }),
    description: optional(text(100), { description: "" }),
    organizationId: recorded(z.string(), { description: "", onChange: "replace" }),
    kind: required(z.enum(["big", "small"]), { description: "", onChange: "replace" }),
    size: optional(z.number(), { description: "" }),
    labels: optional(z.record(z.string(), z.string()), { description: "" }),
    password: optional(z.string(), { description: "", secret: true, writeOnly: true, versionField: "passwordVersion" }),
    passwordVersion: optional(z.number(), { description: "" }),
    adopt: flag({ description: "", defaultValue: false }),
    adopted: output(z.boolean(), { description: "" }),
    owner: output(z.string(), { description: "" }),
  },
});

/** An edge between two things. */
export const link = declared({
  name: "Link",
  ends: [
    { resource: "Thing", id: "fromId", names: ["fromName"] },
    { resource: "Thing", id: "toId", names: ["toName"] },
  ],
  fields: {
    fromId: required(z.string(), { description: "", onChange: "end" }),
    toId: required(z.string(), { description: "", onChange: "end" }),
    fromName: output(z.string(), { description: "" }),
  },
});
