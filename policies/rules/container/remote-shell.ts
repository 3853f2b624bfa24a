import { onContainers } from "../../lib/containers.ts";
import { withContainer } from "../../lib/examples.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Finding, Rule } from "../../lib/rule.ts";

const SERVERS =
  /(?:^|[\s;&|/"'])(sshd|dropbear|telnetd|in\.telnetd|rshd|in\.rshd|rlogind|ttyd|shellinaboxd)(?=$|[\s;&|"'])/;
const PORTS = new Set([22, 23, 2222]);

export const rule: Rule = {
  id: "container.remote-shell",
  title: "No container runs a server that gives out a shell.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.7", "OWASP ASI05"],
  why: "A second door into a container has keys of its own, which nobody rotates and no log of the host shows.",
  fix: "Remove it; `docker exec` on the host gives whoever may have one a shell.",
  waivable: "by-label",
  ...onContainers((container) => [...servers(container), ...ports(container)]),
  examples: {
    good: [
      withContainer("A program of its own", { command: ["node", "server.js"] }),
      withContainer("A client", { command: ["ssh", "-N", "tunnel@192.0.2.1"] }),
      withContainer("A name that only looks like one", { command: ["/opt/my-sshd-exporter"] }),
    ],
    bad: [
      withContainer("A server for SSH", { command: ["/usr/sbin/sshd", "-D"] }),
      withContainer("By a shell", { entrypoints: ["sh", "-c", "service x start; exec sshd -D"] }),
      withContainer("A small one", { entrypoints: ["dropbear", "-F"] }),
      withContainer("Its port", { ports: [{ internal: 22, external: 10_022, ip: "127.0.0.1" }] }),
    ],
  },
};

function servers(container: Properties): Finding[] {
  return (["command", "entrypoints"] as const)
    .flatMap((name) => container.texts(name))
    .flatMap(({ path, value }) => {
      const server = SERVERS.exec(value.slice(0, 10_000))?.[1];
      return server === undefined
        ? []
        : [{ property: path, found: `the server ${server}`, expected: "no server for shells" }];
    });
}

function ports(container: Properties): Finding[] {
  return container
    .objects("ports")
    .filter((port) => PORTS.has(port.number("internal") ?? -1))
    .map((port) => ({
      property: port.path("internal"),
      found: `${show(port.number("internal"))}, a port of remote shells`,
      expected: "no such port",
    }));
}
