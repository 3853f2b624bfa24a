import { network, one, service } from "./case.ts";
import type { Cases } from "./case.ts";

const both = "Swap has to be limited to the same number as memory, which these Compose fields cannot say.";
const published = [
  { internal: 8080, external: 8080 },
  { internal: 3000, external: 3000 },
];

/** What a container may do, use and see. */
export const posture: readonly Cases[] = [
  {
    query: "cgroup_not_default",
    positive: [one("positive1", { cgroupParent: "nat-docker" })],
    negative: [one("negative1", {})],
  },
  {
    query: "container_capabilities_unrestricted",
    positive: [
      one("positive1", { capabilities: { adds: ["all"] } }),
      one("positive2", { capabilities: { adds: ["all"], drops: ["SYS_CHROOT"] } }),
      one("positive3", { capabilities: { adds: ["all"], drops: ["all"] } }),
      one("positive4", { ports: published }),
    ],
    negative: [one("negative1", { capabilities: { drops: ["all"] } })],
  },
  {
    query: "cpus_not_limited",
    positive: [
      one("positive1", { memory: 256 }),
      one("positive2", { memory: 512 }),
      one("positive3", {}),
      one("positive5", { memoryReservation: 128 }),
    ],
    negative: [
      one("negative1", { cpus: "0.3", memory: 256, memoryReservation: 128 }, both),
      one("negative2", { cpus: "0.25", memory: 512 }, both),
    ],
  },
  {
    query: "default_seccomp_profile_disabled",
    positive: [
      one(
        "positive1",
        { securityOpts: ["label:seccomp:unconfined"], capabilities: { adds: ["SYS_PTRACE"] } },
        "The text is an SELinux label that is called `seccomp:unconfined`; it does not touch seccomp.",
      ),
      one("positive2", { securityOpts: ["seccomp:unconfined"] }),
    ],
    negative: [one("negative1", {})],
  },
  {
    query: "healthcheck_not_set",
    positive: [
      one("positive1", { restart: "always" }),
      // Compose's `disable: true` is the test NONE for Docker.
      one("positive2", { healthcheck: { tests: ["NONE"] } }),
      one("positive3", { healthcheck: { tests: ["NONE"] } }),
    ],
    negative: [
      one("negative1", {
        healthcheck: {
          tests: ["CMD", "curl", "-f", "http://localhost"],
          interval: "1m30s",
          timeout: "10s",
          retries: 3,
          startPeriod: "40s",
        },
      }),
      one("negative2", { healthcheck: { tests: ["CMD", "curl", "-f", "http://localhost"] } }),
    ],
  },
  {
    query: "memory_not_limited",
    positive: [one("positive1", { cpus: "0.3" }), one("positive2", { cpus: "0.25" }), one("positive5", {})],
    negative: [
      one("negative1", { cpus: "0.3", memory: 256, memoryReservation: 128 }, both),
      one("negative2", { cpus: "0.25", memory: 512 }, both),
    ],
  },
  {
    query: "no_new_privileges_not_set",
    positive: [
      one("positive1", { securityOpts: ["no-new-privileges:false"] }),
      one("positive2", { securityOpts: ["apparmor:false"] }),
    ],
    negative: [
      one("negative1", { securityOpts: ["no-new-privileges"] }),
      one("negative2", { securityOpts: ["no-new-privileges:true"] }),
    ],
  },
  {
    query: "pids_limit_not_set",
    positive: [
      one("positive1", { cpus: "0.25", memory: 500 }),
      // The limit of -1 in it, none, has no field here.
      one("positive2", { cpus: "0.25", memory: 500 }),
    ],
    negative: [],
  },
  {
    query: "privileged_containers_enabled",
    positive: [
      one("positive1", { privileged: true }),
      // Indented below `build`, where Compose would ignore it; KICS expects the finding, and so does its intent.
      one("positive2", { privileged: true, capabilities: { drops: ["all"] } }),
    ],
    negative: [one("negative2", { privileged: false, ports: published })],
  },
  {
    query: "restart_policy_on_failure_not_set_to_5",
    positive: [
      one("positive1", { restart: "on-failure", maxRetryCount: 10 }),
      one(
        "positive2",
        { restart: "on-failure", maxRetryCount: 3 },
        "Three retries end sooner than five; the benchmark's five is where they have to end.",
      ),
      one("positive3", { restart: "on-failure", maxRetryCount: 10 }),
      one(
        "positive4",
        { restart: "on-failure", maxRetryCount: 5 },
        "The ten attempts are those of `deploy`, which only a swarm reads; the container's own policy is five.",
      ),
    ],
    negative: [one("negative1", { restart: "on-failure", maxRetryCount: 5 })],
  },
  {
    query: "security_opt_not_set",
    positive: [one("positive1", { ports: published })],
    negative: [
      one(
        "negative1",
        { securityOpts: ["apparmor:unconfined"], ports: published },
        "The one option it has takes AppArmor away; KICS asks only that there be one.",
      ),
    ],
  },
  {
    query: "host_namespace_is_shared",
    positive: [
      one("positive1", { pidMode: "host", command: ["launch"] }),
      one("positive2", { pidMode: "host", restart: "always" }),
      {
        fixture: "positive3",
        resources: [
          service("app", { ports: [{ internal: 80, external: 80, ip: "0.0.0.0" }] }),
          service("internal", { pidMode: "host" }),
        ],
      },
    ],
    negative: [
      one(
        "negative1",
        { pidMode: "container:container_name_4" },
        "It is not the host's, but the processes of another container can be seen and signalled.",
      ),
      one(
        "negative2",
        { pidMode: "container:service_name_4" },
        "It is not the host's, but the processes of another container can be seen and signalled.",
      ),
      one("negative3", { command: ["launch"] }),
    ],
  },
  {
    query: "shared_host_ipc_namespace",
    positive: [
      one("positive1", { ipcMode: "host" }),
      one("positive2", { ipcMode: "host", capabilities: { drops: ["all"] } }),
    ],
    negative: [one("negative1", {})],
  },
  {
    query: "shared_host_network_namespace",
    positive: [one("positive1", { networkMode: "host", privileged: true })],
    negative: [],
  },
  {
    query: "shared_host_user_namespace",
    positive: [one("positive1", { networkMode: "host", pidMode: "host", usernsMode: "host", privileged: true })],
    negative: [
      one("negative1", { securityOpts: ["apparmor:unconfined"] }),
      one("negative2", { securityOpts: ["apparmor:unconfined"], usernsMode: "anything_but_host" }),
    ],
  },
  {
    query: "networks_not_set",
    positive: [
      one("positive1", { restart: "on-failure", cpus: "0.25", memory: 500 }),
      {
        fixture: "positive2",
        resources: [
          network("frontend"),
          service("front", { networkMode: "frontend", networksAdvanced: [{ name: "frontend" }] }),
          service("auth", { restart: "on-failure", cpus: "0.25", memory: 500 }),
        ],
      },
    ],
    negative: [
      {
        fixture: "negative1",
        resources: [
          network("frontend"),
          service("front", { networkMode: "frontend", networksAdvanced: [{ name: "frontend" }] }),
        ],
      },
    ],
  },
];
