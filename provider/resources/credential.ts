import * as z from "zod";
import { name, optional, required } from "../framework";
import { adoptionFields } from "./shared/adoption";
import { ownerField } from "./shared/existence";
import { lookupAll, lookupOne } from "./shared/lookups";
import { objectResource } from "./shared/objectResource";
import { objectType } from "./shared/objectType";
import { hiddenTexts, text } from "./shared/wire";

export const credentials = objectType({
  name: "Credential",
  path: "/api/integrations/credentials",
  rows: "credentials",
  idInQuery: "credentialId",
  identity: ["type", "name"],
  exampleId: "5f2c9d1e-7a34-4b86-9c0d-1e8f6a2b4c57",
  fields: {
    name: required(name(255), {
      description: "Name; together with `type` it says which credential it is.",
      example: "prometheus-basic-auth",
      wire: text("name"),
    }),
    type: required(name(255), {
      description:
        "What kind of secret it is, for instance `token`, `basic` or `kubernetes`. Changing it makes a new credential.",
      onChange: "replace",
      example: "basic",
      wire: text("type"),
    }),
    secret: optional(z.record(z.string(), z.string()), {
      description:
        "The secret, as texts by key. It is sent and never read back: a change of it by hand is not seen. Left out it is not managed, and the credential cannot be changed.",
      compare: "whole",
      secret: true,
      writeOnly: true,
      versionField: "secretVersion",
      wire: hiddenTexts("secret"),
    }),
    secretVersion: optional(z.number(), {
      description:
        "A number of the program's own, to be raised with every new `secret`. Terraform keeps no secret, so only this says that it is to be sent again; Pulumi also sees that the secret itself changed. All connections that use the credential then have the new one.",
    }),
    ...adoptionFields(
      "credential",
      "connections use it",
      "they then name one that is gone, until they are given another",
    ),
    owner: ownerField("credential", "userId", "owner"),
  },
});

export const Credential = objectResource(credentials, {
  description:
    "A credential: the secret with which Meshery signs in to what it connects to. It stands by itself, and any number of connections share it by their `credentialId`; a new version of its secret reaches all of them. It belongs to the user of the token, and is not deleted with an environment or a connection. One that connections still use is not deleted.",
});

export const getCredential = lookupOne(credentials, {
  description:
    "One credential of the token's user, by id or exact name, narrowed by type. Its secret is never returned.",
  filters: ["type"],
});

export const getCredentials = lookupAll(credentials, {
  description: "Every credential of the token's user, narrowed by type. Their secrets are never returned.",
  filters: ["type"],
});
