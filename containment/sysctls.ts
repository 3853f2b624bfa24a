// Of the container's own network and IPC namespaces, and nothing that lets it route or answer for others: the list that
// Kubernetes calls safe, and those of its IPC and of its own sockets' sizes and queues.
const OWN =
  /^(kernel\.(shm_rmid_forced|shmmax|shmall|shmmni|msgmax|msgmnb|msgmni|sem)|fs\.mqueue\.\w+|net\.core\.somaxconn|net\.ipv4\.(ip_local_port_range|ip_unprivileged_port_start|tcp_\w+|ping_group_range|ip_local_reserved_ports|conf\.\w+\.src_valid_mark))$/;

/** Of its own networks as well, and stricter than the kernel's defaults with these values. */
const STRICTER: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^net\.ipv6\.conf\.\w+\.disable_ipv6$/, /^1$/],
  [/^net\.ipv4\.conf\.\w+\.rp_filter$/, /^[12]$/],
  [/^net\.ipv4\.conf\.\w+\.log_martians$/, /^1$/],
  [/^net\.ipv[46]\.conf\.\w+\.(?:accept|send|secure)_redirects$/, /^0$/],
  [/^net\.ipv[46]\.conf\.\w+\.(?:accept_source_route|accept_ra|autoconf)$/, /^0$/],
];

/** Whether a kernel parameter is a container's own and isolates no less with this value. */
export function isOwnSysctl(name: string, value: string): boolean {
  const plain = name.trim().replaceAll("/", ".");
  return OWN.test(plain) || STRICTER.some(([known, strict]) => known.test(plain) && strict.test(value.trim()));
}
