import "../../support/reflect";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as ParsedCertificate,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import { createCertificate } from "../../../provider/terraform/protocol/certificate";

const now = new Date("2026-03-04T05:06:07.890Z");
const made = createCertificate(now);

it("is read by a library as it was meant", async () => {
  const parsed = new ParsedCertificate(made.certificate);
  expect(Buffer.from(parsed.rawData)).toEqual(made.der);
  expect(parsed.subject).toBe("CN=localhost");
  expect(parsed.issuer).toBe("CN=localhost");
  expect(parsed.notBefore).toEqual(new Date("2026-03-04T05:05:07Z"));
  expect(parsed.notAfter).toEqual(new Date("2026-04-03T05:06:07Z"));
  expect(parsed.serialNumber).toMatch(/^[4-7][0-9a-f]{31}$/);
  expect(parsed.signatureAlgorithm).toMatchObject({ name: "ECDSA", hash: { name: "SHA-256" } });
  expect(parsed.publicKey.algorithm).toMatchObject({ name: "ECDSA", namedCurve: "P-256" });
  const basic = parsed.getExtension(BasicConstraintsExtension);
  expect(basic).toMatchObject({ ca: true, critical: true });
  expect(parsed.getExtension(KeyUsagesExtension)).toMatchObject({
    critical: true,
    usages: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyCertSign,
  });
  expect(parsed.getExtension(ExtendedKeyUsageExtension)?.usages).toEqual([
    ExtendedKeyUsage.serverAuth,
    ExtendedKeyUsage.clientAuth,
  ]);
  const names = parsed.getExtension(SubjectAlternativeNameExtension)?.names.toJSON();
  expect(names).toEqual([{ type: "dns", value: "localhost" }]);
  expect(parsed.extensions).toHaveLength(4);
  expect(await parsed.verify({ date: now })).toBe(true);
  expect(await parsed.isSelfSigned()).toBe(true);
});

it("is read by OpenSSL, and its key belongs to it", () => {
  const parsed = new X509Certificate(made.der);
  expect(parsed.checkHost("localhost")).toBe("localhost");
  expect(parsed.checkHost("example.com")).toBeUndefined();
  expect(parsed.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
  expect(parsed.verify(createPublicKey(made.key))).toBe(true);
  expect(parsed.checkIssued(parsed)).toBe(true);
  expect(parsed.ca).toBe(true);
});

it("is a new one each time, valid whatever the random bytes are", () => {
  const serials = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const parsed = new X509Certificate(createCertificate().der);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
    serials.add(parsed.serialNumber);
  }
  expect(serials.size).toBe(50);
});
