import fc from "fast-check";
import { redactor } from "../../provider/client";
import { MesheryServer } from "../support/meshery";
import { benchFor } from "../support/session";
import { typed } from "../support/typedMeshery";

/** The characters of tokens: JWT, base64 in both alphabets, and what else a person may have chosen. */
const token = fc.string({
  minLength: 16,
  maxLength: 120,
  unit: fc.constantFrom(..."ABCxyz0189+/=-_.~!*'$&<>\"\\% ;,é"),
});

/** How servers and proxies repeat what they were sent. */
const encodings: Record<string, (text: string) => string> = {
  raw: (text) => text,
  url: encodeURIComponent,
  "url, lower case": (text) => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  "url, path only": encodeURI,
  json: (text) => JSON.stringify(text).slice(1, -1),
  "json of a cautious encoder": (text) =>
    text.replace(/[^A-Za-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  html: (text) => text.replace(/[^A-Za-z0-9]/g, (c) => `&#${c.charCodeAt(0)};`),
  "html, named": (text) =>
    text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!),
};

/** The longest piece of the secret, as it is, that stands in the text. */
function longestPiece(secret: string, text: string): number {
  for (let length = secret.length; length > 0; length--)
    for (let at = 0; at + length <= secret.length; at++)
      if (text.includes(secret.slice(at, at + length))) return length;
  return 0;
}

describe("a token that a server repeats", () => {
  test.each(Object.keys(encodings))("is taken out of a text: %s", (name) => {
    fc.assert(
      fc.property(token, fc.string(), fc.string(), (secret, before, after) => {
        const redact = redactor([secret]);
        fc.pre(!`${before}${after}`.includes(secret) && !secret.includes("[token]"));
        expect(redact(`${before}<<${encodings[name]!(secret)}>>${after}`)).toContain("<<[token]>>");
      }),
    );
  });

  test("is taken out with what is inside it: the access token of a stored one", () => {
    const access = "inner-access-token-0123456789";
    const stored = Buffer.from(JSON.stringify({ access_token: access })).toString("base64");
    expect(redactor([stored])(`${stored} ${access}`)).toBe("[token] [token]");
  });

  test("leaves other texts alone", () => {
    fc.assert(
      fc.property(token, fc.string(), (secret, text) => {
        fc.pre(!text.includes(secret));
        expect(redactor([secret, undefined, ""])(text)).toBe(text);
      }),
    );
  });

  test("is not shown in part either, where a long message is cut", async () => {
    const canary = "Canary0123456789abcdefghijklmnopqrstuvwxyz+ABCDEFGHIJKLMNOPQRSTUVWXYZ==";
    const server = await MesheryServer.start({ token: canary });
    try {
      for (const form of ["raw", "url"])
        for (let padding = 300; padding <= 420; padding += 12) {
          const error = `${"x".repeat(padding)} ${encodings[form]!(canary)} tail`;
          server.faults.add({ effect: { kind: "status", status: 400, body: JSON.stringify({ error }) } });
          const failed = await typed(benchFor(server).session.client)
            .environments(server.organizationId)
            .read("cached")
            .then(
              () => "no error",
              (reason: Error) => `${reason.message} ${JSON.stringify(reason)} ${reason.stack}`,
            );
          expect(failed).toContain("xxx");
          expect([padding, longestPiece(canary, failed) < 6]).toEqual([padding, true]);
        }
    } finally {
      await server.close();
    }
  });
});
