import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { flawOfHost, flawOfResolver } from "../../../containment/name-owners.ts";

export const rule: Rule = {
  id: "container.name-resolution",
  title: "No container takes another address for a name that belongs to others, or asks an unknown resolver.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI04", "OWASP ASI07"],
  why: "Whoever answers for the name of a model, a registry or a package index gets the keys that were meant for it, and sends back what the program runs.",
  fix: "Remove the entry, so that Docker's own resolver answers; name a resolver of your own network or a public one, or name your own in `resolvers` of the pack configuration.",
  waivable: "by-label",
  ...onContainers((container, _, { settings }) => [
    ...container.objects("hosts").flatMap(host),
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
      withContainer("A public resolver", { dns: ["9.9.9.9"] }),
      withContainer("The network's resolver", { dns: ["192.168.1.1"] }),
    ],
    bad: [
      withContainer("The name of a model's API", { hosts: [{ host: "api.anthropic.com", ip: "192.0.2.9" }] }),
      withContainer("A model's files on the network", { hosts: [{ host: "cdn-lfs.huggingface.co", ip: "10.0.0.9" }] }),
      withContainer("A name for the metadata service", { hosts: [{ host: "config", ip: "169.254.169.254" }] }),
      withContainer("A resolver of somebody's", { dns: ["192.0.2.66"] }),
    ],
  },
};

function host(entry: Properties): Finding[] {
  const [name = "", ip = ""] = [entry.text("host"), entry.text("ip")];
  const flaw = flawOfHost(name, ip);
  return flaw === undefined ? [] : [finding(entry.path("ip"), `${show(ip)} for ${show(name)}: ${flaw}`)];
}

function finding(property: string, found: string): Finding {
  return { property, found, expected: "the address that the name's owner publishes" };
}
