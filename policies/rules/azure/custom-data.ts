import { gzipSync } from "node:zlib";

import { firstBootSecretsOf } from "#lib/azure-first-boot-data.ts";
import { machine, of, resource, scaleSet } from "#lib/azure-examples.ts";
import { azure } from "#lib/azure-types.ts";
import type { Example, Rule } from "#lib/rule.ts";

const HEADER = ["-----BEGIN OPENSSH", "PRIVATE KEY-----"].join(" ");
const KEY = `${HEADER}\\nexample\\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
// Stored and not compressed, so that every release of zlib writes the same.
const zipped = (text: string) => gzipSync(text, { level: 0 }).toString("base64");

const PASSWORD = "#cloud-config\npassword: c0rrect-Horse-battery\n";
const FILE = `#!/bin/sh\nexport DEPLOY_PASSWORD=c0rrect-Horse-battery\nexec /opt/example/start\n`;
const HARMLESS = "#cloud-config\npackage_update: true\nssh_pwauth: false\nruncmd:\n  - [systemctl, restart, ssh]\n";
const HOST_KEY = `#cloud-config\nssh_keys:\n  ed25519_private: "${KEY}"\n`;
const MULTIPART = [
  'Content-Type: multipart/mixed; boundary="part"\nMIME-Version: 1.0\n',
  `--part\nContent-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n${base64(FILE)}\n`,
  "--part--\n",
].join("\n");

export const rule: Rule = {
  id: "azure.custom-data",
  title: "No secret is in what a machine is given at its first boot.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "Custom data, user data and settings of extensions stay readable on the machine and in the portal for as long as it lives.",
  fix: "Let the machine fetch the secret with its identity from a key vault, or send it over SSH once the machine is up.",
  waivable: "by-configuration",
  types: [azure.machine, azure.scaleSet, azure.machineExtension, azure.scaleSetExtension, azure.runCommand],
  check: (one) =>
    firstBootSecretsOf(one)
      .filter(({ oneUse }) => !oneUse)
      .map(({ path, kind, wrapping }) => ({
        property: path,
        found: wrapping === "" ? `${kind}, in clear` : `${kind}, in ${wrapping}`,
        expected: "no secret",
      })),
  examples: {
    good: [
      born("No secret", "cg-none", base64(HARMLESS)),
      born("No secret, compressed", "cg-zipped", zipped(HARMLESS)),
      born("A place to find it instead", "cg-file", base64("export TOKEN_FILE=/run/secrets/token PASSWORD=$1\n")),
      of(
        "A host key that is declared to be used once",
        machine("cg-birth", withData(base64(HOST_KEY), { "garrison.birth-key": "one-use" })),
      ),
      of(
        "An extension without secrets",
        extension("cg-extension", { settings: { commandToExecute: "systemctl restart ssh" } }),
      ),
    ],
    bad: [
      born("A password", "cb-password", base64(PASSWORD)),
      born("A password, compressed", "cb-zipped", zipped(PASSWORD)),
      born(
        "A private key",
        "cb-key",
        base64(`#cloud-config\nwrite_files:\n  - path: /root/key\n    content: "${KEY}"\n`),
      ),
      born("A host key that nothing declares", "cb-host", base64(HOST_KEY)),
      born("A part of a message", "cb-part", base64(MULTIPART)),
      born(
        "A file in base64",
        "cb-file",
        base64(`#cloud-config\nwrite_files:\n  - encoding: b64\n    content: ${base64(FILE)}\n`),
      ),
      born(
        "A compressed file",
        "cb-gz",
        base64(`#cloud-config\nwrite_files:\n  - encoding: gz+b64\n    content: ${zipped(FILE)}\n`),
      ),
      of("User data", machine("cb-user", { userData: base64(FILE) })),
      of("A scale set", scaleSet("cb-set", { osProfile: withData(base64(PASSWORD)).osProfile })),
      of(
        "An extension's settings",
        extension("cb-settings", { settings: { commandToExecute: "deploy --password=c0rrect-Horse-battery" } }),
      ),
      of(
        "Protected settings in clear",
        extension("cb-protected", { protectedSettings: { password: "c0rrect-Horse-battery" } }),
      ),
      of("A command's script", resource(azure.runCommand, "cb-run", { vmName: "example", source: { script: FILE } })),
    ],
  },
};

function born(title: string, name: string, customData: string): Example {
  return of(title, machine(name, withData(customData)));
}

function withData(customData: string, tags: Readonly<Record<string, string>> = {}) {
  const linuxConfiguration = { disablePasswordAuthentication: true };
  return { tags, osProfile: { adminUsername: "operator", linuxConfiguration, customData } };
}

function extension(name: string, changes: Readonly<Record<string, unknown>>) {
  const script = { publisher: "Microsoft.Azure.Extensions", type: "CustomScript", typeHandlerVersion: "2.1" };
  return resource(azure.machineExtension, name, { vmName: "example", vmExtensionName: name, ...script, ...changes });
}
