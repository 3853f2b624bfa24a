import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import type { SecretField, SecretSource } from "./secret.ts";

/** A source whose values the deployment makes itself. */
export type MintedSource = Exclude<SecretSource, { type: "external" }>;

/** The parts of one value, each a secret output. */
export type SecretValue = Readonly<Partial<Record<SecretField, pulumi.Output<string>>>>;

/** Ten years. A deployment has no clock: certificates are renewed by rotating them, long before. */
const VALIDITY_HOURS = 87_600;
/** The curve that every TLS library knows. */
const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/** Declares the resources that make one value. @param signer the authority's value, for a certificate */
export function mint(
  name: string,
  source: MintedSource,
  signer: SecretValue | undefined,
  opts: pulumi.CustomResourceOptions,
): SecretValue {
  switch (source.type) {
    case "password":
      return secrets({
        value: new random.RandomPassword(name, { length: source.length, special: false }, opts).result,
      });
    case "bytes":
      return secrets({ value: new random.RandomBytes(name, { length: source.length }, opts).hex });
    case "authority":
      return mintAuthority(name, opts);
    case "certificate":
      return mintCertificate(name, source.names, signer, opts);
  }
}

function mintAuthority(name: string, opts: pulumi.CustomResourceOptions): SecretValue {
  const key = new tls.PrivateKey(`${name}-key`, KEY, opts);
  const own = new tls.SelfSignedCert(
    name,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: name },
      isCaCertificate: true,
      setSubjectKeyId: true,
      validityPeriodHours: VALIDITY_HOURS,
      allowedUses: ["cert_signing", "crl_signing"],
    },
    opts,
  );
  return secrets({ private: key.privateKeyPem, certificate: own.certPem });
}

/** Client and server at once: members of a cluster are both. */
function mintCertificate(
  name: string,
  names: readonly string[],
  signer: SecretValue | undefined,
  opts: pulumi.CustomResourceOptions,
): SecretValue {
  const { private: caPrivateKeyPem, certificate: caCertPem } = signer ?? {};
  if (caPrivateKeyPem === undefined || caCertPem === undefined) {
    throw new Error(`${name}: a certificate needs an authority that signs it`);
  }
  const key = new tls.PrivateKey(`${name}-key`, KEY, opts);
  const [commonName = name] = names;
  const request = new tls.CertRequest(
    `${name}-request`,
    { privateKeyPem: key.privateKeyPem, subject: { commonName }, dnsNames: [...names] },
    opts,
  );
  const signed = new tls.LocallySignedCert(
    name,
    {
      caPrivateKeyPem,
      caCertPem,
      certRequestPem: request.certRequestPem,
      validityPeriodHours: VALIDITY_HOURS,
      allowedUses: ["digital_signature", "server_auth", "client_auth"],
    },
    opts,
  );
  return secrets({ private: key.privateKeyPemPkcs8, certificate: signed.certPem });
}

/** The providers mark keys only; whatever a file is filled from is treated alike. */
function secrets(value: SecretValue): SecretValue {
  return Object.fromEntries(Object.entries(value).map(([field, output]) => [field, pulumi.secret(output)]));
}
