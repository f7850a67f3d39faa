import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import {
  type AnyLookup,
  type AnyResource,
  name,
  optional,
  required,
  type State,
  type Values,
} from "../../../provider/framework";
import { Lifecycle } from "../../../provider/run/lifecycle";

// A service that keeps passwords in the file that SECRETS names, for a provider with a write-only attribute.

const file = () => process.env.SECRETS!;
const kept = (): Record<string, unknown> => JSON.parse(readFileSync(file(), "utf8")) as Record<string, unknown>;

async function put({ name, password, passwordVersion }: Values): Promise<State> {
  writeFileSync(file(), JSON.stringify({ ...kept(), [String(name)]: password }));
  return { id: String(name), name, password, passwordVersion };
}

const Secret: AnyResource = {
  name: "Secret",
  description: "A secret.",
  identity: ["name"],
  importForms: [],
  fields: {
    name: required(name(100), { description: "Name.", onChange: "replace" }),
    password: optional(z.string(), {
      description: "Password.",
      secret: true,
      writeOnly: true,
      versionField: "passwordVersion",
    }),
    passwordVersion: optional(z.number(), { description: "A new one sends the password again." }),
  },
  create: (_context, inputs) => put(inputs),
  // It says more than it should, as a service might.
  read: async (_context, state) => ({ ...state, password: kept()[state.id] }),
  update: (_context, _state, inputs) => put(inputs),
  delete: async (_context, { id }) => {
    const { [id]: _, ...others } = kept();
    writeFileSync(file(), JSON.stringify(others));
  },
  import: async (_context, id) => ({ id, name: id, password: kept()[id] }),
};

export const resources = [Secret];
export const lookups: AnyLookup[] = [];
export const lifecycles = new Map(resources.map((definition) => [definition.name, new Lifecycle(definition)]));
