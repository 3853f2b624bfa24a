/** The purposes of a certificate under the names that the provider gives them. */

/** Bits of the key usage extension (RFC 5280, 4.2.1.3), lowest first. */
const keyUses = [
  "digital_signature",
  "content_commitment",
  "key_encipherment",
  "data_encipherment",
  "key_agreement",
  "cert_signing",
  "crl_signing",
  "encipher_only",
  "decipher_only",
] as const;

/** Identifiers of the extended key usage extension (RFC 5280, 4.2.1.12, and those that vendors added). */
const extendedUses = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
} as const;

type ExtendedUse = keyof typeof extendedUses;
export type Use = (typeof keyUses)[number] | ExtendedUse;

export const allUses: readonly Use[] = [...keyUses, ...(Object.keys(extendedUses) as ExtendedUse[])];

export function keyUsageBits(uses: readonly Use[]): number {
  return keyUses.reduce((bits, use, position) => (uses.includes(use) ? bits | (1 << position) : bits), 0);
}

export function extendedUsageIds(uses: readonly Use[]): string[] {
  return uses.flatMap((use) => (use in extendedUses ? [extendedUses[use as ExtendedUse]] : []));
}
