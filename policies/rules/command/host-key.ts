import { CONNECTING, commandType } from "#lib/command-texts.ts";
import { takenHostKeys, uncheckedKeys } from "#lib/host-keys.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";
import { type } from "#lib/types.ts";

const PINNED = "the host's public key";
const CHECKED = `StrictHostKeyChecking=yes and a file with ${PINNED}`;

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample";

export const rule: Rule = {
  id: "command.host-key",
  title: "Every connection to a host checks the host's key.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03", "OWASP ASI07"],
  why: "Whoever answers in the host's place is given the commands, the files and every secret among them.",
  fix: "Set `hostKey` on the connection and on its proxy, or give ssh a known_hosts file with the key and StrictHostKeyChecking=yes.",
  waivable: "by-configuration",
  types: [...HOLDING, type.dockerProvider],
  check: (resource) => [
    ...((CONNECTING as readonly string[]).includes(resource.type) ? connection(resource) : []),
    ...(resource.type === type.dockerProvider ? [] : texts(resource)),
    ...(resource.type === type.dockerProvider ? provider(resource) : []),
  ],
  examples: {
    good: [
      command("A pinned host key", { connection: { host: "192.0.2.10", user: "deploy", hostKey }, create: "uptime" }),
      command("By way of a bastion, both pinned", {
        connection: { host: "192.0.2.10", user: "deploy", hostKey, proxy: { host: "192.0.2.1", hostKey } },
        create: "uptime",
      }),
      local("ssh with a file of known hosts", {
        create: "ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/etc/ssh/known deploy@192.0.2.10 uptime",
      }),
    ],
    bad: [
      command("No host key", { connection: { host: "192.0.2.10", user: "deploy" }, create: "uptime" }),
      command("A bastion without one", {
        connection: { host: "192.0.2.10", user: "deploy", hostKey, proxy: { host: "192.0.2.1" } },
        create: "uptime",
      }),
      {
        title: "Files sent to whoever answers",
        resources: [
          {
            type: commandType.copyToRemote,
            name: "copy",
            properties: { connection: { host: "192.0.2.10", user: "deploy" }, remotePath: "/srv/example" },
          },
        ],
      },
      local("ssh that takes any key", { create: "ssh -oStrictHostKeyChecking=no deploy@192.0.2.10 uptime" }),
      local("ssh that forgets keys", { create: 'scp -o "UserKnownHostsFile /dev/null" a deploy@192.0.2.10:' }),
      local("ssh that takes any new key", { create: "rsync -e 'ssh -o StrictHostKeyChecking=accept-new' a b:" }),
      {
        title: "A Docker provider that takes any key",
        resources: [
          {
            type: type.dockerProvider,
            name: "docker",
            properties: { host: "ssh://deploy@192.0.2.10", sshOpts: ["-o", "StrictHostKeyChecking=no"] },
          },
        ],
      },
    ],
  },
};

function connection({ properties }: Resource): Finding[] {
  const own = properties.object("connection");
  const proxy = own.object("proxy");
  const viaProxy = own.get("proxy") !== undefined;
  return [...unpinned(own), ...(viaProxy ? unpinned(proxy) : [])];
}

function unpinned(place: Properties): Finding[] {
  if ((place.text("hostKey") ?? "").trim() !== "") return [];
  return [{ property: place.path("hostKey"), found: "not set, so that any key will do", expected: PINNED }];
}

function texts(resource: Resource): Finding[] {
  const scripts = findingsInScripts(resource, ({ script }) =>
    takenHostKeys(script).map((found) => ({ found, expected: CHECKED })),
  );
  const environment = resource.properties.object("environment").entries();
  return [
    ...scripts,
    ...environment.flatMap(({ path, name, value }) =>
      uncheckedKeys(`${name}=${value}`).map((found) => ({ property: path, found, expected: CHECKED })),
    ),
  ];
}

/** A provider's list may be a list, or JSON text of one. */
function provider({ properties }: Resource): Finding[] {
  if (!(properties.text("host") ?? "ssh:").toLowerCase().startsWith("ssh:")) return [];
  const listed = properties.texts("sshOpts").map(({ value }) => value);
  const text = [properties.text("sshOpts") ?? "", ...listed].join(" ").replaceAll(/["'\\,[\]]/g, " ");
  return uncheckedKeys(text).map((found) => ({ property: "sshOpts", found, expected: CHECKED }));
}

function command(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: commandType.remote, name: "command", properties }] };
}

function local(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: commandType.local, name: "command", properties }] };
}
