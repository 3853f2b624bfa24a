import { createHash } from "node:crypto";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import type { z } from "zod";
import type { ProviderDefinition, ResourceDefinition } from "#provider/definition.ts";
import { failuresOf } from "#provider/rules.ts";
import { loadSchema } from "#provider/schema.ts";
import { keyAlgorithm, keyId, keyRules, makePrivateKey, readPrivateKey, spellings } from "./keys.ts";
import { readyForRenewal } from "./renewal.ts";
import { locallySignedRules, requestRules, selfSignedRules } from "./rules.ts";

type TlsResource = ResourceDefinition<undefined>;
type Issued = Properties & { readonly id: string };

/** The X.509 library takes longer to load than the rest of the plugin; many programs only make keys. */
const certificates = () => import("./certificates.ts");

const writeOnly = "values that are not to be kept in the state are left out of the lab; use the property without Wo";

/** The lab's stand-in for the tls provider. */
export const tlsProvider: ProviderDefinition<undefined> = {
  name: "tls",
  version: pluginVersions.tls,
  schema: loadSchema("tls"),
  unsupportedConfig: { proxy: "it serves a function that the lab does not have" },
  configure: () => undefined,
  resources: {
    "tls:index/privateKey:PrivateKey": {
      check: (inputs) => failuresOf("tls.PrivateKey", keyRules, inputs),
      replaces: () => true,
      create: async (inputs) => {
        const rules = keyRules.parse(inputs);
        const key = await makePrivateKey(rules);
        return { id: keyId(key), outputs: { ...rules, ...spellings(key) } };
      },
    },
    "tls:index/certRequest:CertRequest": {
      unsupported: { privateKeyPemWo: writeOnly, privateKeyPemWoVersion: writeOnly },
      check: (inputs) => failuresOf("tls.CertRequest", requestRules, inputs),
      replaces: () => true,
      create: async (inputs) => {
        const rules = requestRules.parse(inputs);
        const certRequestPem = await (await certificates()).certificateRequest(rules);
        const id = createHash("sha1").update(certRequestPem).digest("hex");
        return { id, outputs: { certRequestPem, keyAlgorithm: keyAlgorithm(readPrivateKey(rules.privateKeyPem)) } };
      },
    },
    "tls:index/selfSignedCert:SelfSignedCert": {
      ...certificate("tls.SelfSignedCert", selfSignedRules, async (rules) => ({
        ...(await (await certificates()).selfSigned(rules)),
        setAuthorityKeyId: rules.setAuthorityKeyId,
        keyAlgorithm: keyAlgorithm(readPrivateKey(rules.privateKeyPem)),
      })),
      unsupported: { privateKeyPemWo: writeOnly, privateKeyPemWoVersion: writeOnly },
    },
    "tls:index/locallySignedCert:LocallySignedCert": {
      ...certificate("tls.LocallySignedCert", locallySignedRules, async (rules) => ({
        ...(await (await certificates()).locallySigned(rules)),
        caKeyAlgorithm: keyAlgorithm(readPrivateKey(rules.caPrivateKeyPem)),
      })),
      unsupported: { caPrivateKeyPemWo: writeOnly, caPrivateKeyPemWoVersion: writeOnly },
    },
  },
};

interface Renewable {
  readonly earlyRenewalHours: number;
  readonly isCaCertificate: boolean;
  readonly setSubjectKeyId: boolean;
  readonly maxPathLength: number;
}

/** A certificate is made anew for every change but one, and when its time has come. */
function certificate<Rules extends Renewable>(
  label: string,
  rules: z.ZodType<Rules>,
  issue: (rules: Rules) => Promise<Issued>,
): TlsResource {
  return {
    check: (inputs) => failuresOf(label, rules, inputs),
    replaces: ({ path }) => path[0] !== "earlyRenewalHours",
    outdated: (state, inputs) => (isDue(state, inputs.earlyRenewalHours) ? ["readyForRenewal"] : []),
    create: async (inputs) => {
      const wanted = rules.parse(inputs);
      const { earlyRenewalHours, isCaCertificate, setSubjectKeyId, maxPathLength } = wanted;
      const { id, ...outputs } = await issue(wanted);
      const filledIn = { earlyRenewalHours, isCaCertificate, setSubjectKeyId, maxPathLength, readyForRenewal: false };
      return { id, outputs: { ...filledIn, ...outputs } };
    },
    read: (_id, { outputs, inputs }) => {
      if (typeof outputs.certPem !== "string") throw new Error(`${label} cannot be imported: its key is not in it`);
      return Promise.resolve({
        inputs,
        outputs: { ...outputs, readyForRenewal: isDue(outputs, outputs.earlyRenewalHours) },
      });
    },
    update: (_id, { inputs, oldOutputs }) => {
      const earlyRenewalHours = inputs.earlyRenewalHours ?? 0;
      return Promise.resolve({ earlyRenewalHours, readyForRenewal: isDue(oldOutputs, earlyRenewalHours) });
    },
  };
}

function isDue({ validityEndTime }: Properties, earlyRenewalHours: unknown): boolean {
  if (typeof validityEndTime !== "string") return false;
  return readyForRenewal(validityEndTime, typeof earlyRenewalHours === "number" ? earlyRenewalHours : 0);
}
