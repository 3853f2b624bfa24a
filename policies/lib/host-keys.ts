import { oneBlank } from "../../containment/blanks.ts";
import type { Script } from "./shell/script.ts";
import { putInBy } from "./shell/edits.ts";
import { deedOf } from "./shell/talking.ts";

const NO_FILE = "UserKnownHostsFile=/dev/null";

/** Ways to make ssh and its like take any key; quotes are gone. `-o X` and `-oX` alike. */
const UNCHECKED: readonly (readonly [RegExp, string])[] = [
  [/StrictHostKeyChecking\s{0,9}[=\s]\s{0,9}(?:no|off|false)(?![\w-])/i, "StrictHostKeyChecking=no"],
  [
    /StrictHostKeyChecking\s{0,9}[=\s]\s{0,9}accept-new/i,
    "StrictHostKeyChecking=accept-new, which takes any key the first time",
  ],
  [/UserKnownHostsFile\s{0,9}[=\s]\s{0,9}(?:\/dev\/null|none)(?![\w./-])/i, NO_FILE],
  [
    /KnownHostsCommand\s*[=\s].{0,200}\b(?:ssh-keyscan|nc|curl|wget|dig|drill)\b/i,
    "KnownHostsCommand, by which the host itself says its key",
  ],
  [/ANSIBLE_(?:SSH_)?HOST_KEY_CHECKING\s*=\s*(?:false|0|no)\b/i, "ANSIBLE_HOST_KEY_CHECKING=False"],
  [/\bhost_key_checking\s*[=:]\s*(?:false|0|no)\b/i, "host_key_checking=False"],
  [/\b(?:dbclient|dropbear)\b.{0,200}\s-yy?(?:\s|$)/, "dbclient -y, which takes any key"],
  [/sftp:auto-confirm\s+(?:yes|true|on)/i, "sftp:auto-confirm, which takes any key"],
  [
    /\b(?:AutoAddPolicy|WarningPolicy)\b|hostVerifier\s*:\s*\(\)\s*=>\s*true|InsecureIgnoreHostKey/,
    "a client that takes any key",
  ],
];

const CONFIGURATION = /(^|\/)(ssh_config(\.d\/.*)?|\.ssh\/config(\.d\/.*)?|ansible\.cfg|\.ansible\.cfg)$/;

/** How a text has a client take any key. No file of known hosts is right where the key comes from elsewhere. */
export function uncheckedKeys(given: string): string[] {
  const text = oneBlank(given);
  const strict = /StrictHostKeyChecking\s{0,9}[=\s]\s{0,9}(?:yes|true)(?![\w-])/i.test(text);
  return UNCHECKED.filter(([pattern, found]) => !(strict && found === NO_FILE) && pattern.test(text)).map(
    ([, found]) => found,
  );
}

/** How a script does, by its commands, by the settings that it writes and by what it puts among the known hosts. */
export function takenHostKeys({ calls, files, code }: Script): string[] {
  const found = calls.flatMap((call) => {
    const variables = [...call.environment]
      .filter(([name]) => /SSH|HOST_KEY/.test(name))
      .map(([name, value]) => `${name}=${value}`);
    const edited = /^(sed|perl)$/.test(call.name) ? putInBy(call.argv) : deedOf(call);
    return [edited, ...(deedOf(call) === "" ? [] : variables)].flatMap((text) =>
      uncheckedKeys(text.replaceAll(/["'\\]/g, "")),
    );
  });
  const settings = files
    .filter(({ path }) => CONFIGURATION.test(path))
    .flatMap(({ text }) => uncheckedKeys(withoutComments(text)));
  const confirmed = calls.some(
    ({ name, stdin }) => /^(plink|pscp|psftp|ssh)$/.test(name) && /^y(es)?\s*$/.test(stdin.text ?? ""),
  );
  return [
    ...new Set([
      ...found,
      ...settings,
      ...code.flatMap(({ text }) => uncheckedKeys(text)),
      ...(isScanned(calls) ? ["ssh-keyscan into known_hosts, which takes any key"] : []),
      ...(confirmed ? ["a client that is told yes to any key"] : []),
    ]),
  ];
}

/** What a scan answers is put among the known hosts, and nothing shows its fingerprint before. */
function isScanned(calls: Script["calls"]): boolean {
  const scan = calls.findIndex(({ name }) => name === "ssh-keyscan");
  if (scan < 0) return false;
  const kept = calls.findIndex(
    ({ writes, name, argv }) =>
      writes.some((path) => path.includes("known_hosts")) ||
      (/^(tee|cp|mv|install|sponge)$/.test(name) && argv.some((word) => word.includes("known_hosts"))),
  );
  const isCompared = calls
    .slice(scan, kept + 1)
    .some(({ name, argv }) => name === "ssh-keygen" && argv.some((word) => /^-\w*l/.test(word)));
  return kept >= 0 && !isCompared;
}

function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t\f\v]*[#;].*$/gm, "");
}
