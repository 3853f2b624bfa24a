import { rightsGivenBy } from "./planted-files.ts";

const COMMIT = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)|[?&](?:commit|checksum)=(?:sha256:)?[0-9a-f]{40}/i;
const REMOTE = /^(?:https?|git|ssh|ftp|s3):\/\/|^[\w.-]+@[\w.-]+:|^(?:github|gitlab|bitbucket)\.(?:com|org)\//i;

const DOWNLOAD_RUN =
  /\b(?:curl|wget)\b[^;&]{0,400}\|\s{0,9}(?:sudo\s{1,9}(?:-E\s{1,9})?)?(?:\/bin\/)?(?:ba|z|da)?sh\b|\bsh\s{1,9}-c\s{1,9}"?\$\((?:curl|wget)\b/;

/** Whether what is at this place can be other files tomorrow, or on the way. */
export function isUnpinnedRemote(place: string): boolean {
  const text = place.trim();
  if (/^docker-image:\/\//i.test(text)) return !/@sha256:[0-9a-f]{64}$/.test(text);
  return REMOTE.test(text) && !COMMIT.test(text);
}

/** What is wrong with the text of a Dockerfile, beside the commands that it runs. */
export function flawsOfDockerfile(text: string): string[] {
  const lines = text
    .slice(0, 262_144)
    .replaceAll(/[\\`]\r?\n/g, " ")
    .split(/\r?\n/);
  return [...new Set(lines.flatMap(flawsOfLine))];
}

function flawsOfLine(line: string): string[] {
  const frontend = /^\s*#\s*syntax\s*=\s*(\S+)/i.exec(line)?.[1];
  if (frontend !== undefined) return isKnownFrontend(frontend) ? [] : [`the frontend ${frontend}, by a tag`];
  const [, instruction = "", rest = ""] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
  switch (instruction.toUpperCase()) {
    case "RUN": {
      const options = /^(?:--[\w-]+(?:=\S*)?\s+)*/.exec(rest)?.[0] ?? "";
      const rights = rightsGivenBy(rest);
      return [
        ...(/--security=insecure\b/i.test(options) ? ["RUN --security=insecure"] : []),
        ...(/--network=host\b/i.test(options) ? ["RUN --network=host"] : []),
        ...(rights === undefined ? [] : [rights]),
        ...(DOWNLOAD_RUN.test(rest) ? ["a download that a shell runs unread"] : []),
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

function isKnownFrontend(frontend: string): boolean {
  return (
    /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/i.test(frontend) || frontend.includes("@sha256:")
  );
}
