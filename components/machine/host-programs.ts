import type { FileContext } from "../files/service-files.ts";
import { claimedTwice } from "../lib/claims.ts";
import type { Problem } from "../lib/problems.ts";
import type { Flow } from "../network/flow.ts";
import type { PlannedNetwork } from "../network/plan-networks.ts";
import type { Settings } from "../settings/settings.ts";
import type { HostDefinition } from "../host/bundle/host-spec.ts";
import type { Jail } from "../host/bundle/jail.ts";
import type { ConfiguredProgram, MachineDefinition } from "./machine-definition.ts";

interface HostPlan {
  /** @default the machine has no configuration of its own */
  readonly host: HostDefinition | undefined;
  readonly problems: readonly Problem[];
}

/** What the machine is configured with: its own, and what its programs need. */
export function hostWithPrograms(
  { host, programs }: Pick<MachineDefinition, "host" | "programs">,
  context: FileContext,
  settings: Pick<Settings, "host">,
): HostPlan {
  const configured = programs?.(context) ?? [];
  if (configured.length === 0) return { host, problems: [] };
  const all = [...(host === undefined ? [] : [{ program: "host", host, problems: [] }]), ...configured];
  return {
    host: merged(all.map((own) => own.host)),
    problems: [
      ...(settings.host === undefined ? configured.map(unwritten) : []),
      ...twice(all),
      ...configured.flatMap((own) => own.problems),
    ],
  };
}

/** What a container calls programs of the machine, and the machine's address on the network to each. */
export function programAddresses(
  service: string,
  flows: readonly Flow[],
  networks: readonly PlannedNetwork[],
): Record<string, string> {
  const asked = flows.filter(({ from, to }) => from === service && to === "host");
  return Object.fromEntries(
    asked.flatMap(({ program, network }) => {
      const gateway = networks.find(({ name }) => name === network)?.gateway;
      return program === undefined || gateway === undefined ? [] : [[program, gateway] as const];
    }),
  );
}

function merged(all: readonly HostDefinition[]): HostDefinition {
  const sites = Object.assign({}, ...all.map(({ nginx }) => nginx?.sites)) as Record<string, string>;
  const proxies = [...new Set(all.flatMap(({ nginx }) => nginx?.proxies ?? []))];
  const header = all.find(({ nginx }) => nginx?.header !== undefined)?.nginx?.header;
  const nginx = all.some((own) => own.nginx !== undefined);
  return {
    packages: [...new Set(all.flatMap(({ packages = [] }) => packages))],
    files: all.flatMap(({ files = [] }) => files),
    units: all.flatMap(({ units = [] }) => units),
    sysctl: Object.assign({}, ...all.map(({ sysctl }) => sysctl)) as Record<string, string>,
    jails: Object.assign({}, ...all.map(({ jails }) => jails)) as Record<string, Jail>,
    open: all.flatMap(({ open = [] }) => open),
    ...(nginx && { nginx: { sites, ...(proxies.length > 0 && { proxies }), ...(header !== undefined && { header }) } }),
  };
}

function unwritten({ program }: ConfiguredProgram): Problem {
  return {
    property: `programs.${program}`,
    found: "a configuration of the machine, which nobody writes",
    expected: "garrison:host, by which Garrison configures the machine",
  };
}

/** A name that two give away would be the last one's. */
function twice(all: readonly ConfiguredProgram[]): Problem[] {
  const namesOf = {
    "nginx.sites": ({ nginx }: HostDefinition) => Object.keys(nginx?.sites ?? {}),
    files: ({ files = [] }: HostDefinition) => files.map(({ path }) => path),
    units: ({ units = [] }: HostDefinition) => units.map(({ name }) => name),
    jails: ({ jails = {} }: HostDefinition) => Object.keys(jails),
    sysctl: ({ sysctl = {} }: HostDefinition) => Object.keys(sysctl),
  };
  return Object.entries(namesOf).flatMap(([part, names]) =>
    claimedTwice(all.flatMap(({ program, host }) => names(host).map((name) => [program, name] as const))).map(
      ([name, owners]) => ({
        property: `programs.${part}.${name}`,
        found: `one of ${owners.join(" and ")}`,
        expected: "each its own",
      }),
    ),
  );
}
