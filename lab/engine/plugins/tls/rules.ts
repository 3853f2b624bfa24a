import { z } from "zod";
import { allUses } from "./uses.ts";

const subject = z.object({
  commonName: z.string().optional(),
  country: z.string().optional(),
  emailAddress: z.string().optional(),
  locality: z.string().optional(),
  organization: z.string().optional(),
  organizationalUnit: z.string().optional(),
  postalCode: z.string().optional(),
  province: z.string().optional(),
  serialNumber: z.string().optional(),
  streetAddresses: z.array(z.string()).optional(),
});
export type Subject = z.infer<typeof subject>;

const names = {
  subject: subject.default({}),
  dnsNames: z.array(z.string()).default([]),
  ipAddresses: z.array(z.union([z.ipv4(), z.ipv6()], { error: "is not an IP address" })).default([]),
  uris: z.array(z.url("is not a URI")).default([]),
};

const lifetime = {
  allowedUses: z.array(z.enum(allUses, { error: `must be one of ${allUses.join(", ")}` })),
  validityPeriodHours: z.int().positive("must be at least 1"),
  earlyRenewalHours: z.int().nonnegative("must not be negative").default(0),
  isCaCertificate: z.boolean().default(false),
  setSubjectKeyId: z.boolean().default(false),
  /** -1 stands for no limit; it means nothing for a certificate that signs no others. */
  maxPathLength: z.int().min(-1).default(-1),
};

export const requestRules = z.object({ privateKeyPem: z.string(), ...names });
export const selfSignedRules = z.object({
  privateKeyPem: z.string(),
  setAuthorityKeyId: z.boolean().default(false),
  ...names,
  ...lifetime,
});
export const locallySignedRules = z.object({
  caCertPem: z.string(),
  caPrivateKeyPem: z.string(),
  certRequestPem: z.string(),
  ...lifetime,
});

export type CertificateNames = Pick<z.infer<typeof requestRules>, keyof typeof names>;
export type CertificateLifetime = Pick<z.infer<typeof locallySignedRules>, keyof typeof lifetime>;
