import { commandsIn, commandTexts, CONNECTING, commandType, RUNNING } from "../../lib/command-texts.ts";
import type { Properties } from "../../lib/properties.ts";
import type { Resource } from "../../lib/resource.ts";
import type { Example, Finding, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";

const PINNED = "the host's public key";

const NO_FILE = "UserKnownHostsFile=/dev/null";

/** Ways to make ssh, scp, sftp or rsync take any key; quotes are gone. `-o X` and `-oX` alike. */
const UNCHECKED: readonly (readonly [RegExp, string])[] = [
  [/StrictHostKeyChecking\s*[=\s]\s*(?:no|off|false)(?![\w-])/i, "StrictHostKeyChecking=no"],
  [
    /StrictHostKeyChecking\s*[=\s]\s*accept-new/i,
    "StrictHostKeyChecking=accept-new, which takes any key the first time",
  ],
  [/UserKnownHostsFile\s*[=\s]\s*(?:\/dev\/null|none)(?![\w./-])/i, NO_FILE],
  [/KnownHostsCommand\s*[=\s].{0,200}\b(?:ssh-keyscan|nc|curl|wget|dig|drill)\b/i, "a KnownHostsCommand that asks the network"],
  [/ssh-keyscan\b.{0,500}(?:>|tee\b).{0,100}known_hosts/i, "ssh-keyscan into known_hosts, which takes any key"],
  [/ANSIBLE_HOST_KEY_CHECKING\s*=\s*(?:false|0|no)\b/i, "ANSIBLE_HOST_KEY_CHECKING=False"],
];

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
  types: [...CONNECTING, commandType.local, type.dockerProvider],
  check: (resource) => [
    ...((CONNECTING as readonly string[]).includes(resource.type) ? connection(resource) : []),
    ...((RUNNING as readonly string[]).includes(resource.type) ? texts(resource) : []),
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
  const environment = resource.properties.object("environment").entries();
  return [...commandTexts(resource), ...environment].flatMap(({ path, value }) =>
    commandsIn(value).flatMap((command) => unchecked(path, command)),
  );
}

/** A provider's list may be a list, or JSON text of one. */
function provider({ properties }: Resource): Finding[] {
  if (!(properties.text("host") ?? "ssh:").toLowerCase().startsWith("ssh:")) return [];
  const listed = properties.texts("sshOpts").map(({ value }) => value);
  const text = [properties.text("sshOpts") ?? "", ...listed].join(" ").replaceAll(/["'\\,[\]]/g, " ");
  return unchecked("sshOpts", text);
}

/** No file of known hosts is right where the key comes from elsewhere, and any other one is refused. */
function unchecked(property: string, command: string): Finding[] {
  const strict = /StrictHostKeyChecking\s*[=\s]\s*(?:yes|true)(?![\w-])/i.test(command);
  const ways = UNCHECKED.filter(([pattern, found]) => !(strict && found === NO_FILE) && pattern.test(command));
  return ways.map(([, found]) => ({
    property,
    found,
    expected: `StrictHostKeyChecking=yes and a file with ${PINNED}`,
  }));
}

function command(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: commandType.remote, name: "command", properties }] };
}

function local(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: commandType.local, name: "command", properties }] };
}
