import { expect, test } from "vitest";
import { containerProblems } from "#components/container/container-problems.ts";
import { bind, tmpfs, volume } from "#components/container/facts.ts";
import { exec, shell } from "#components/container/health.ts";
import type { JoinedContainer } from "#components/container/posture.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { aContainer } from "./a-container.ts";
import { recorded, waiversAsked } from "./official-words.ts";

/** What every one of them says, or compose files leave out. */
const COMMON: JoinedContainer = {
  ...aContainer,
  memory: 1024,
  cpus: 1,
  pids: 256,
  writable: { "/tmp": tmpfs(64) },
  health: "image",
  publishAddress: "192.0.2.10",
};

/** Containers of published compose files as their users know them, and the waivers that they take as they are. */
const FILES: Readonly<Record<string, readonly [options: Partial<JoinedContainer>, waivers: readonly string[]]>> = {
  "LibreChat's api": [
    {
      publishes: [3080],
      restart: "always",
      user: { uid: 1000, gid: 1000 },
      hosts: { "host.docker.internal": "host-gateway" },
      environment: { HOST: "0.0.0.0", MONGO_URI: "mongodb://mongodb:27017/LibreChat" },
      writable: { "/app/.env": bind("/srv/chat/.env"), "/app/client/public/images": bind("/srv/chat/images") },
    },
    ["container.health-check", "container.host-path", "container.restart", "container.user"],
  ],
  "LibreChat's database": [
    { restart: "always", command: ["mongod", "--noauth"], writable: { "/data/db": bind("/srv/chat/data-node") } },
    ["container.health-check", "container.host-path", "container.restart"],
  ],
  Authelia: [
    {
      restart: "unless-stopped",
      health: "none",
      listens: [9091],
      environment: { TZ: "Australia/Melbourne" },
      labels: { "traefik.enable": "true" },
      writable: { "/config": bind("/srv/authelia") },
    },
    ["container.health-check", "container.host-path", "container.restart"],
  ],
  "Authelia's Traefik": [
    {
      restart: "no",
      command: ["--api", "--providers.docker=true", "--entrypoints.http.address=:80"],
      publishes: [80, 443],
      publishAddress: "0.0.0.0",
      writable: { "/etc/traefik": bind("/srv/traefik"), "/var/run/docker.sock": bind("/var/run/docker.sock") },
    },
    ["container.health-check", "container.host-path", "container.published-ports", "container.sensitive-mounts"],
  ],
  "Wazuh's manager": [
    {
      hostname: "wazuh.manager",
      restart: "always",
      user: { uid: 0, gid: 0 },
      health: exec(["/var/wazuh-manager/bin/wazuh-manager-control", "status"], { interval: 15, startPeriod: 60 }),
      ulimits: { memlock: [-1, -1], nofile: [655_360, 655_360] },
      publishes: [1514, 1515, 55_000, { internal: 514, protocol: "udp" }],
      writable: { "/var/wazuh-manager/etc": volume("wazuh_etc"), "/var/wazuh-manager/logs": volume("wazuh_logs") },
      mounts: { "/var/wazuh-manager/etc/certs/root-ca.pem": "/srv/wazuh/root-ca.pem" },
    },
    ["container.published-ports", "container.restart", "container.ulimits", "container.user"],
  ],
  "Wazuh's dashboard": [
    {
      restart: "always",
      health: shell("curl -fks -o /dev/null https://localhost:5601/app/login", { interval: 30 }),
      publishes: [{ internal: 5601, external: 443 }],
    },
    ["container.published-ports", "container.restart"],
  ],
};

test.each(Object.entries(FILES))("%s can be said, each weakening under its waiver", (_, [options, waivers]) => {
  const container = { ...COMMON, ...options };
  const problems = containerProblems("example", container);
  expect(waiversAsked(problems).sort()).toEqual(waivers);
  expect(problems.every((problem) => waiversAsked([problem]).length === 1)).toBe(true);
  expect(containerProblems("example", { ...container, waivers: recorded(waivers) })).toEqual([]);
});

test("ports of UDP, ranges and moved ones arrive one by one", () => {
  const publishes = [
    8080,
    { internal: 514, protocol: "udp" },
    { internal: "4000-4001", external: "5000-5001" },
  ] as const;
  const { ports } = hardenedPosture("example", { ...COMMON, publishes, publishAddress: "127.0.0.1" });
  expect(ports).toEqual([
    { internal: 8080, external: 8080, ip: "127.0.0.1", protocol: "tcp" },
    { internal: 514, external: 514, ip: "127.0.0.1", protocol: "udp" },
    { internal: 4000, external: 5000, ip: "127.0.0.1", protocol: "tcp" },
    { internal: 4001, external: 5001, ip: "127.0.0.1", protocol: "tcp" },
  ]);
});

test("a job is waited for until it ends, and nothing keeps it running", () => {
  const posture = hardenedPosture("example", { ...COMMON, job: true });
  expect(containerProblems("example", { ...COMMON, job: true })).toEqual([]);
  expect(posture).toMatchObject({ attach: true, mustRun: false, wait: false, restart: "on-failure", maxRetryCount: 3 });
  expect(posture).not.toHaveProperty("healthcheck");
  expect(posture).not.toHaveProperty("waitTimeout");
});
