import { words } from "./options.ts";
import type { Call } from "./script.ts";

/** Programs whose words are shown, looked for or compared, and not done. */
const TALKING = words(
  "echo printf grep egrep fgrep rg ag ack cat true false : test [ man help logger wall say awk jq yq which type whereis apropos banner figlet touch mkdir",
);

/** A command's words as one text, without quotes; empty where the words are only talk. */
export function deedOf({ name, argv }: Call): string {
  return TALKING.has(name)
    ? ""
    : argv
        .join(" ")
        .replaceAll(/["'\\]/g, "")
        .slice(0, 20_000);
}
