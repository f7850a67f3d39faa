/**
 * One text per value: equal values give equal texts, whatever the order of their members. `known` is false if any part
 * is the sentinel.
 */
export function canonicalText(value: unknown, unknown: unknown): { text: string; known: boolean } {
  let known = true;
  const write = (part: unknown): string => {
    if (part === unknown) {
      known = false;
      return "?";
    }
    if (part === null || part === undefined) return "null";
    if (typeof part === "bigint") return String(part);
    if (part instanceof Uint8Array) return `bytes ${Buffer.from(part).toString("base64")}`;
    if (Array.isArray(part)) return `[${part.map(write).join(",")}]`;
    if (typeof part !== "object") return JSON.stringify(part);
    const members = Object.entries(part).map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
    return `{${members.sort().join(",")}}`;
  };
  return { text: write(value), known };
}
