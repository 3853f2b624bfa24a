import { onContainers } from "#lib/containers.ts";
import { container, labels, withContainer } from "#lib/examples.ts";
import { isOurs } from "#lib/labels.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";

// Docker reads the numbers with Atoi, for which "00" and "+0" are root too: only plain numbers are let through.
const NON_ROOT = /^[1-9]\d*(:[1-9]\d*)?$/;
// An estate numbers its services from here, so that no two on a host, and no person, share a uid.
const FIRST_OWN_UID = 20_001;

export const rule: Rule = {
  id: "container.user",
  title: "Every container runs as a numeric user other than root.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.1", "OWASP ASI03"],
  why: "Root in a container is root on the host after any escape, and a name means whatever the image says it means.",
  fix: 'Set `user` to a uid and gid of the container\'s own, for instance "20001:20001".',
  waivable: "by-label",
  ...onContainers((container, resource) => user(container, resource)),
  examples: {
    good: [
      withContainer("Uid and gid", {}),
      withContainer("A uid alone", { user: "20001" }),
      withContainer("Any uid, in a program of others", { user: "1000:1000" }),
    ],
    bad: [
      withContainer("No user: the image decides", { user: undefined }),
      withContainer("An empty user", { user: "" }),
      withContainer("Root by name", { user: "root" }),
      withContainer("Root by number", { user: "0" }),
      withContainer("Root and its group", { user: "0:0" }),
      withContainer("Root in disguise", { user: "00" }),
      withContainer("Another name", { user: "node" }),
      withContainer("A group by name", { user: "20001:docker" }),
      withContainer("Root's group", { user: "20001:0" }),
      {
        title: "A uid in an estate that another service or a person may have",
        resources: [container({ user: "1000:1000", labels: labels({ "garrison.estate": "demo" }) })],
      },
    ],
  },
};

function user(container: Properties, resource: Resource): Finding[] {
  const [found, property] = [container.text("user"), container.path("user")];
  if (found === undefined || !NON_ROOT.test(found)) {
    return [{ property, found: show(found), expected: "a uid, or uid:gid, in digits and not 0" }];
  }
  if (!isOurs(resource) || Number(found.split(":")[0]) >= FIRST_OWN_UID) return [];
  return [{ property, found: show(found), expected: `a uid from ${String(FIRST_OWN_UID)}, the service's own` }];
}
