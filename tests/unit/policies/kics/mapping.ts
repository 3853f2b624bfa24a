/** What is expected to catch the findings of one KICS query, written down before its fixtures were run. */
interface Expectation {
  /** Folder below `assets/queries/dockerCompose/` in Checkmarx/kics. */
  readonly query: string;
  /** Ids of our rules; each positive fixture has to be found by one of them, no negative one by any. */
  readonly rules: readonly string[];
  /** Where we differ on purpose, and why. */
  readonly deviation?: string;
}

/** Every live Docker Compose query of KICS, in alphabetical order. */
export const expectations: readonly Expectation[] = [
  { query: "cgroup_not_default", rules: ["container.cgroup-parent"] },
  {
    query: "container_capabilities_unrestricted",
    rules: ["container.capabilities"],
    deviation:
      "Every capability has to be dropped; some of them is not enough, and none may be added without a waiver.",
  },
  { query: "container_traffic_not_bound_to_host_interface", rules: ["container.published-ports"] },
  {
    query: "cpus_not_limited",
    rules: ["container.limits"],
    deviation: "The rule also asks for memory and swap, so a fixture that limits the CPU alone is found for those.",
  },
  { query: "default_seccomp_profile_disabled", rules: ["container.security-profiles"] },
  { query: "docker_socket_mounted_in_container", rules: ["container.sensitive-mounts"] },
  { query: "healthcheck_not_set", rules: ["container.health-check"] },
  {
    query: "host_namespace_is_shared",
    rules: ["container.host-namespaces"],
  },
  {
    query: "memory_not_limited",
    rules: ["container.limits"],
    deviation:
      "Swap has to be limited to the same number, and the CPU as well, so a fixture that limits memory alone is found.",
  },
  {
    query: "networks_not_set",
    rules: ["container.default-bridge"],
    deviation:
      "Compose gives a project a network of its own when none is named; the provider gives Docker's default bridge. " +
      "A container without networks is the default bridge here.",
  },
  { query: "no_new_privileges_not_set", rules: ["container.no-new-privileges"] },
  {
    query: "pids_limit_not_set",
    rules: ["container.limits", "container.process-limit-advice"],
    deviation:
      "The Docker provider has no field for a process limit: what a fixture sets cannot be said, and other programs " +
      "get one advisory line for all containers.",
  },
  { query: "privileged_containers_enabled", rules: ["container.privileged"] },
  {
    query: "privileged_ports_mapped_in_container",
    rules: ["container.published-ports"],
    deviation:
      "The rule also asks for a host address, so an unprivileged port that is open on every address is found for that.",
  },
  {
    query: "restart_policy_on_failure_not_set_to_5",
    rules: ["container.restart"],
    deviation:
      "Five is where the retries have to end, so fewer pass; `unless-stopped` passes for a service that has a health " +
      "check, because on-failure does not survive a restart of the daemon.",
  },
  {
    query: "security_opt_not_set",
    rules: ["container.no-new-privileges"],
    deviation: "That there is some security option says nothing; the one that is always right has to be there.",
  },
  { query: "shared_host_ipc_namespace", rules: ["container.host-namespaces"] },
  { query: "shared_host_network_namespace", rules: ["container.host-namespaces"] },
  { query: "shared_host_user_namespace", rules: ["container.host-namespaces"] },
  {
    query: "shared_volumes_between_containers",
    rules: [],
    deviation:
      "Two containers on one volume is what volumes are for; KICS reports it as information only. Volumes that agents " +
      "share, or that are taken over whole from another container, are the matter of other rules.",
  },
  { query: "volume_has_sensitive_host_directory", rules: ["container.sensitive-mounts"] },
  { query: "volume_mounted_in_multiple_containers", rules: ["container.mount-propagation"] },
];
