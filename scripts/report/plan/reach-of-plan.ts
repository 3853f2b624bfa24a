import type { AzurePlan } from "#components/azure/plan-azure.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { sshPort } from "#components/host/bundle/host-spec.ts";
import type { Allowance } from "#components/machine/machine-definition.ts";
import type { MachinePlan } from "#components/machine/plan-machine.ts";
import { formatPort } from "#components/network/flow.ts";
import { reachability } from "#components/network/reachability.ts";
import type { Reachability } from "#components/network/reachability.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { referencesIn } from "#components/secrets/reference.ts";
import { isWide } from "../is-wide.ts";
import type { Part } from "../side.ts";

/** What can be reached on a machine, for the services that are on it. */
export function reachOf(
  plan: MachinePlan,
  services: readonly ServiceSpec[],
  allowed: readonly Allowance[],
): Reachability {
  const { networks, flows, settings } = plan;
  const { publish, resolvers } = settings;
  const present = new Set(plan.containers.map(({ name }) => name));
  return reachability({
    services: services.filter(({ name }) => present.has(name)),
    networks,
    flows,
    allowed: allowed.filter(({ client }) => present.has(client)),
    publish,
    resolvers,
  });
}

/** Every connection that somebody may begin. The host, which is root over its containers, is not told. */
export function pathsOf(reach: Reachability): Part<"paths">[] {
  const ends = new Map(reach.estate.flows.map(({ from, to }) => [JSON.stringify([from, to]), [from, to] as const]));
  return [...ends.values()].flatMap(([from, to]) =>
    reach.portsOf(to).flatMap((port) => {
      const answer = reach.ask(from, to, port);
      if (!answer.reachable || from === "host") return [];
      const over = [...new Set(answer.ways.map(({ network }) => network))].sort().join(", ");
      const why = [...new Set(answer.ways.map((way) => way.why))].sort().join("; ");
      return [{ from, to, port: formatPort(port), over, why }];
    }),
  );
}

/** The names that proxies fetch for their clients. */
export function proxiedOf(reach: Reachability): Part<"proxied">[] {
  const { services, allowed } = reach.estate;
  return services.flatMap(({ name: from }) =>
    reach
      .relaysOf(from)
      .flatMap(({ proxy: through }) =>
        allowed
          .filter(({ client }) => client === from)
          .flatMap(({ hosts, why }) => hosts.map((name) => ({ from, through, name, why }))),
      ),
  );
}

/** What a machine and its cloud let in. */
export function openingsOf(host: HostSpec | undefined, azure: AzurePlan | undefined): Part<"openings">[] {
  const machines = azure === undefined ? (host === undefined ? [] : [host]) : azure.machines.map((own) => own.host);
  return [
    ...machines.flatMap(openingsOfHost),
    ...(azure?.network.subnets ?? []).flatMap(({ name, rules }) =>
      rules
        .filter(({ access }) => access === "Allow")
        .flatMap(({ sources, everyone, ports, protocol, description: why }) =>
          [...sources, ...(everyone === undefined ? [] : [everyone])].flatMap((from) =>
            ports.map((number) => {
              const port = protocol === "Udp" ? `${number}/udp` : number;
              return { on: `subnet ${name}`, port, from, public: isWide(from), why };
            }),
          ),
        ),
    ),
  ];
}

function openingsOfHost({ host, ...spec }: HostSpec): Part<"openings">[] {
  const { access, firewall } = spec;
  const ssh = [...new Set([...access.operatorsFrom, ...access.deployerFrom])].map((from) => ({
    port: String(sshPort({ host, ...spec })),
    from,
    why: "ssh, by key",
  }));
  const others = firewall.open.flatMap(({ port, protocol, from, why }) =>
    from.map((block) => ({ port: formatPort({ number: port, protocol }), from: block, why })),
  );
  return [...ssh, ...others].map((one) => ({ on: `machine ${host}`, public: isWide(one.from), ...one }));
}

/** Who holds which secret, and at which paths it finds it. */
export function credentialsOf({ files, secrets }: MachinePlan): Part<"credentials">[] {
  const known = new Map(secrets.map((secret) => [secret.name, secret]));
  return files.flatMap(({ service: reader, directories }) => {
    const uses = directories.flatMap(({ target, files: texts }) =>
      Object.entries(texts).flatMap(([file, text]) =>
        referencesIn(text).map(({ name, field, as }) => ({
          name,
          at: `${target}/${file}`,
          holds:
            as === "sha256"
              ? ("hash" as const)
              : field === "certificate"
                ? ("certificate" as const)
                : ("value" as const),
        })),
      ),
    );
    return [...Map.groupBy(uses, ({ name, holds }) => JSON.stringify([name, holds])).values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { name: secret, holds } = first;
      const at = [...new Set(same.map((use) => use.at))].sort();
      return [{ secret, opens: known.get(secret)?.why ?? "", reader, holds, at }];
    });
  });
}
