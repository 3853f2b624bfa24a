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

/**
 * Where the lines are: in the journal, in what Nginx logs of all requests or of one site's, or in a file. Not what Nginx logs
 * of errors: there it writes the name of a file that is missing as it decoded it, so a visitor writes whole lines (run, 1.22.1).
 */
export type JailSource =
  | "journal"
  | "nginx-accesses"
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
 * 401 is a wrong password and 403 a wrong second factor, or, by `PUT`, a wrong code for a new one: read in Authelia 4.39,
 * `internal/handlers`.
 */
export function autheliaJail(site: string): Jail {
  return { ...WEB, filter: ['"P(?:OS|U)T [^"]+" 40[13]'], reads: { accessesOf: site }, maxRetry: 5 };
}

/** Whether its offenders are visitors of Nginx, who may come through a proxy. */
export function ofNginx({ reads }: Jail): boolean {
  return reads === "nginx-accesses" || (typeof reads === "object" && "accessesOf" in reads);
}
