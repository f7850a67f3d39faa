/** How the client proves who it is, and what must never be printed. */
export interface Credentials {
  /** A token of Meshery Server or Meshery Cloud; undefined for the Local provider. */
  token?: string | undefined;
  /** The provider that signs the user in: `Meshery`, `Layer5`, `Local`, ... */
  mesheryProvider?: string | undefined;
}

/**
 * Headers for one request. Meshery Server reads only the cookies `token` and `meshery-provider`; Meshery Cloud reads only
 * the Bearer header. Both are sent, since neither server objects to the other's.
 */
export function authenticationHeaders({ token, mesheryProvider }: Credentials): Record<string, string> {
  const cookies: string[] = [];
  if (token) cookies.push(`token=${cookieValue(token)}`);
  if (mesheryProvider) cookies.push(`meshery-provider=${cookieValue(mesheryProvider)}`);
  return {
    ...(cookies.length > 0 ? { cookie: cookies.join("; ") } : {}),
    ...(token ? { authorization: `Bearer ${bearerToken(token)}` } : {}),
  };
}

/** A cookie value may hold no blank, quote, comma, semicolon or backslash; those are percent-encoded. */
function cookieValue(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a header must not carry control characters.
  return text.replace(/[\u0000-\u0020",;\\\u007f-\uffff]/g, (c) => encodeURIComponent(c));
}

/**
 * The raw access token: what mesheryctl stores is either a JWT or unpadded base64 of a JSON with `access_token`; the
 * cookie takes both, the Bearer header only the first.
 */
function bearerToken(token: string): string {
  const inner = accessToken(token);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a header must not carry control characters.
  return (inner ?? token).replace(/[\u0000-\u001f\u007f]/g, "");
}

function accessToken(token: string): string | undefined {
  if (token.split(".").length === 3) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64").toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && "access_token" in parsed) {
      return typeof parsed.access_token === "string" ? parsed.access_token : undefined;
    }
  } catch {
    // Not the JSON form: the token is used as it is.
  }
  return undefined;
}

/** A function that removes secrets, in each form they may be echoed in, from text that is about to be shown. */
export function redactor(secrets: readonly (string | undefined)[], shown = "[token]"): (text: string) => string {
  const forms = secrets.flatMap((secret) => (secret ? [secret, accessToken(secret) ?? ""] : []));
  const longestFirst = [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return (text) => text;
  const echoed = new RegExp(longestFirst.map((form) => [...form].map(anySpelling).join("")).join("|"), "gu");
  return (text) => text.replace(echoed, shown);
}

const HTML_NAMES: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };

/** A pattern for one character as it is, or encoded for a URL, for JSON or for HTML: servers echo what they got in each. */
function anySpelling(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const anyCase = (hex: string) => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  const spellings = [
    [...Buffer.from(character)].map((byte) => anyCase(`%${byte.toString(16).padStart(2, "0")}`)).join(""),
    `\\\\u${anyCase(hex.padStart(4, "0"))}`,
    `&#0*(?:${code}|[xX]0*${anyCase(hex)});`,
    ...(HTML_NAMES[character] ? [`&${HTML_NAMES[character]};`] : []),
    ...(character === "+" ? [" "] : []),
    `\\\\?\\u{${hex}}`,
  ];
  return `(?:${spellings.join("|")})`;
}

/** The value of the cookie `token` in Set-Cookie headers: the server refreshes tokens that way. */
export function refreshedToken(setCookie: readonly string[] | undefined): string | undefined {
  for (const line of setCookie ?? []) {
    const match = /^token=([^;]*)/.exec(line);
    if (!match?.[1] || /max-age=(0|-\d+)\b/i.test(line)) continue;
    try {
      return decodeURIComponent(match[1]);
    } catch {
      return match[1];
    }
  }
  return undefined;
}
