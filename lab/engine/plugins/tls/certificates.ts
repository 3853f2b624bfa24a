// The X.509 library looks its parts up by metadata that this polyfill keeps; it must be loaded first.
import "reflect-metadata";
import { createPublicKey, randomBytes, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { z } from "zod";
import { curveOf, keyAlgorithm, readPrivateKey } from "./keys.ts";
import type {
  CertificateLifetime,
  CertificateNames,
  Subject,
  locallySignedRules,
  requestRules,
  selfSignedRules,
} from "./rules.ts";
import { extendedUsageIds, keyUsageBits } from "./uses.ts";

x509.cryptoProvider.set(webcrypto);

const hourMs = 3_600_000;

export interface IssuedCertificate {
  /** The serial number, in decimal. */
  readonly id: string;
  readonly certPem: string;
  readonly validityStartTime: string;
  readonly validityEndTime: string;
}

export async function selfSigned(rules: z.infer<typeof selfSignedRules>): Promise<IssuedCertificate> {
  const key = readPrivateKey(rules.privateKeyPem);
  const { publicKey } = keyPair(key);
  const name = distinguishedName(rules.subject);
  return issue(rules, key, {
    subject: name,
    issuer: name,
    publicKey,
    extensions: [
      ...alternativeNames(rules),
      ...(rules.setAuthorityKeyId ? [await x509.AuthorityKeyIdentifierExtension.create(publicKey)] : []),
    ],
  });
}

export async function certificateRequest(rules: z.infer<typeof requestRules>): Promise<string> {
  const key = readPrivateKey(rules.privateKeyPem);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(rules.subject),
    keys: keyPair(key),
    signingAlgorithm: signature(key),
    extensions: alternativeNames(rules),
  });
  return `${request.toString("pem")}\n`;
}

export async function locallySigned(rules: z.infer<typeof locallySignedRules>): Promise<IssuedCertificate> {
  const authority = readPem("caCertPem", () => new x509.X509Certificate(rules.caCertPem));
  const request = readPem("certRequestPem", () => new x509.Pkcs10CertificateRequest(rules.certRequestPem));
  const key = readPrivateKey(rules.caPrivateKeyPem);
  if (!publicBytes(key).equals(Buffer.from(authority.publicKey.rawData))) {
    throw new Error("caPrivateKeyPem is not the key of the certificate in caCertPem");
  }
  if (!(await request.verify())) throw new Error("certRequestPem carries a signature that does not match");
  const authorityId = authority.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return issue(rules, key, {
    subject: request.subjectName,
    issuer: authority.subjectName,
    publicKey: request.publicKey,
    extensions: [
      ...request.extensions.filter((extension) => extension instanceof x509.SubjectAlternativeNameExtension),
      ...(authorityId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(authorityId)]),
    ],
  });
}

type PublicKey = x509.PublicKey | webcrypto.CryptoKey;

interface Certificate {
  readonly subject: x509.Name;
  readonly issuer: x509.Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly x509.Extension[];
}

async function issue(rules: CertificateLifetime, key: KeyObject, wanted: Certificate): Promise<IssuedCertificate> {
  // Certificates count whole seconds.
  const start = new Date(Math.floor(Date.now() / 1000) * 1000);
  const end = new Date(start.getTime() + rules.validityPeriodHours * hourMs);
  const serial = serialNumber();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: wanted.subject,
    issuer: wanted.issuer,
    notBefore: start,
    notAfter: end,
    publicKey: wanted.publicKey,
    signingKey: keyPair(key).privateKey,
    signingAlgorithm: signature(key),
    extensions: [...(await constraints(rules, wanted.publicKey)), ...wanted.extensions],
  });
  return {
    id: BigInt(`0x${serial}`).toString(),
    certPem: `${certificate.toString("pem")}\n`,
    validityStartTime: timestamp(start),
    validityEndTime: timestamp(end),
  };
}

async function constraints(rules: CertificateLifetime, publicKey: PublicKey): Promise<x509.Extension[]> {
  // The library takes the bits of several flags, which its type has no name for.
  const uses = keyUsageBits(rules.allowedUses) as unknown as x509.KeyUsageFlags;
  const extended = extendedUsageIds(rules.allowedUses);
  const pathLength = rules.isCaCertificate && rules.maxPathLength >= 0 ? rules.maxPathLength : undefined;
  return [
    ...(rules.allowedUses.length > extended.length ? [new x509.KeyUsagesExtension(uses, true)] : []),
    ...(extended.length > 0 ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
    new x509.BasicConstraintsExtension(rules.isCaCertificate, pathLength, true),
    ...(rules.isCaCertificate || rules.setSubjectKeyId
      ? [await x509.SubjectKeyIdentifierExtension.create(publicKey)]
      : []),
  ];
}

function alternativeNames({ dnsNames, ipAddresses, uris }: CertificateNames): x509.Extension[] {
  const names: x509.JsonGeneralNames = [
    ...dnsNames.map((value) => ({ type: "dns", value }) as const),
    ...ipAddresses.map((value) => ({ type: "ip", value }) as const),
    ...uris.map((value) => ({ type: "url", value }) as const),
  ];
  return names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [];
}

/** In the order in which the official provider writes the parts. */
function distinguishedName(subject: Subject): x509.Name {
  const parts: [string, readonly (string | undefined)[]][] = [
    ["C", [subject.country]],
    ["O", [subject.organization]],
    ["OU", [subject.organizationalUnit]],
    ["L", [subject.locality]],
    ["ST", [subject.province]],
    ["2.5.4.9", subject.streetAddresses ?? []],
    ["2.5.4.17", [subject.postalCode]],
    ["CN", [subject.commonName]],
    ["2.5.4.5", [subject.serialNumber]],
    ["E", [subject.emailAddress]],
  ];
  return new x509.Name(
    parts.flatMap(([name, values]) => {
      const given = values.filter((value) => value !== undefined && value !== "");
      return given.map((value) => ({ [name]: [value] }));
    }),
  );
}

function keyPair(key: KeyObject): webcrypto.CryptoKeyPair {
  const algorithm = webAlgorithm(key);
  return {
    privateKey: key.toCryptoKey(algorithm, true, ["sign"]),
    publicKey: createPublicKey(key).toCryptoKey(algorithm, true, ["verify"]),
  };
}

function webAlgorithm(key: KeyObject) {
  switch (keyAlgorithm(key)) {
    case "RSA":
      return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    case "ECDSA":
      return { name: "ECDSA", namedCurve: webCurve(key) };
    case "ED25519":
      return { name: "Ed25519" };
  }
}

/** The hash is as wide as the curve. */
function signature(key: KeyObject): { name: string; hash?: string } {
  const { name } = webAlgorithm(key);
  if (name !== "ECDSA") return name === "Ed25519" ? { name } : { name, hash: "SHA-256" };
  return { name, hash: { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" }[webCurve(key)] };
}

function webCurve(key: KeyObject): "P-256" | "P-384" | "P-521" {
  const curve = curveOf(key);
  if (curve === "P256") return "P-256";
  if (curve === "P384") return "P-384";
  if (curve === "P521") return "P-521";
  throw new Error(
    `the lab plugin makes no certificates for ${curve ?? "other curves"}; give the key ecdsaCurve P256, P384 or P521`,
  );
}

/** 128 random bits; the first one off, so that the number is positive, and the next one on, so that it is not short. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: "der", type: "spki" });
}

function readPem<Value>(property: string, read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new Error(`${property} cannot be read; expected PEM`);
  }
}

function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
