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

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;

/** What jails of visitors have in common. */
export const WEB = { ports: ["http", "https"], findSeconds: 10 * MINUTE, banSeconds: HOUR } as const;

/**
 * Who fails to log in at Authelia: by its answer in the log of the site where people log in, since whatever container
 * writes what a jail reads could ban anybody. Any path counts, because Authelia reads `/api/%66irstfactor` too.
 *
 * 401 is a wrong password and 403 a wrong second factor: read in Authelia 4.39, `internal/handlers`.
 */
export function autheliaJail(site: string): Jail {
  return { ...WEB, filter: ['"POST [^"]+" 40[13]'], reads: { accessesOf: site }, maxRetry: 5 };
}

/** Whether its offenders are visitors of Nginx, who may come through a proxy. */
export function ofNginx({ reads }: Jail): boolean {
  return reads === "nginx-accesses" || reads === "nginx-errors" || (typeof reads === "object" && "accessesOf" in reads);
}
