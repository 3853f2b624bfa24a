import { downloadsIn } from "./downloads-in-code.ts";
import type { Instruction } from "./dockerfile-commands.ts";
import { commandOf, instructionsOf, scriptOfDockerfile } from "./dockerfile-commands.ts";
import { passwordsBy } from "./host/password-logins.ts";
import { rightsGivenBy } from "../../containment/planted-files.ts";
import { readScript } from "./shell/read-script.ts";
import { unverifiedBy, unverifiedIn } from "./unverified.ts";

const COMMIT = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)|[?&](?:commit|checksum)=(?:sha256:)?[0-9a-f]{40}/i;
const REMOTE = /^(?:https?|git|ssh|ftp|s3):\/\/|^[\w.-]+@[\w.-]+:|^(?:github|gitlab|bitbucket)\.(?:com|org)\//i;

/** Whether what is at this place can be other files tomorrow, or on the way. */
export function isUnpinnedRemote(place: string): boolean {
  const text = place.trim();
  if (/^docker-image:\/\//i.test(text)) return !/@sha256:[0-9a-f]{64}$/.test(text);
  return REMOTE.test(text) && !COMMIT.test(text);
}

/** What is wrong with the text of a Dockerfile. */
export function flawsOfDockerfile(text: string): string[] {
  const frontend = /^[ \t\f\v]*#\s*syntax\s*=\s*(\S+)/im.exec(text.slice(0, 4000))?.[1];
  const instructions = instructionsOf(text);
  return [
    ...new Set([
      ...(frontend === undefined || isKnownFrontend(frontend) ? [] : [`the frontend ${frontend}, by a tag`]),
      ...instructions.flatMap(flawsOfInstruction),
      ...flawsOfScript(scriptOfDockerfile(instructions)),
    ]),
  ];
}

function flawsOfInstruction({ name, rest }: Instruction): string[] {
  switch (name) {
    case "RUN": {
      const options = /^(?:--[\w-]+(?:=\S*)?\s+)*/.exec(rest)?.[0] ?? "";
      const rights = rightsGivenBy(rest);
      return [
        ...(/--security=insecure\b/i.test(options) ? ["RUN --security=insecure"] : []),
        ...(/--network=host\b/i.test(options) ? ["RUN --network=host"] : []),
        ...(rights === undefined ? [] : [rights]),
        // On its own too, lest another line that cannot be read hides it.
        ...flawsOfScript(commandOf(rest)),
      ];
    }
    case "ADD": {
      const isChecked = /--checksum=sha256:[0-9a-f]{64}/.test(rest);
      const sources = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
      const unpinned = isChecked ? undefined : sources.slice(0, -1).find(isUnpinnedRemote);
      return unpinned === undefined ? [] : [`ADD of ${unpinned.replace(/\/\/[^@/]*@/, "//")}, without a checksum`];
    }
    default:
      return [];
  }
}

/** The commands of a build are judged like those of a host, for what they fetch and for whom they let in. */
function flawsOfScript(text: string): string[] {
  const { unread, calls, files, code } = readScript(text);
  return [
    ...unread.map(({ how }) => how),
    ...calls.flatMap(unverifiedBy),
    ...files.flatMap(unverifiedIn),
    ...code.flatMap(downloadsIn),
    ...calls.flatMap(passwordsBy),
  ];
}

function isKnownFrontend(frontend: string): boolean {
  return (
    /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/i.test(frontend) || frontend.includes("@sha256:")
  );
}
