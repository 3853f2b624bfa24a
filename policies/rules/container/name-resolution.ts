import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { NamedText, Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { believesAnybody } from "../../../containment/certificates.ts";
import { flawOfHost, flawOfResolver } from "../../../containment/name-owners.ts";

/** Some address of a container's network. */
const NEIGHBOUR = "10.0.0.1";

export const rule: Rule = {
  id: "container.name-resolution",
  title: "No container believes whoever answers for a name: by an address, a resolver or an unread certificate.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI04", "OWASP ASI07"],
  why: "Whoever answers for the name of a model, a registry or a package index gets the keys that were meant for it, and sends back what the program runs.",
  fix: "Remove the entry, so that Docker's own resolver answers; name a resolver of your own network or a public one, or name your own in `resolvers` of the pack configuration, and its authority by a file.",
  waivable: "by-label",
  ...onContainers((container, _, { settings }) => [
    ...container.objects("hosts").flatMap(host),
    ...container.texts("envs").flatMap(variable),
    ...container.objects("networksAdvanced").flatMap((network) => network.texts("aliases").flatMap(alias)),
    ...container.texts("dns").flatMap(({ path, value }) => {
      const flaw = flawOfResolver(value, settings.resolvers);
      return flaw === undefined ? [] : [finding(path, `${show(value)}, ${flaw}`)];
    }),
  ]),
  examples: {
    good: [
      withContainer("The host by its name", { hosts: [{ host: "host.docker.internal", ip: "host-gateway" }] }),
      withContainer("A machine of the network", { hosts: [{ host: "db.example.internal", ip: "10.0.0.5" }] }),
      withContainer("A name that it is kept from", { hosts: [{ host: "telemetry.github.com", ip: "127.0.0.1" }] }),
      withContainer("An authority of its own", { envs: ["NODE_EXTRA_CA_CERTS=/run/secrets/ca.pem"] }),
      withContainer("A public resolver", { dns: ["9.9.9.9"] }),
      withContainer("The network's resolver", { dns: ["192.168.1.1"] }),
    ],
    bad: [
      withContainer("The name of a model's API", { hosts: [{ host: "api.anthropic.com", ip: "192.0.2.9" }] }),
      withContainer("A model's files on the network", { hosts: [{ host: "cdn-lfs.huggingface.co", ip: "10.0.0.9" }] }),
      withContainer("A name for the metadata service", { hosts: [{ host: "config", ip: "169.254.169.254" }] }),
      withContainer("A name of others on its network", {
        networksAdvanced: [{ name: "example-net", aliases: ["registry-1.docker.io"] }],
      }),
      withContainer("Any certificate", { envs: ["NODE_TLS_REJECT_UNAUTHORIZED=0"] }),
      withContainer("A resolver of somebody's", { dns: ["192.0.2.66"] }),
    ],
  },
};

function host(entry: Properties): Finding[] {
  const [name = "", ip = ""] = [entry.text("host"), entry.text("ip")];
  const flaw = flawOfHost(name, ip);
  return flaw === undefined ? [] : [finding(entry.path("ip"), `${show(ip)} for ${show(name)}: ${flaw}`)];
}

/** All others of the network that ask for the name get the container's address. */
function alias({ path, value }: Omit<NamedText, "name">): Finding[] {
  const flaw = flawOfHost(value, NEIGHBOUR);
  return flaw === undefined ? [] : [finding(path, `${show(value)}: ${flaw}`)];
}

function variable({ path, value }: Omit<NamedText, "name">): Finding[] {
  const sign = value.indexOf("=");
  if (!believesAnybody(value.slice(0, sign), value.slice(sign + 1))) return [];
  return [{ property: path, found: `${show(value)}, any certificate`, expected: "certificates that are looked at" }];
}

function finding(property: string, found: string): Finding {
  return { property, found, expected: "the address that the name's owner publishes" };
}
