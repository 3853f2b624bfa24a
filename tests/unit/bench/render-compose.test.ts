import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { composeVersion } from "#bench/compose-tool.ts";
import { postureFields } from "#bench/posture-fields.ts";
import { composeText, renderCompose } from "#bench/render-compose.ts";
import { goDuration } from "#components/container/go-duration.ts";
import { isChecked } from "#components/container/health.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { parseSettings } from "#stacks/settings.ts";
import { office } from "#stacks/office.ts";

const plan = planMachine({
  definition: office,
  settings: parseSettings(
    {
      "garrison:lab": "true",
      "garrison:estate": "probe",
      "garrison:docker": '{"host":"unix:///var/run/docker.sock","cgroupDriver":"cgroupfs"}',
      "garrison:resources": '{"memoryMiB":24000,"cpus":4}',
      "garrison:network": "10.98.0.0/16",
      "garrison:publish": '{"address":"127.98.0.1"}',
    },
    "office",
  ),
  stack: "office",
  images: { images: {} },
  unlocked: "placeholder",
});

interface Read {
  name: string;
  services: Record<string, Service>;
  networks: Record<string, Record<string, unknown>>;
  volumes: Record<string, Record<string, unknown>>;
}

const text = composeText(renderCompose(plan, "probe-compose"));
const file = parse(text) as Read;

function serviceOf(name: string): Service {
  const service = file.services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}

describe("renderCompose", () => {
  it("has every container, network and volume of the plan under the plan's own names", () => {
    expect(file.name).toBe("probe-compose");
    expect(Object.keys(file.services)).toEqual(office.services.map(({ name }) => name));
    expect(Object.keys(file.networks)).toEqual(office.networks.map(({ name }) => `probe-${name}`));
    expect(Object.keys(file.volumes)).toEqual(plan.volumes.map(({ volume }) => volume));
    expect(plan.volumes.length).toBeGreaterThan(0);
  });

  it.each(plan.containers)("limits and confines $name as the plan does", ({ name, container }) => {
    const added = (container.waivers ?? []).flatMap(({ add }) => add ?? []).map((capability) => `CAP_${capability}`);
    const waived = (container.waivers ?? []).map(({ id }) => id);
    expect(serviceOf(name)).toMatchObject({
      container_name: container.containerName,
      image: container.image,
      user: `${container.user.uid}:${container.user.gid}`,
      mem_limit: `${container.memory}m`,
      memswap_limit: `${container.memory}m`,
      cpu_quota: Math.round(container.cpus * 100_000),
      cpu_period: 100_000,
      pids_limit: container.pids,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true", ...(container.agent === true ? ["seccomp=agent-seccomp.json"] : [])],
      read_only: !waived.includes("container.read-only-root"),
      privileged: false,
      restart: "unless-stopped",
    });
    expect(serviceOf(name).cap_add ?? []).toEqual(added.sort());
    expect(serviceOf(name).runtime).toBe(container.agent === true ? "runsc" : undefined);
    expect(serviceOf(name).cgroup_parent).toBe(container.cgroupParent);
  });

  it.each(plan.containers)("puts $name on the networks of the plan, in their order", ({ name, container }) => {
    const service = serviceOf(name);
    if (container.networks.length === 0) {
      expect(service).toMatchObject({ network_mode: "none" });
      expect(service.networks).toBeUndefined();
      return;
    }
    const networks = service.networks as Record<string, { ipv4_address: string; priority: number; aliases: string[] }>;
    const byPriority = Object.entries(networks).sort(([, a], [, b]) => b.priority - a.priority);
    expect(byPriority.map(([network, { ipv4_address }]) => ({ name: network, address: ipv4_address }))).toEqual(
      container.networks,
    );
    for (const [, { aliases }] of byPriority) expect(aliases).toContain(name);
    expect(service.dns).toEqual(["9.9.9.9", "149.112.112.112"]);
  });

  it.each(plan.containers)("gives $name the same writable paths, ports and health check", ({ name, container }) => {
    const { tmpfs = [], volumes = [], ports = [], healthcheck } = serviceOf(name);
    const paths = [
      ...tmpfs.map((entry) => entry.slice(0, entry.indexOf(":"))),
      ...volumes.filter(({ type }) => type === "volume").map(({ target }) => target),
    ];
    expect(paths.sort()).toEqual(Object.keys(container.writable).sort());
    for (const entry of tmpfs) expect(entry).toContain(":rw,noexec,nosuid,nodev,size=");
    expect(volumes.filter(({ type }) => type === "bind").every(({ read_only }) => read_only === true)).toBe(true);
    expect(ports.map(({ target }) => target)).toEqual(container.publishes ?? []);
    for (const { host_ip } of ports) expect(host_ip).toBe("127.98.0.1");
    expect(healthcheck.test.map((word) => word.replaceAll("$$", "$"))).toEqual(
      isChecked(container.health) ? container.health.test : [],
    );
    expect(healthcheck.interval).toBe(goDuration(isChecked(container.health) ? (container.health.interval ?? 5) : 0));
  });

  it.each(plan.networks)("isolates the network $name alike", (network) => {
    expect(file.networks[`probe-${network.name}`]).toEqual({
      name: `probe-${network.name}`,
      driver: "bridge",
      internal: network.internal,
      enable_ipv6: false,
      ipam: { config: [{ subnet: network.subnet, gateway: network.gateway }] },
      driver_opts: {
        "com.docker.network.bridge.name": network.bridge,
        ...(!network.internal && { "com.docker.network.bridge.enable_icc": "false" }),
      },
      labels: plan.labels,
    });
  });

  it("doubles every dollar, which begins a variable in a Compose file", () => {
    const [first] = plan.containers;
    if (first === undefined) throw new Error("no container");
    const spending = { ...first, container: { ...first.container, environment: { PRICE: "$5 or ${X}" } } };
    const rendered = composeText(renderCompose({ ...plan, containers: [spending] }, "probe"));
    expect(rendered).toContain("PRICE=$$5 or $${X}");
  });
});

describe("postureFields", () => {
  it("refuses a posture field that Compose would not be given", () => {
    const [first] = plan.containers;
    if (first === undefined) throw new Error("no container");
    const posture = hardenedPosture(first.name, first.container);
    expect(() => postureFields.parse(posture)).not.toThrow();
    expect(() => postureFields.parse({ ...posture, dnsSearches: ["example"] })).toThrow(/dnsSearches/);
  });
});

it("names the Docker Compose that its go.mod pins", () => {
  const goMod = readFileSync(join(import.meta.dirname, "../../../bench/compose/go.mod"), "utf8");
  expect(goMod).toMatch(new RegExp(`github\\.com/docker/compose/v2 v${composeVersion.replaceAll(".", "\\.")}\\b`));
});

interface Service extends Record<string, unknown> {
  tmpfs?: string[];
  volumes?: { type: string; target: string; read_only?: boolean }[];
  ports?: { target: number; host_ip: string }[];
  healthcheck: { test: string[]; interval: string };
}
