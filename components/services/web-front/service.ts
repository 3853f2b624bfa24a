import type { HostDefinition } from "#components/host/bundle/host-spec.ts";
import { autheliaJail } from "#components/host/bundle/jail.ts";
import type { Endpoint, ProgramRendering } from "#components/wiring/blueprint.ts";
import { hostProgram } from "#components/wiring/host-program.ts";
import type { HostProgram, ProgramUse } from "#components/wiring/host-program.ts";
import type { ProtectedSite } from "../authelia/options.ts";
import { domainOf, originOf } from "../site.ts";
import type { SiteSettings } from "../site.ts";
import { certificateFiles, certificateUnits } from "./certificates.ts";
import { asksCountry, httpConfig } from "./http-config.ts";
import type { FrontOptions, PlannedCertificate, PlannedSite } from "./options.ts";
import { frontProblems } from "./problems.ts";
import { certificateSettings, frontSettings } from "./settings.ts";
import type { CertificateSettings, FrontTold } from "./settings.ts";
import { siteConfig } from "./site-config.ts";

/** Debian's nginx runs its workers as www-data. */
const WWW_DATA = 33;

/**
 * The web server of the machine itself, Debian's nginx: a server block for each site, and no answer for any other name. A
 * site that `login` protects is handed on to only after Authelia said yes to the very request; which paths of it are open is
 * Authelia's to say, too. Who may open ports 80 and 443 is the machine's place to say.
 *
 * A site is served once its certificate is on the machine; until then it ends the handshake, and the others are served.
 *
 * @example
 * ```ts
 * const wiki = staticSite("wiki", { folder: "/srv/sites/wiki" });
 * // garrison:wiki: { domain: wiki.example.org, certificate: /etc/ssl/wiki.pem, certificateKey: /etc/ssl/private/wiki.pem }
 * const front = webFront("front", { sites: [{ to: wiki, at: siteSettings("wiki") }] });
 * ```
 */
export function webFront(name: string, options: FrontOptions): HostProgram {
  const { sites, login } = options;
  const told = frontSettings(name);
  const opened = [...sites, ...(login === undefined ? [] : [{ to: login, at: login.site }])].map((site): Opened => ({
    ...site,
    files: certificateSettings(site.at),
    protectedBy: login?.protects.find((one) => one.site === site.at),
  }));
  const uses = Object.fromEntries(
    opened.map(({ to, protectedBy }): [string, ProgramUse] => [
      to.name,
      {
        to,
        why: protectedBy ? "people who have logged in open it" : "people open it",
        ...(protectedBy && login && { authenticatedBy: login }),
      },
    ]),
  );
  return hostProgram(name, {
    uses,
    account: WWW_DATA,
    settings: [told, ...opened.flatMap(({ to, at, files }) => [at, files].map((part) => ({ part, of: to })))],
    problems: (self) => {
      const toldSites = presentOf(self, opened, login).map(({ at, protectedBy }) => ({
        part: at.name,
        domain: domainOf(at, self.setting(at)),
        open: protectedBy?.open ?? [],
      }));
      return frontProblems(name, self.setting(told), toldSites);
    },
    configure: (self) => {
      const here = presentOf(self, opened, login);
      const certificates = here.map((site) => certificateOf(self, site));
      return hostOf(
        name,
        self.setting(told),
        here.map((site) => planned(self, site, login)),
        certificates,
      );
    },
  });
}

/** A site with the part of the settings that is the front's, and what Authelia says of it. */
interface Opened {
  readonly to: Endpoint;
  readonly at: SiteSettings;
  readonly bodyMiB?: number;
  readonly live?: boolean;
  readonly files: CertificateSettings;
  readonly protectedBy: ProtectedSite | undefined;
}

/** Without the login nobody opens what it protects. */
function presentOf(self: ProgramRendering, opened: readonly Opened[], login: FrontOptions["login"]): Opened[] {
  const asks = login !== undefined && self.has(login.name);
  return opened.filter(({ to, protectedBy }) => self.has(to.name) && (protectedBy === undefined || asks));
}

function planned(self: ProgramRendering, site: Opened, login: FrontOptions["login"]): PlannedSite {
  const { to, at, bodyMiB = 1, live = false, protectedBy } = site;
  const { authority, speaks } = self.use(to.name);
  return {
    name: to.name,
    domain: domainOf(at, self.setting(at)),
    upstream: `${speaks === "https" ? "https" : "http"}://${authority}`,
    bodyMiB,
    live,
    ...(protectedBy &&
      login && {
        login: { page: originOf(login.site, self.setting(login.site)), ask: self.use(login.name).url },
      }),
    isLogin: to === login,
  };
}

/** In a lab that names no files, ones that somebody may still put there. */
function certificateOf(self: ProgramRendering, { to, files }: Opened): PlannedCertificate {
  const { certificate, certificateKey } = self.setting(files);
  return {
    site: to.name,
    certificate: certificate ?? `/etc/ssl/garrison/${to.name}.pem`,
    key: certificateKey ?? `/etc/ssl/garrison/${to.name}.key`,
  };
}

function hostOf(
  name: string,
  told: FrontTold,
  sites: readonly PlannedSite[],
  certificates: readonly PlannedCertificate[],
): HostDefinition {
  const page = sites.find(({ isLogin }) => isLogin);
  return {
    packages: ["openssl", ...(asksCountry(told) ? ["libnginx-mod-http-geoip2"] : [])],
    files: certificateFiles(certificates),
    units: certificateUnits(certificates),
    ...(page && { jails: { authelia: autheliaJail(page.name) } }),
    nginx: {
      sites: {
        [name]: httpConfig(told),
        ...Object.fromEntries(sites.map((site) => [site.name, siteConfig(site, told)])),
      },
      ...(told.proxies.length > 0 && { proxies: told.proxies, header: "X-Forwarded-For" }),
    },
  };
}
