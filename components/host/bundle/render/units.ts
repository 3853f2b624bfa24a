import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import type { HostUnit, UnitValue, UnitWaiver } from "../host-spec.ts";

/** Highest exposure, in tenths, that `systemd-analyze security` may find without a waiver. */
export const EXPOSURE = 30;

/** What every service of ours is kept from. Each is a setting of systemd.exec(5); together they score about 1.3. */
const SANDBOX: Readonly<Record<string, UnitValue>> = {
  NoNewPrivileges: "yes",
  PrivateTmp: "yes",
  PrivateDevices: "yes",
  ProtectSystem: "strict",
  ProtectHome: "yes",
  ProtectKernelTunables: "yes",
  ProtectKernelModules: "yes",
  ProtectKernelLogs: "yes",
  ProtectControlGroups: "yes",
  ProtectClock: "yes",
  ProtectHostname: "yes",
  ProtectProc: "invisible",
  RestrictAddressFamilies: "AF_UNIX AF_INET AF_INET6",
  RestrictNamespaces: "yes",
  RestrictRealtime: "yes",
  RestrictSUIDSGID: "yes",
  RemoveIPC: "yes",
  LockPersonality: "yes",
  SystemCallArchitectures: "native",
  SystemCallFilter: ["@system-service", "~@privileged @resources"],
  SystemCallErrorNumber: "EPERM",
  CapabilityBoundingSet: "",
  UMask: "0077",
  KeyringMode: "private",
};

/**
 * What a service is kept from that acts on the machine as a whole, and has no view of the file system of its own: it adds
 * the system calls and capabilities that it needs. Lines of a unit.
 */
export const WHOLE_MACHINE_SANDBOX = `NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
KeyringMode=private`;

/** Renders a unit; a service's own settings win over the sandbox. */
export function unit(wanted: HostUnit): BundleEntry[] {
  const { name, unit: own, service, timer, path, install, waiver } = wanted;
  const sections = {
    Unit: own,
    Service: service && { ...SANDBOX, ...service },
    Timer: timer,
    Path: path,
    Install: install,
  };
  const text = Object.entries(sections)
    .flatMap(([section, settings]) => (settings === undefined ? [] : [render(section, settings)]))
    .join("\n");
  const comment = waiver === undefined ? "" : waiverLine(waiver);
  return [
    entry(`/etc/systemd/system/${name}`, comment + text, {
      check: `unit:${waiver?.exposure ?? EXPOSURE}`,
      // Only what runs: many services run once and end.
      actions: [`4:try-restart:${name}`],
    }),
  ];
}

/** The sandbox for a service that Debian brings; its own settings win here too. */
export function dropIn(name: string, own: Readonly<Record<string, UnitValue>>, exposure: number): BundleEntry {
  const text = render("Service", { ...SANDBOX, ...own });
  return entry(
    `/etc/systemd/system/${name}.d/garrison.conf`,
    `# Made by Garrison; a change by hand does not stay.\n${text}`,
    {
      check: `unit:${exposure}`,
      actions: [`4:restart:${name}`],
    },
  );
}

/** Says in a unit why it is more exposed than others. */
export function waiverLine({ reason, owner, expires }: UnitWaiver): string {
  return `# Waiver: ${reason} (${owner}, until ${expires})\n`;
}

function render(section: string, settings: Readonly<Record<string, UnitValue>>): string {
  const lines = Object.entries(settings).flatMap(([key, value]) => [value].flat().map((one) => `${key}=${one}`));
  return [`[${section}]`, ...lines, ""].join("\n");
}
