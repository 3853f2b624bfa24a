import { expect, test } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { exampleImage } from "#policies/lib/examples.ts";
import { findings, run, UNKNOWN } from "../support.ts";

const clean = {
  image: exampleImage,
  user: "20001:20001",
  readOnly: true,
  capDrops: ["ALL"],
  healthcheck: { tests: ["CMD", "true"] },
};

/** A service of a swarm whose container, task and endpoint differ from the clean one. */
function service(spec: object, task: object = {}, more: object = {}): ExampleResource[] {
  const resources = { limits: { memoryBytes: 134_217_728, nanoCpus: 500_000_000 } };
  const taskSpec = { containerSpec: { ...clean, ...spec }, resources, ...task };
  return [{ type: "docker:index/service:Service", name: "web", properties: { name: "web", taskSpec, ...more } }];
}

function foundOn(resources: ExampleResource[]): string[] {
  return rules.flatMap((rule) => findings(rule, resources).map((finding) => `${rule.id}: ${finding}`));
}

test("a clean service passes: nothing is asked for that a service has no words for", () => {
  expect(foundOn(service({}))).toEqual([]);
});

const SPEC = "taskSpec.containerSpec";
test.each<[ExampleResource[], string]>([
  [service({}, { resources: {} }), "container.limits: taskSpec.resources.limits.memoryBytes: not set"],
  [service({ user: "root" }), `container.user: ${SPEC}.user: "root"`],
  [service({ user: undefined }), `container.user: ${SPEC}.user: not set`],
  [service({ readOnly: false }), `container.read-only-root: ${SPEC}.readOnly: false`],
  [service({ image: "example:1" }), `container.digest: ${SPEC}.image: "example:1"`],
  [service({ capDrops: [] }), `container.capabilities: ${SPEC}.capDrops: not set`],
  [service({ capAdds: ["SYS_ADMIN"] }), `container.capabilities: ${SPEC}.capAdds.0: "SYS_ADMIN"`],
  [service({ groups: ["docker"] }), `container.groups: ${SPEC}.groups.0: "docker"`],
  [service({ healthcheck: undefined }), "container.health-check: " + `${SPEC}.healthcheck: not set`],
  [
    service({ mounts: [{ type: "bind", source: "/run/docker.sock", target: "/x" }] }),
    `container.sensitive-mounts: ${SPEC}.mounts.0.source: "/run/docker.sock": a socket that controls the host`,
  ],
  [
    service({ mounts: [{ type: "bind", source: "/srv/a", target: "/x", bindOptions: { propagation: "shared" } }] }),
    `container.mount-propagation: ${SPEC}.mounts.0.bindOptions.propagation: "shared"`,
  ],
  [
    service({ privileges: { seLinuxContext: { disable: true } } }),
    `container.security-profiles: ${SPEC}.privileges.seLinuxContext.disable: "label=disable"`,
  ],
  [
    service({ env: { DOCKER_HOST: "tcp://x:2375" } }),
    `container.docker-api: ${SPEC}.env.DOCKER_HOST: DOCKER_HOST, the address of a daemon`,
  ],
  [
    service({ sysctl: { "net.ipv4.ip_forward": "1" } }),
    `container.sysctls: ${SPEC}.sysctl.net.ipv4.ip_forward: net.ipv4.ip_forward of "1"`,
  ],
  [service({ args: ["/usr/sbin/sshd"] }), `container.remote-shell: ${SPEC}.args.0: the server sshd`],
  [
    service({}, {}, { endpointSpec: { ports: [{ targetPort: 80, publishedPort: 8080 }] } }),
    "container.published-ports: endpointSpec.ports.0.external: a port of a service, which is open on every address of every node",
  ],
])("a service is judged as a container: %#", (resources, expected) => {
  expect(foundOn(resources)).toContain(expected);
});

test("nothing is concluded from what preview cannot know", () => {
  const late = service({ user: UNKNOWN });
  const user = rules.find(({ id }) => id === "container.user");
  if (user === undefined) throw new Error("no rule");
  expect(run(user, late)).toEqual({ verdicts: [], unknown: ["taskSpec.containerSpec.user"] });
});
