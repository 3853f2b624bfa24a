// The X.509 library looks its parts up by metadata that this polyfill keeps; it must be loaded first.
import "reflect-metadata";
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import ipaddr from "ipaddr.js";
import { writeFileAtomic } from "#helpers/files/atomic.ts";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
const authorityDays = 3650;
/** Clients refuse longer ones. */
const siteDays = 397;
/** What is about to run out is made again. */
const spareDays = 400;

/** An authority that vouches for any name. It is trusted by the lab's containers only, and only because they are told to. */
interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate and its key, as PEM. */
export interface SiteCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Where the authority's certificate lies, for everybody to read. */
export function authorityFile(directory: string): string {
  return join(directory, "internet-ca.pem");
}

function keyFile(directory: string): string {
  return join(directory, "internet-ca-key.pem");
}

/** The authority that lies in `directory`; made when there is none, or half of one, or one that is about to run out. */
export async function ensureAuthority(directory: string): Promise<Authority> {
  const found = await readAuthority(directory);
  if (found !== undefined) return found;
  const made = await makeAuthority();
  await writeFileAtomic(keyFile(directory), made.key, 0o600);
  await writeFileAtomic(authorityFile(directory), made.certificate, 0o644);
  return made;
}

/** The authority that lies in `directory`, if it is whole and lasts for a while. */
export async function readAuthority(directory: string): Promise<Authority | undefined> {
  try {
    const certificate = await readFile(authorityFile(directory), "utf8");
    const key = await readFile(keyFile(directory), "utf8");
    const { publicKey, notAfter } = new x509.X509Certificate(certificate);
    const own = createPublicKey(key).export({ format: "der", type: "spki" });
    const fits = own.equals(Buffer.from(publicKey.rawData));
    return fits && notAfter.getTime() > Date.now() + spareDays * dayMs ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Makes certificates for names and addresses as they are asked for. All have one key: making one costs more than signing. */
export async function siteCertificates(authority: Authority): Promise<(name: string) => Promise<SiteCertificate>> {
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const key = await pemOf(privateKey);
  const issuer = new x509.X509Certificate(authority.certificate);
  const der = createPrivateKey(authority.key).export({ format: "der", type: "pkcs8" });
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  return async (name) => {
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(siteDays),
      // The name is in the extension; a subject may hold no more than 64 characters of it.
      subject: "CN=lab internet",
      issuer: issuer.subjectName,
      publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: ipaddr.isValid(name) ? "ip" : "dns", value: name }]),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ],
    });
    return { cert: `${certificate.toString("pem")}\n`, key };
  };
}

async function makeAuthority(): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(authorityDays),
    name: "CN=Garrison lab internet, O=for rehearsal only",
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await pemOf(keys.privateKey) };
}

// From yesterday: a container's clock may be behind.
function validity(days: number): { serialNumber: string; notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Date.now() - dayMs);
  // 127 random bits: a serial number is positive.
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return { serialNumber: serial.toString("hex"), notBefore, notAfter: new Date(notBefore.getTime() + days * dayMs) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  const exported = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return exported.export({ format: "pem", type: "pkcs8" }).toString();
}
