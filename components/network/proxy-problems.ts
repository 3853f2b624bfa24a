import type { Problem } from "../lib/problems.ts";
import type { Allowance, MachineDefinition } from "../machine/machine-definition.ts";
import type { Flow } from "./flow.ts";
import { covers } from "./host-names.ts";

/** Clients of a proxy that would meet on its networks, and lists of what they may ask for that do not fit the flows. */
export function proxyProblems({ services, flows, networks, allowed }: MachineDefinition): Problem[] {
  const proxies = services.filter(({ proxy }) => proxy === true).map(({ name }) => name);
  const clientsOf = new Map(proxies.map((proxy) => [proxy, clients(proxy, flows)]));
  const allowedClients = new Set(allowed.map(({ client }) => client));
  const everyClient = new Set([...clientsOf.values()].flatMap((own) => [...own]));
  return [
    ...proxies.flatMap((proxy) =>
      networks
        .filter(({ egress, members }) => egress !== true && members.includes(proxy))
        .flatMap(({ name, members }) => {
          const others = [...new Set(members)].filter((member) => member !== proxy);
          const [only] = others;
          if (others.length === 1 && only !== undefined && clientsOf.get(proxy)?.has(only) === true) return [];
          return [
            {
              property: `networks.${name}.members`,
              found: `${proxy} with ${others.length === 0 ? "nobody" : others.join(" and ")}`,
              expected: "a proxy with exactly one client: a service that has a flow to it",
            },
          ];
        }),
    ),
    ...allowanceProblems(allowed, everyClient),
    ...[...everyClient]
      .filter((client) => !allowedClients.has(client))
      .map((client) => ({
        property: `allowed.${client}`,
        found: "nothing, and a flow to a proxy",
        expected: "what it may ask the proxy for",
        fix: `allow("${client}", ["…"], "…") among the machine's allowances`,
      })),
  ];
}

function clients(proxy: string, flows: readonly Flow[]): ReadonlySet<string> {
  return new Set(flows.filter(({ to }) => to === proxy).map(({ from }) => from));
}

function allowanceProblems(allowed: readonly Allowance[], everyClient: ReadonlySet<string>): Problem[] {
  const hostsOf = new Map<string, string[]>();
  for (const { client, hosts } of allowed) {
    const own = hostsOf.get(client);
    if (own === undefined) hostsOf.set(client, [...hosts]);
    else own.push(...hosts);
  }
  return [...hostsOf].flatMap(([client, hosts]) => {
    const property = `allowed.${client}`;
    return [
      ...(everyClient.has(client)
        ? []
        : [{ property, found: "an allowance without a flow", expected: "a client that has a flow to a proxy" }]),
      ...(hosts.length === 0 ? [{ property, found: "no name", expected: "at least one host name" }] : []),
      ...hosts
        .filter((host) => !isHost(host))
        .map((host) => ({
          property,
          found: JSON.stringify(host),
          expected: 'a host name in lower case, ".example.org" for all below one, or "*" for every public name',
        })),
      ...hosts.flatMap((host, index) => {
        // Of two equal names the second is the superfluous one.
        const by = hosts.find((other, place) => covers(other, host) && (other !== host || place < index));
        if (by === undefined) return [];
        return [{ property, found: `${host}, which ${by} allows already`, expected: "every name once" }];
      }),
    ];
  });
}

const HOST = /^\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

function isHost(text: string): boolean {
  return text === "*" || (text.length <= 253 && HOST.test(text));
}
