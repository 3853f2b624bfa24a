import { sshPort } from "./host-spec.ts";
import type { HostSpec } from "./host-spec.ts";

/** Who is banned, for what, and for how long. */
export interface Jail {
  /**
   * Name of a filter of Debian's fail2ban, with its options: `sshd[mode=aggressive]`. Or lines of our own for an access log of
   * Nginx: regular expressions of Python for its request and status, `"GET / HTTP/1.1" 404 `.
   */
  readonly filter: string | readonly string[];
  readonly reads: JailSource;
  /** Ports that a ban closes: numbers or names of services. Behind a proxy, Nginx refuses instead. */
  readonly ports: "all" | readonly (number | string)[];
  /** So many lines within so many seconds ban. */
  readonly maxRetry: number;
  readonly findSeconds: number;
  /** The first time; each time again it is doubled, up to a week. */
  readonly banSeconds: number;
}

/** Where the lines are: in the journal, in what Nginx logs of all sites or of one, or in a file. */
export type JailSource =
  | "journal"
  | "nginx-accesses"
  | "nginx-errors"
  /** The access log of a site of Nginx. */
  | { readonly accessesOf: string }
  | { readonly file: string };

/** Where a site of Nginx logs its requests, the client first, and what went wrong with them. */
export function siteLogs(site: string): { readonly access: string; readonly error: string } {
  return { access: `/var/log/nginx/${site}.access.log`, error: `/var/log/nginx/${site}.error.log` };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEB = { ports: ["http", "https"], findSeconds: 10 * MINUTE, banSeconds: HOUR } as const;

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
  // Keys, settings and repositories that somebody may have left in a site's folder.
  "nginx-hidden-files": {
    ...WEB,
    filter: ['"[A-Z]+ (?:[^" ?]*/)?\\.(?!well-known/)[^" /?][^"]*" 4\\d\\d'],
    reads: "nginx-accesses",
    maxRetry: 3,
  },
  // A large page on a fast line is over the limit for a moment: only who goes on is banned.
  "nginx-limit-req": {
    ...WEB,
    filter: "nginx-limit-req",
    reads: "nginx-errors",
    maxRetry: 30,
    banSeconds: 10 * MINUTE,
  },
};

/**
 * Who fails to log in at Authelia: by its answer in the log of the site where people log in, since whatever container
 * writes what a jail reads could ban anybody. Any path counts, because Authelia reads `/api/%66irstfactor` too.
 *
 * 401 is a wrong password and 403 a wrong second factor: read in Authelia 4.39, `internal/handlers`.
 */
export function autheliaJail(site: string): Jail {
  return { ...WEB, filter: ['"POST [^"]+" 40[13]'], reads: { accessesOf: site }, maxRetry: 5 };
}

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

/** Whether its offenders are visitors of Nginx, who may come through a proxy. */
export function ofNginx({ reads }: Jail): boolean {
  return reads === "nginx-accesses" || reads === "nginx-errors" || (typeof reads === "object" && "accessesOf" in reads);
}
