import { one, service } from "./case.ts";
import type { Case, Cases } from "./case.ts";

const everywhere = "Its host port is unprivileged, and open on every address of the host, which the same rule finds.";
const inside =
  "Only the port inside the container is below 1024, which opens nothing on the host; dropped capabilities see to it.";

interface Port {
  readonly internal: number;
  readonly external?: number;
  readonly ip?: string;
  readonly protocol?: string;
}

function ports(fixture: string, list: readonly Port[], deviation?: string): Case {
  return one(fixture, { ports: list, networkMode: "LDC" }, deviation);
}

/** Every port of a range, as the provider has no ranges. `inner` is the first port inside. */
function range(first: number, last: number, inner: number, step: 0 | 1, ip?: string): Port[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    internal: inner + index * step,
    external: first + index,
    ...(ip !== undefined && { ip }),
  }));
}

/** What a container opens on the host. */
export const openings: readonly Cases[] = [
  {
    query: "container_traffic_not_bound_to_host_interface",
    positive: [
      ports("positive1", [{ internal: 8000, external: 7000 }]),
      ports("positive2", range(12_400, 12_500, 1240, 0)),
      ports("positive3", [{ internal: 8000, external: 8080, protocol: "tcp" }]),
    ],
    negative: [
      ports("negative1", [{ internal: 8001, external: 8000, ip: "127.0.0.1" }]),
      ports("negative2", range(5000, 5010, 5000, 1, "127.0.0.1")),
      ports("negative3", [{ internal: 5000, ip: "127.0.0.1" }]),
      ports("negative4", [{ internal: 8000, external: 8080, ip: "127.0.0.1", protocol: "tcp" }]),
      ports("negative5", range(8080, 8090, 8000, 0, "127.0.0.1")),
      ports("negative6", [{ internal: 8000, ip: "127.0.0.1", protocol: "tcp" }]),
    ],
  },
  {
    query: "privileged_ports_mapped_in_container",
    positive: [
      {
        fixture: "positive1",
        resources: [
          service("dhcpd", { ports: [{ internal: 67, external: 67, protocol: "udp" }] }),
          service("dhcp-client", { ports: [{ internal: 68, external: 68, protocol: "udp" }] }),
        ],
      },
      ports("positive2", [{ internal: 80, external: 7000 }]),
      ports("positive3", [{ internal: 8000, external: 70 }]),
      // A range of ports inside, on any ports of the host; its first and last stand for it.
      ports("positive4", [{ internal: 70 }, { internal: 8000 }]),
      ports("positive5", [{ internal: 80 }]),
      ports("positive6", [
        { internal: 8080, external: 90 },
        { internal: 8081, external: 9091 },
      ]),
      ports("positive7", [
        { internal: 80, external: 9090 },
        { internal: 8081, external: 9091 },
      ]),
      ports("positive8", [{ internal: 22, external: 49_100 }]),
      ports("positive9", [{ internal: 8001, external: 80, ip: "127.0.0.1" }]),
      ports("positive10", [{ internal: 50, ip: "127.0.0.1" }], inside),
      ports("positive11", range(12_400, 12_500, 124, 0)),
      ports("positive12", [{ internal: 80, external: 8080, protocol: "tcp" }]),
      ports("positive13", [{ internal: 8000, external: 8080, protocol: "tcp" }]),
    ],
    negative: [
      {
        fixture: "negative1",
        resources: [
          service("dhcpd", { ports: [{ internal: 6700, external: 6700, protocol: "udp" }] }),
          service("dhcp-client", { ports: [{ internal: 6800, external: 6800, protocol: "udp" }] }),
        ],
        deviation: everywhere,
      },
      ports("negative2", [{ internal: 8000, external: 7000 }], everywhere),
      ports("negative3", [{ internal: 7000 }, { internal: 8000 }], everywhere),
      ports("negative4", [{ internal: 8000 }], everywhere),
      ports(
        "negative5",
        [
          { internal: 8080, external: 9000 },
          { internal: 8081, external: 9091 },
        ],
        everywhere,
      ),
      ports("negative6", [{ internal: 8001, external: 8000, ip: "127.0.0.1" }]),
      ports("negative7", [{ internal: 5000, ip: "127.0.0.1" }]),
      ports("negative8", range(12_400, 12_500, 1240, 0), everywhere),
      ports("negative9", [{ internal: 8000, external: 8080, protocol: "tcp" }], everywhere),
      ports("negative10", [{ internal: 8000, external: 8080, protocol: "tcp" }], everywhere),
    ],
  },
];
