import type { GvisorSource } from "#components/container/gvisor.ts";
import type { Waiver } from "#components/container/waiver.ts";
import type { Action, Check } from "./bundle.ts";
import type { Jail } from "./jail.ts";

/** Everything of a machine that is not a container, as plain facts. Hardening is the default and is not stated. */
export interface HostSpec {
  /** Name of the machine: letters, digits and dashes. */
  readonly host: string;
  readonly access: HostAccess;
  /** Every user that this project makes. Nobody else's are touched. */
  readonly users: readonly HostUser[];
  /** Debian packages beyond the ones that the parts below need. */
  readonly packages?: readonly string[];
  readonly files?: readonly HostFile[];
  readonly units?: readonly HostUnit[];
  /** Kernel settings beyond the hardened ones, or instead of them. */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** IPv4 networks that this machine is part of or makes, by what they are for: must not overlap. */
  readonly networks: Readonly<Record<string, string>>;
  readonly firewall: HostFirewallSpec;
  readonly docker?: DockerSpec;
  readonly nginx?: NginxSpec;
  /** @default on: needs nothing but an ssh server, and nginx for its other jails */
  readonly fail2ban?: boolean;
  /** Jails of fail2ban by name, beyond the ones for sshd and Nginx, and for who was banned several times. */
  readonly jails?: Readonly<Record<string, Jail>>;
  /** @default on; a container of a lab has no kernel audit of its own */
  readonly audit?: boolean;
  /** @default on; a container of a lab has the clock of its host, which it may only read */
  readonly clock?: boolean;
  /** Time servers. @default Debian's pool */
  readonly timeServers?: readonly string[];
  readonly wazuh?: WazuhAgentSpec;
  /** Seconds in which a change that can lock the operator out must be confirmed, 30 to 900. @default 120 */
  readonly confirmSeconds?: number;
}

/** Who gets in, and from where. Each of them is kept able to: a bundle that locks one out is refused. */
export interface HostAccess {
  /** Port of sshd. @default 22 */
  readonly port?: number;
  /** Users who log in by ssh; each has a key. */
  readonly operators: readonly string[];
  /** User whom deployments log in as. `root`, by key only, or one who may use sudo without a password. */
  readonly deployer: string;
  /** Addresses and blocks they come from; `0.0.0.0/0` where nobody knows. Never banned. */
  readonly operatorsFrom: readonly string[];
  readonly deployerFrom: readonly string[];
  /** The estate's other machines. Never banned. */
  readonly estate: readonly string[];
  /** Machines that are reached through this one, `address:port`. @default none: nothing is passed on */
  readonly passesOnTo?: readonly string[];
}

export interface HostUser {
  /** `root` is here for its keys only. */
  readonly name: string;
  readonly uid: number;
  /** @default "/bin/bash" */
  readonly shell?: string;
  readonly groups?: readonly string[];
  /** Public keys, one line each. */
  readonly keys?: readonly string[];
  /** May become root without a password. @default false */
  readonly sudo?: boolean;
}

export interface HostFile {
  /** Below one of the allowed roots. The machine refuses it where a directory on the way is not root's alone. */
  readonly path: string;
  readonly content: string;
  /** Octal: `0644`. @default "0644" */
  readonly mode?: string;
  /** `user:group`. @default "root:root" */
  readonly owner?: string;
  /** Shown in no difference, and never in custom data. @default false; what looks like a secret must say so */
  readonly secret?: boolean;
  /** Program that judges it. @default none */
  readonly check?: Check;
  /** What happens when it changes. @default nothing */
  readonly actions?: readonly Action[];
}

/** A setting of a unit: once, or several times. */
export type UnitValue = string | readonly string[];
type Section = Readonly<Record<string, UnitValue>>;

/** A systemd unit. Services get a sandbox; what a service sets itself is added to it or wins over it. */
export interface HostUnit {
  /** With its suffix: `backup.service`, `backup.timer`, `requests.path`. */
  readonly name: string;
  readonly unit: Section;
  readonly service?: Section;
  readonly timer?: Section;
  readonly path?: Section;
  readonly install?: Section;
  /** Starts with the machine and runs from now on. @default true where there is an `install` section */
  readonly enabled?: boolean;
  /** Services only: why it may be more exposed than 3.0 on systemd's scale, and up to how much. */
  readonly waiver?: UnitWaiver;
}

export interface UnitWaiver extends Omit<Waiver, "id" | "add"> {
  /** Highest exposure score, in tenths: 34 is 3.4. */
  readonly exposure: number;
}

export interface HostFirewallSpec {
  readonly open: readonly OpenPort[];
  /** Estates whose containers run here. A table of their own judges what comes from their bridges; this one lets it by. */
  readonly estates?: readonly string[];
}

export interface OpenPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Blocks that may connect. */
  readonly from: readonly string[];
  readonly why: string;
}

export interface DockerSpec {
  /** Most open files of a container. For a lab, whose daemon may be able to grant fewer. @default 65536 */
  readonly openFiles?: number;
  /**
   * Where gVisor comes from, under which agents run: its own package source, by a release and a key that are pinned, or
   * Debian's, for a lab. @default no gVisor: the machine has no agents
   */
  readonly gvisor?: GvisorSource;
}

export interface NginxSpec {
  /** Server blocks by name. */
  readonly sites: Readonly<Record<string, string>>;
  /**
   * Blocks of the proxies that all visitors come through, which say for whom they ask. Limits and bans are then
   * the visitor's. A site that answers by `return` alone, or has `allow` or `deny` of its own, takes no notice of bans.
   * @default none: whoever connects is the visitor
   */
  readonly proxies?: readonly string[];
  /**
   * Where they say it: the last of `X-Forwarded-For`, which every proxy writes, or Cloudflare's own header, which other
   * proxies hand on as a visitor wrote it. @default "CF-Connecting-IP"
   */
  readonly header?: "CF-Connecting-IP" | "X-Forwarded-For";
}

export interface WazuhAgentSpec {
  /** Address or name of the manager. */
  readonly manager: string;
  /** @default 1514 */
  readonly port?: number;
  /** Group of agents. */
  readonly group: string;
}

/** The part of a machine's own configuration that is the same for every copy of it. */
export interface HostDefinition extends Pick<HostSpec, "packages" | "files" | "units" | "sysctl" | "nginx" | "jails"> {
  /** Ports of the machine's own programs. @default sshd's alone */
  readonly open?: readonly OpenPort[];
}

/** Port of the machine's sshd. */
export function sshPort({ access }: HostSpec): number {
  return access.port ?? 22;
}

/** Everybody who must get in by ssh. */
export function mustGetIn({ access }: HostSpec): string[] {
  return [...new Set([...access.operators, access.deployer])].sort();
}
