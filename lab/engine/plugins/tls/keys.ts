import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import sshpk from "sshpk";
import { z } from "zod";

export const keyRules = z.object({
  algorithm: z.enum(["RSA", "ECDSA", "ED25519"], { error: "must be RSA, ECDSA or ED25519" }),
  rsaBits: z.int().min(1024, "must be at least 1024").max(16384).default(2048),
  ecdsaCurve: z.enum(["P224", "P256", "P384", "P521"], { error: "must be P224, P256, P384 or P521" }).default("P224"),
});
type KeyRules = z.infer<typeof keyRules>;

/** OpenSSL's names; Node reports a key's curve under the first of each pair. */
const curves = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;
type Curve = keyof typeof curves;

/** A private key in every spelling that a program may want. The OpenSSH ones are empty for P224: it knows no such keys. */
interface KeySpellings {
  readonly privateKeyPem: string;
  readonly privateKeyPemPkcs8: string;
  readonly privateKeyOpenssh: string;
  readonly publicKeyPem: string;
  readonly publicKeyOpenssh: string;
  readonly publicKeyFingerprintMd5: string;
  readonly publicKeyFingerprintSha256: string;
}

const makePair = promisify(generateKeyPair);

export async function makePrivateKey(rules: KeyRules): Promise<KeyObject> {
  switch (rules.algorithm) {
    case "RSA":
      return (await makePair("rsa", { modulusLength: rules.rsaBits })).privateKey;
    case "ECDSA":
      return (await makePair("ec", { namedCurve: curves[rules.ecdsaCurve] })).privateKey;
    case "ED25519":
      return (await makePair("ed25519")).privateKey;
  }
}

export function spellings(key: KeyObject): KeySpellings {
  const publicKey = createPublicKey(key);
  return {
    privateKeyPem: text(key.export({ format: "pem", type: traditional(key) })),
    privateKeyPemPkcs8: text(key.export({ format: "pem", type: "pkcs8" })),
    publicKeyPem: text(publicKey.export({ format: "pem", type: "spki" })),
    ...opensshSpellings(key),
  };
}

/** The id of a key: the SHA-1 of its public half. */
export function keyId(key: KeyObject): string {
  return createHash("sha1")
    .update(createPublicKey(key).export({ format: "der", type: "spki" }))
    .digest("hex");
}

/** Reads a private key; the error never carries the text. */
export function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error("the private key cannot be read; expected PEM, not encrypted");
  }
}

export function keyAlgorithm(key: KeyObject): KeyRules["algorithm"] {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return "RSA";
    case "ec":
      return "ECDSA";
    case "ed25519":
      return "ED25519";
    default:
      throw new Error(
        `a private key of the kind ${key.asymmetricKeyType ?? "unknown"}; expected RSA, ECDSA or ED25519`,
      );
  }
}

export function curveOf(key: KeyObject): Curve | undefined {
  const name = key.asymmetricKeyDetails?.namedCurve;
  return (Object.keys(curves) as Curve[]).find((curve) => curves[curve] === name);
}

function opensshSpellings(key: KeyObject) {
  if (curveOf(key) === "P224") {
    return { privateKeyOpenssh: "", publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "" };
  }
  const parsed = sshpk.parsePrivateKey(text(key.export({ format: "pem", type: "pkcs8" })), "pem");
  parsed.comment = "";
  const shared = parsed.toPublic();
  shared.comment = "";
  return {
    privateKeyOpenssh: parsed.toString("openssh"),
    publicKeyOpenssh: `${shared.toString("ssh").trim()}\n`,
    publicKeyFingerprintMd5: shared.fingerprint("md5").toString("hex"),
    publicKeyFingerprintSha256: shared.fingerprint("sha256").toString("base64"),
  };
}

function traditional(key: KeyObject): "pkcs1" | "sec1" | "pkcs8" {
  const algorithm = keyAlgorithm(key);
  return algorithm === "RSA" ? "pkcs1" : algorithm === "ECDSA" ? "sec1" : "pkcs8";
}

function text(exported: string | Buffer): string {
  return exported.toString();
}
