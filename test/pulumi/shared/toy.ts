import * as z from "zod";
import {
  type Context,
  optional,
  output,
  required,
  type State,
  setOf,
  text,
  type Values,
} from "../../../provider/framework";
import { Lifecycle } from "../../../provider/run/lifecycle";
import { RunState } from "../../../provider/run/runState";

const fields = {
  name: required(text(50), { description: "Its name.", example: "bear" }),
  tags: optional(setOf(text(20)), { description: "Its tags.", example: ["soft", "brown"] }),
  size: optional(z.enum(["small", "very large"]), { description: "How large it is.", example: "small" }),
  password: required(text(50), { description: "Opens it.", writeOnly: true, versionField: "passwordVersion" }),
  passwordVersion: optional(z.number(), { description: "Changes with the password." }),
  serial: output(z.string(), { description: "Its number." }),
};

/** A resource with all that no resource of Meshery has yet: a set, a choice and a write-only value; and its own store. */
export function toyBox() {
  const store = new Map<string, Values>();
  const passwords: unknown[] = [];
  const put = (id: string, { password, ...values }: Values): State => {
    passwords.push(password);
    store.set(id, { ...values, serial: `no. ${id}` });
    return { ...store.get(id), id };
  };
  const definition = {
    name: "Toy",
    description: "A toy.",
    fields,
    identity: ["name"],
    importForms: [{ form: "<id>", example: "1" }],
    create: async (_: Context, inputs: Values) => put(String(store.size + 1), inputs),
    read: async (_: Context, { id }: State) => {
      const found = store.get(id);
      return found && { ...found, id };
    },
    update: async (_: Context, { id }: State, inputs: Values) => put(id, inputs),
    delete: async (_: Context, { id }: State) => void store.delete(id),
    import: async (_: Context, id: string) => ({ ...store.get(id), id }),
  };
  const context = { run: new RunState(), warn: () => undefined } as unknown as Context;
  return { definition, lifecycle: new Lifecycle(definition), context, store, passwords };
}
