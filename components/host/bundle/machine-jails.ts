import { sshPort } from "./host-spec.ts";
import type { HostSpec } from "./host-spec.ts";
import { HOUR, MINUTE, WEB } from "./jail.ts";
import type { Jail } from "./jail.ts";

const DAY = 24 * HOUR;

/** What Nginx's own logs tell of a visitor, whatever the sites are. */
const NGINX: Readonly<Record<string, Jail>> = {
  // Debian's filter takes every answer of 400, which an application gives to a form that was filled in badly.
  "nginx-bad-request": {
    ...WEB,
    filter: ['(?!"[A-Z]+ \\S+ HTTP/\\d(?:\\.\\d)?")"[^"]*" 400'],
    reads: "nginx-accesses",
    maxRetry: 5,
  },
  // Programs that no site has, by the names that Debian's filter knows.
  "nginx-botsearch": { ...WEB, filter: "nginx-botsearch", reads: "nginx-accesses", maxRetry: 3 },
  // Keys, settings and repositories that somebody may have left in a site's folder; Nginx decodes before it looks. The answer
  // is looked at first: a path of many such names would be searched from each of them to its end.
  "nginx-hidden-files": {
    ...WEB,
    filter: ['(?="[^"]*" 4\\d\\d)"[A-Z]+ (?:[^" ?]*(?:/|%%2[Ff]))?(?:\\.|%%2[Ee])(?!well-known/)[^" /?]'],
    reads: "nginx-accesses",
    maxRetry: 3,
  },
  // A large page on a fast line is over the limit for a moment: only who goes on is banned. A program's own 429 counts too.
  "nginx-limit-req": {
    ...WEB,
    filter: ['"[^"]*" 429'],
    reads: "nginx-accesses",
    maxRetry: 30,
    banSeconds: 10 * MINUTE,
  },
};

/** Every jail of a machine by its name: what is not on the machine has none. */
export function jailsOf(spec: HostSpec): Readonly<Record<string, Jail>> {
  return {
    // The journal: Debian 12 has no /var/log/auth.log unless a log daemon is installed.
    sshd: {
      filter: "sshd[mode=aggressive]",
      reads: "journal",
      ports: [sshPort(spec)],
      maxRetry: 5,
      findSeconds: 10 * MINUTE,
      banSeconds: HOUR,
    },
    ...(spec.nginx !== undefined && NGINX),
    // Who was banned several times is banned for long, on every port.
    recidive: {
      filter: "recidive",
      reads: { file: "/var/log/fail2ban.log" },
      ports: "all",
      maxRetry: 5,
      findSeconds: DAY,
      banSeconds: 7 * DAY,
    },
    ...spec.jails,
  };
}
