/**
 * What has no place in a report, since it shows nothing or shows another text than there is: control and format characters (among
 * them those that turn the direction of writing), line and paragraph separators.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** Tokens of the form that servers of this kind give: never a name. */
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const SHORTEST_PART = 6;
const LONGEST = 300;

/** A text of a plan or a server as people may see it. */
export function cleaner(secrets: Iterable<string | undefined>): (text: string) => string {
  const hidden = [...new Set(secrets)].filter((secret): secret is string => secret !== undefined && secret !== "");
  const parts = hidden.filter(({ length }) => length >= SHORTEST_PART).sort((a, b) => b.length - a.length);
  const whole = new Set(hidden);
  return (text) => {
    if (whole.has(text)) return "(sensitive)";
    let shown = text;
    for (const part of parts) shown = shown.replaceAll(part, "(sensitive)");
    shown = shown.replace(TOKEN, "(sensitive)").replace(INVISIBLE, " ").trim();
    const characters = [...shown];
    return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : shown;
  };
}

/** The same for every text in a value. */
export function cleaned<Value>(value: Value, clean: (text: string) => string): Value {
  if (typeof value === "string") return clean(value) as Value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [clean(key), cleaned(member as unknown, clean)]),
  ) as Value;
}
