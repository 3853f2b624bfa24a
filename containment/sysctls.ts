// Of the container's own network and IPC namespaces, and nothing that lets it route or answer for others: the list that
// Kubernetes calls safe, and those of its IPC and of its own sockets' sizes and queues.
const OWN =
  /^(kernel\.(shm_rmid_forced|shmmax|shmall|shmmni|msgmax|msgmnb|msgmni|sem)|fs\.mqueue\.\w+|net\.core\.somaxconn|net\.ipv4\.(ip_local_port_range|ip_unprivileged_port_start|tcp_\w+|ping_group_range|ip_local_reserved_ports|conf\.\w+\.src_valid_mark)|net\.ipv6\.conf\.\w+\.disable_ipv6)$/;

/** Whether a kernel parameter is a container's own and isolates no less when it is set. */
export function isOwnSysctl(name: string): boolean {
  return OWN.test(name.trim().replaceAll("/", "."));
}
