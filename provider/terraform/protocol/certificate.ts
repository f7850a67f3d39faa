import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

// The certificate a provider shows to the engine that started it. Both sides make one for a single run and hand it over
// on a private channel (environment and standard output), so it is self-signed and trusted by being known.
//
// Made by hand because it is made at every start: 3 ms here against about 120 ms for loading a library. A test reads
// the result with a library and with OpenSSL's own parser.

export interface Certificate {
  /** The certificate's DER bytes. */
  der: Buffer;
  /** The same in PEM. */
  certificate: string;
  /** The private key, PKCS#8 in PEM. It stays in this process. */
  key: string;
}

const DAY_MS = 86_400_000;
const LIFETIME_MS = 30 * DAY_MS; // an apply may wait for days at an approval; the process lives on meanwhile
const CLOCK_SKEW_MS = 60_000;
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

/** A self-signed P-256 certificate for `localhost`, the name the engines' client verifies. */
export function createCertificate(now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(
    element(Tag.Set, sequence(objectId("2.5.4.3"), element(Tag.Utf8String, Buffer.from("localhost")))),
  );
  const validity = sequence(utcTime(now.getTime() - CLOCK_SKEW_MS), utcTime(now.getTime() + LIFETIME_MS));
  const toBeSigned = sequence(
    element(Tag.Version, element(Tag.Integer, Buffer.of(2))), // X.509 version 3
    element(Tag.Integer, serialNumber()),
    algorithm,
    name, // issuer
    validity,
    name, // subject
    publicKey.export({ type: "spki", format: "der" }),
    element(Tag.Extensions, sequence(...extensions())),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, bitString(signature));
  return { der, certificate: pem(der), key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** Wraps a certificate's DER bytes as PEM. */
export function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

// Being its own authority, the certificate must be allowed to sign; the engine's client asks for a server's purpose.
function extensions(): Buffer[] {
  const critical = element(Tag.Boolean, Buffer.of(0xff));
  const extension = (id: string, value: Buffer, ...flags: Buffer[]) =>
    sequence(objectId(id), ...flags, element(Tag.OctetString, value));
  // Bits from the left: 0 digitalSignature, 2 keyEncipherment, 5 keyCertSign.
  const keyUsage = bitString(Buffer.of(0b1010_0100), 2);
  const purposes = sequence(objectId("1.3.6.1.5.5.7.3.1"), objectId("1.3.6.1.5.5.7.3.2")); // server, client
  const isAuthority = sequence(element(Tag.Boolean, Buffer.of(0xff)));
  const names = sequence(element(Tag.DnsName, Buffer.from("localhost")));
  return [
    extension("2.5.29.19", isAuthority, critical),
    extension("2.5.29.15", keyUsage, critical),
    extension("2.5.29.37", purposes),
    extension("2.5.29.17", names),
  ];
}

enum Tag {
  Boolean = 0x01,
  Integer = 0x02,
  BitString = 0x03,
  OctetString = 0x04,
  ObjectId = 0x06,
  Utf8String = 0x0c,
  UtcTime = 0x17,
  Sequence = 0x30,
  Set = 0x31,
  DnsName = 0x82, // context [2] inside SubjectAltName
  Version = 0xa0, // context [0] inside TBSCertificate
  Extensions = 0xa3, // context [3] inside TBSCertificate
}

function element(tag: Tag, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  if (body.length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, body.length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, body.length >> 8, body.length & 0xff), body]);
}

function sequence(...content: Buffer[]): Buffer {
  return element(Tag.Sequence, ...content);
}

function bitString(bytes: Buffer, unusedBits = 0): Buffer {
  return element(Tag.BitString, Buffer.of(unusedBits), bytes);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f]; // base 128, every digit but the last with its high bit set
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return element(Tag.ObjectId, Buffer.from(bytes));
}

// Two-digit years, as X.509 prescribes until 2049.
function utcTime(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/\D/g, "").slice(2, 14);
  return element(Tag.UtcTime, Buffer.from(`${digits}Z`));
}

// Positive and of full length: the first byte is between 0x40 and 0x7f.
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
