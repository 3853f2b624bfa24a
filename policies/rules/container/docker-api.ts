import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { isAgent } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { namesDaemon } from "../../../containment/daemon-clients.ts";
import { DAEMON_PORTS } from "../../../containment/ports.ts";

export const rule: Rule = {
  id: "container.docker-api",
  title: "No container is told where a container daemon listens, and none offers a daemon's port.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.32", "OWASP ASI03"],
  why: "Whoever may talk to the daemon may start a container that is root on the host.",
  fix: "Remove the variable or the port; put a proxy that lets few requests pass between the container and the daemon.",
  waivable: "by-record",
  ...onContainers((container, resource, { settings }) =>
    [...clients(container), ...ports(container)].map((finding) =>
      isAgent(resource, settings) ? { ...finding, waivable: "never" } : finding,
    ),
  ),
  examples: {
    good: [
      withContainer("No daemon", { envs: ["DOCKER_CLI_HINTS=false", "DOCKER_HOST="] }),
      withContainer("Another port", { ports: [{ internal: 2377, external: 12_377, ip: "127.0.0.1" }] }),
    ],
    bad: [
      withContainer("A daemon by network", { envs: ["DOCKER_HOST=tcp://192.0.2.1:2375"] }),
      withContainer("A daemon by socket", { envs: ["docker_host=unix:///var/run/docker.sock"] }),
      withContainer("Podman", { envs: ["CONTAINER_HOST=unix:///run/podman/podman.sock"] }),
      withContainer("A daemon's port", { ports: [{ internal: 2375, external: 12_375, ip: "127.0.0.1" }] }),
    ],
  },
};

function clients(container: Properties): Finding[] {
  return container
    .texts("envs")
    .filter(({ value }) => namesDaemon(value))
    .map(({ path, value }) => ({
      property: path,
      found: `${value.slice(0, value.indexOf("="))}, the address of a daemon`,
      expected: "no such variable",
    }));
}

function ports(container: Properties): Finding[] {
  return container.objects("ports").flatMap((port) =>
    (["internal", "external"] as const)
      .filter((name) => DAEMON_PORTS.has(port.number(name) ?? -1))
      .map((name) => ({
        property: port.path(name),
        found: `${show(port.number(name))}, a port of the Docker daemon`,
        expected: "no such port",
      })),
  );
}
