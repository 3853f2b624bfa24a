/** First and last port. */
export type PortRange = readonly [number, number];

export const ALL_PORTS: PortRange = [0, 65_535];

const table = (text: string): ReadonlyMap<number, string> =>
  new Map(
    text
      .split(",")
      .map((entry) => entry.trim().split(/ (.*)/))
      .flatMap(([ports = "", name = ""]) => {
        const [first, last] = ports.split("-").map(Number);
        const count = (last ?? first ?? 0) - (first ?? 0) + 1;
        return Array.from({ length: count }, (_, index) => [(first ?? 0) + index, name] as const);
      }),
  );

/** What administers a machine over TCP, and gives it away to whoever finds the password or the hole. */
export const ADMINISTRATION = table(
  "22 SSH, 23 Telnet, 122 GitHub Enterprise's shell, 445 SMB, 512-514 rsh, 2375-2377 Docker, 3389 RDP, 4243 Docker, " +
    "5555 Android's debugger, 5800-5810 VNC, 5900-5910 VNC, 5985-5986 WinRM, 16509 libvirt, 16514 libvirt",
);

/** What keeps data, runs work or answers for a model over TCP, and is meant for programs of the same house. */
export const SERVICES = table(
  "111 rpcbind, 135 Windows RPC, 139 SMB, 389 LDAP, 873 rsync, 902 VMware, 1080 a SOCKS proxy, 1234 a model server, " +
    "1433-1434 SQL Server, 1521 Oracle, 1883 MQTT, 2049 NFS, 2181 ZooKeeper, 2222 SSH, 2379-2380 etcd, 3128 a proxy, " +
    "3306 MySQL, 4040 Spark, 4222 NATS, 4369 Erlang, 5432-5433 PostgreSQL, 5601 Kibana, 5672 RabbitMQ, 5984 CouchDB, " +
    "6333-6334 Qdrant, 6379-6380 Redis, 6443 Kubernetes, 7077 Spark, 7474 Neo4j, 7687 Neo4j, 7860 Gradio, " +
    "8000-8001 a model server, 8006 Proxmox, 8086 InfluxDB, 8088 Hadoop, 8123 ClickHouse, 8161 ActiveMQ, " +
    "8188 ComfyUI, 8200 Vault, 8265 Ray, 8300-8302 Consul, 8443 Incus, 8500-8501 Consul, 8888 Jupyter, 8983 Solr, " +
    "9000 Portainer or MinIO, 9042 Cassandra, 9090-9091 Prometheus, 9092 Kafka, 9093 Alertmanager, " +
    "9100 a node's metrics, 9200 Elasticsearch, 9300 Elasticsearch, 9443 Portainer, 10000 Webmin, 10250 kubelet, " +
    "10255 kubelet, 11211 memcached, 11434 Ollama, 15672 RabbitMQ, 18789-18790 OpenClaw, 19530 Milvus, " +
    "27017-27019 MongoDB, 28015 RethinkDB, 50000 Jenkins, 50070 Hadoop, 55000 Wazuh, 61616 ActiveMQ",
);

/** The same over UDP. */
export const UDP_SERVICES = table(
  "69 TFTP, 111 rpcbind, 137-138 NetBIOS, 161-162 SNMP, 389 LDAP, 623 IPMI, 1900 SSDP, 2049 NFS, 3389 RDP, 11211 memcached",
);

/** The ports of a table that are in some ranges: `port 22 (SSH), port 3389 (RDP)`, and how many more. */
export function describePorts(ranges: readonly PortRange[], known: ReadonlyMap<number, string>): string | undefined {
  const found = [...known].filter(([port]) => hasPort(ranges, port));
  if (found.length === 0) return undefined;
  const shown = found.slice(0, 4).map(([port, name]) => `port ${String(port)} (${name})`);
  return `${shown.join(", ")}${found.length > 4 ? ` and ${String(found.length - 4)} more` : ""}`;
}

export function hasPort(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([first, last]) => first <= port && port <= last);
}

/** How many ports are in ranges that do not overlap. */
export function countPorts(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** What texts such as `22`, `20-30`, `80,443` and `*` stand for, without overlaps. */
export function portRangesOf(texts: readonly string[]): readonly PortRange[] {
  const ranges = texts
    .flatMap((text) => text.split(","))
    .flatMap((text): PortRange[] => {
      const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(text);
      if (match === null) return /^\s*(?:\*|any)\s*$/i.test(text) ? [ALL_PORTS] : [];
      return [[Number(match[1]), Number(match[2] ?? match[1])]];
    });
  const kept: PortRange[] = [];
  for (const range of ranges.sort(([a], [b]) => a - b)) {
    const before = kept.at(-1);
    if (before === undefined || range[0] > before[1] + 1) kept.push(range);
    else kept[kept.length - 1] = [before[0], Math.max(before[1], range[1])];
  }
  return kept;
}

export function withoutPorts(ranges: readonly PortRange[], taken: readonly PortRange[]): readonly PortRange[] {
  return taken.reduce<readonly PortRange[]>(
    (left, [from, to]) =>
      left.flatMap(([first, last]) =>
        to < first || from > last
          ? [[first, last] as const]
          : ([[first, from - 1] as const, [to + 1, last] as const] as const).filter(([a, b]) => a <= b),
      ),
    ranges,
  );
}
