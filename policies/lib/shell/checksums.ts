import type { Desk } from "./effects.ts";
import type { Call } from "./script.ts";

const SUM = /^(sha\d*|md5|b2|ck|blake\d\w*|xxh\d+)sum$|^shasum$|^rhash$/;

/** Marks the downloads that a command compares with a checksum or a signature. */
export function checkedBy(call: Call, desk: Desk): void {
  if (!compares(call)) return;
  const said = `${call.argv.slice(1).join("\n")}\n${call.stdin.text ?? ""}`;
  const all = [...desk.files.values()].flatMap(({ fetched }) => fetched);
  const named = all.filter(({ file }) => file !== undefined && file !== "" && said.includes(file));
  for (const one of named.length > 0 ? named : all) one.checked = true;
}

function compares({ name, argv }: Call): boolean {
  const has = (pattern: RegExp) => argv.slice(1).some((word) => pattern.test(word));
  // Without an option it prints the sum, for a comparison that is made elsewhere in the text.
  if (SUM.test(name)) return true;
  switch (name) {
    case "gpg":
    case "gpg2":
      return has(/^--verify$|^--decrypt$/);
    case "gpgv":
    case "minisign":
    case "signify":
    case "signify-openbsd":
    case "slsa-verifier":
    case "dpkg-sig":
    case "debsig-verify":
      return true;
    case "cosign":
    case "sigstore":
    case "rekor-cli":
      return has(/^verify/);
    case "gh":
      return argv.includes("attestation") && argv.includes("verify");
    case "openssl":
      return has(/^dgst$|^sha\d+$|^-verify$/);
    case "rpm":
    case "rpmkeys":
      return has(/^(-K|--checksig|-\w*K)$/);
    case "cmp":
    case "diff":
      return true;
    default:
      return false;
  }
}
