import type { Session } from "../../configuration";
import { ResourceError, type Values, validate, type Warning } from "../../framework";
import { lookups } from "../../resources";
import { hostError } from "./failure";
import { type OpenConfiguration, Sessions } from "./sessions";

const sessions = new Sessions();
const open = new Map<string, OpenConfiguration>();

/**
 * The answer to a lookup. All lookups of a program that are given the same settings share one session, and with it what they
 * read. One that finds nothing may ask for what the program has made meanwhile: it looks again in a session of its own.
 * @param settings values by configuration key, and under `arguments` which of them are arguments of a provider
 * @throws HostError
 */
export async function answer(
  name: string,
  args: Values,
  settings: Values,
  warn: (warning: Warning) => void,
): Promise<Values> {
  const key = JSON.stringify(settings);
  const known = open.get(key);
  const configuration = known ?? configured(settings);
  open.set(key, configuration);
  try {
    return await ask(await configuration.session(), name, args, warn);
  } catch (error) {
    if (!known || !(error instanceof ResourceError) || error.code !== "missing") throw hostError(error);
  }
  const again = configured(settings);
  open.set(key, again);
  try {
    return await ask(await again.session(), name, args, warn);
  } catch (error) {
    throw hostError(error);
  }
}

const configured = (settings: Values): OpenConfiguration =>
  sessions.configure("lookup", { get: (key) => settings[key.slice("meshery:".length)] });

async function ask(session: Session, name: string, args: Values, warn: (warning: Warning) => void): Promise<Values> {
  const lookup = lookups.find((one) => one.name === name);
  if (!lookup) throw new Error(`there is no lookup ${name}`);
  const problem = validate(lookup, name, args)[0];
  if (problem) {
    throw new ResourceError("invalid-input", {
      resource: name,
      field: problem.field,
      what: problem.message.replace(/\.$/, ""),
      hint: "",
    });
  }
  return lookup.read(session.context(warn), args);
}
