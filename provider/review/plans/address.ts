/** One step of an address: `module`, `m["ws1"]`, `meshery_environment`, `stage[0]`, `id`. */
export interface Step {
  name: string;
  key?: Key;
}
export type Key = string | number;

const STEP = /([^.[\]"]+)(?:\[("(?:[^"\\]|\\.)*"|[0-9]+)\])?(?:\.|$)/y;

/** The steps of an address or a reference; undefined where it is of another form. */
export function stepsOf(address: string): Step[] | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < address.length) {
    const match = STEP.exec(address);
    if (!match) return undefined;
    const key = match[2];
    if (key === undefined) steps.push({ name: match[1]! });
    else steps.push({ name: match[1]!, key: key.startsWith('"') ? unquoted(key) : Number(key) });
  }
  return steps;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text.replaceAll("$${", "${").replaceAll("%%{", "%{")) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/** An address, as the engine writes it. */
export const addressOf = (steps: readonly Step[]): string => steps.map(stepText).join(".");

function stepText({ name, key }: Step): string {
  if (key === undefined) return name;
  return `${name}[${typeof key === "number" ? key : quoted(key)}]`;
}

const quoted = (key: string): string => JSON.stringify(key).replaceAll("${", "$${").replaceAll("%{", "%%{");

/** The references of an expression without those that only lead to another one: `a.b.id` is listed with `a.b`. */
export const longest = (references: readonly string[]): string[] =>
  [...new Set(references)].filter(
    (one, _, all) =>
      !all.some((other) => other.length > one.length && /^[.[]/.test(other.slice(one.length)) && other.startsWith(one)),
  );
