import { doctorFor } from "./choice.ts";

interface Advice {
  readonly when: RegExp;
  /** What to type before the same command again; `match` is what `when` found. */
  readonly first: (match: RegExpExecArray) => string;
}

/**
 * Faults of a host, a registry or an installation that have nothing to do with the estate itself, as Docker 20.10 to 26,
 * the engine and both kinds of plugins word them. The first that fits counts: a start fails for many reasons.
 */
const faults: readonly Advice[] = [
  {
    when: /no space left on device|ENOSPC|disk quota/i,
    first: () => "make room (df -h; docker system df shows what Docker holds)",
  },
  {
    when: /address already in use|port is already allocated|port \d+ of the host is in use|EADDRINUSE/i,
    first: () => "find who has the port (ss -ltnp) and end it",
  },
  {
    when: /already in use by container|name .* in use|with name .* already exists/i,
    first: () => "rename or remove the other one (docker ps -a)",
  },
  {
    when: /unknown (?:or invalid )?runtime (?:name|specified)[: ]+(\S+)/i,
    first: ([, name = ""]) =>
      `give the daemon the runtime ${name} (docker info --format '{{json .Runtimes}}' lists what it has)`,
  },
  {
    when: /requires docker version|needs API \d|requires API version|client version \S+ is too (?:new|old)/i,
    first: () => "update Docker (docker version shows the daemon's API) or leave out what needs a newer one",
  },
  {
    when: /no resource plugin 'pulumi-resource-([\w-]+)' found in the workspace at version v([\d.]*\d)/,
    first: ([, name = "", version = ""]) => `pulumi plugin install resource ${name} ${version}`,
  },
  {
    when: /(?:unable to (?:find or )?pull image|cannot pull|error pulling image|has no image) ([^\s:]+(?::[^\s:]+)*)/i,
    first: ([, image = ""]) => `see why (docker pull ${image})`,
  },
  {
    when: /(\S+) is not running/,
    first: ([, name = ""]) => `see why it ended (docker logs ${name})`,
  },
  {
    when: /unable to start container|failed to be in healthy state|is not healthy/i,
    first: () => "see why (npm run status names it; docker logs <container>)",
  },
];

/** A connection that was refused, or broke in the middle. */
const UNREACHABLE =
  /no Docker daemon answers|cannot connect to the Docker daemon|error during connect|connection (?:refused|reset)|socket hang up|unexpected EOF/i;

/** What to type for an error, ending in the command that completes the work. */
export function advice(text: string, again: string): string {
  for (const { when, first } of faults) {
    const match = when.exec(text);
    if (match !== null) return `${first(match)}, then ${again}`;
  }
  if (UNREACHABLE.test(text)) return `${again} (starts the daemon where it may); ${doctorFor(again)} tells more`;
  return `put it right, then ${again}`;
}
