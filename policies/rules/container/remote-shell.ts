import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { SHELL_PORTS } from "../../../containment/ports.ts";
import { debuggerIn, remoteShellIn } from "../../../containment/remote-shells.ts";

const EXPECTED = "no server for shells";

export const rule: Rule = {
  id: "container.remote-shell",
  title: "No container runs a server that gives out a shell.",
  severity: "medium",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.7", "OWASP ASI05"],
  why: "A second door into a container has keys of its own, which nobody rotates and no log of the host shows.",
  fix: "Remove it; `docker exec` on the host gives whoever may have one a shell.",
  waivable: "by-label",
  ...onContainers((container) => [...servers(container), ...debuggers(container), ...ports(container)]),
  examples: {
    good: [
      withContainer("A program of its own", { command: ["node", "server.js"] }),
      withContainer("A client", { command: ["ssh", "-N", "tunnel@192.0.2.1"] }),
      withContainer("A look at a port", { healthcheck: { tests: ["CMD", "nc", "-z", "127.0.0.1", "8080"] } }),
      withContainer("A name that only looks like one", { command: ["/opt/my-sshd-exporter"] }),
    ],
    bad: [
      withContainer("A server for SSH", { command: ["/usr/sbin/sshd", "-D"] }),
      withContainer("By a shell", { entrypoints: ["sh", "-c", "service x start; exec sshd -D"] }),
      withContainer("A small one", { entrypoints: ["dropbear", "-F"] }),
      withContainer("A program for who connects", {
        entrypoints: ["sh", "-c", "socat TCP-LISTEN:4444,fork EXEC:/bin/sh & exec server"],
      }),
      withContainer("A notebook that lets everybody in", {
        command: ["jupyter", "lab", "--ip=0.0.0.0", "--ServerApp.token="],
      }),
      withContainer("A debugger for everybody", { command: ["node", "--inspect=0.0.0.0:9229", "server.js"] }),
      withContainer("Its port", { ports: [{ internal: 22, external: 10_022, ip: "127.0.0.1" }] }),
    ],
  },
};

/** Each list is one command line: the arguments say what a program does. */
function servers(container: Properties): Finding[] {
  const [entrypoints, command] = [container.texts("entrypoints"), container.texts("command")];
  return [[...entrypoints, ...command], container.object("healthcheck").texts("tests")].flatMap((words) => {
    const found = remoteShellIn(words.map(({ value }) => value).join(" "));
    const place = words.find(({ value }) => remoteShellIn(value) !== undefined) ?? words.at(-1);
    return found === undefined || place === undefined ? [] : [{ property: place.path, found, expected: EXPECTED }];
  });
}

function debuggers(container: Properties): Finding[] {
  return container.texts("envs").flatMap(({ path, value }) => {
    const found = debuggerIn(value);
    return found === undefined ? [] : [{ property: path, found, expected: EXPECTED }];
  });
}

function ports(container: Properties): Finding[] {
  return container
    .objects("ports")
    .filter((port) => SHELL_PORTS.has(port.number("internal") ?? -1))
    .map((port) => ({
      property: port.path("internal"),
      found: `${show(port.number("internal"))}, a port of remote shells`,
      expected: "no such port",
    }));
}
