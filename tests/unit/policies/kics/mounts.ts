import { one, service, volume } from "./case.ts";
import type { Case, Cases } from "./case.ts";

const named = "A volume's name stands for a directory of Docker's own; nothing of the host is behind it.";

/** A bind mount with this propagation; the fixtures take the host's path from a variable. */
function bind(fixture: string, propagation?: string): Case {
  const options = propagation === undefined ? {} : { bindOptions: { propagation } };
  return one(fixture, {
    restart: "always",
    mounts: [{ type: "bind", source: "/srv/app/.whew/path/datapath", target: "/data", ...options }],
  });
}

/** What of the host a container gets to see. */
export const mounts: readonly Cases[] = [
  {
    query: "docker_socket_mounted_in_container",
    positive: [
      one("positive1", {
        volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" }],
      }),
    ],
    negative: [one("negative1", { restart: "always", ports: [{ internal: 8080, external: 8080 }] })],
  },
  {
    query: "volume_has_sensitive_host_directory",
    positive: [
      {
        fixture: "positive1",
        resources: [
          service("db", { volumes: [{ volumeName: "data-volume", containerPath: "/var/lib/db" }] }),
          service("backup", { volumes: [{ hostPath: "/var/lib/backup/data", containerPath: "/backup/data" }] }),
          volume("data-volume"),
        ],
        deviation: "CIS 5.6 does not list /var, and a directory of one application below it is not the host's own.",
      },
      {
        fixture: "positive2",
        resources: [
          service("web", {
            mounts: [
              { type: "volume", source: "vol", target: "/data", volumeOptions: { noCopy: true } },
              { type: "bind", source: "/srv/app/static", target: "/opt/app/static" },
            ],
          }),
          volume("vol", { driver: "local", driverOpts: { device: "/var/lib/backup/data", o: "bind" } }),
        ],
      },
      {
        fixture: "positive3",
        resources: [
          volume("wordpress-db-data", {
            driver: "local-persist",
            driverOpts: { mountpoint: "/srv/app/dockerData/mysql" },
          }),
          volume("wordpress"),
          volume("wp-content", { driver: "local-persist", driverOpts: { mountpoint: "/var/data" } }),
        ],
      },
      {
        fixture: "positive4",
        resources: [
          service("certbot", {
            restart: "unless-stopped",
            mounts: [
              { type: "bind", source: "/etc/letsencrypt", target: "/etc/letsencrypt" },
              { type: "volume", source: "certbot-challenge", target: "/var/www/certbot" },
            ],
          }),
          volume("certbot-challenge"),
        ],
      },
    ],
    negative: [
      {
        fixture: "negative1",
        resources: [
          service("proxy", {}),
          service("zoo1", { restart: "always", envs: ["ZOO_MY_ID=1"] }),
          service("metadata", { volumes: [{ hostPath: "/srv/app/volumes/metadata", containerPath: "/data/" }] }),
        ],
      },
      {
        fixture: "negative2",
        resources: [
          volume("wordpress-db-data", {
            driver: "local-persist",
            driverOpts: { mountpoint: "/srv/app/dockerData/mysql" },
          }),
          volume("wordpress"),
        ],
        deviation: "A foreign driver mounts what it likes, and its option names a path of the host.",
      },
      {
        fixture: "negative3",
        resources: [
          service("web", {
            mounts: [
              { type: "volume", source: "mydata", target: "/data", volumeOptions: { noCopy: true } },
              { type: "bind", source: "/srv/app/static", target: "/opt/app/static" },
            ],
          }),
          volume("mydata"),
        ],
      },
      one("negative4", { volumes: [{ containerPath: "/usr/src/app/node_modules" }] }),
    ],
  },
  {
    query: "volume_mounted_in_multiple_containers",
    positive: [
      bind("positive1", "rshared"),
      bind("positive2", "shared"),
      bind("positive3", "rslave"),
      bind("positive4", "slave"),
    ],
    negative: [bind("negative1", "private"), bind("negative2", "rprivate"), bind("negative3")],
  },
  {
    query: "shared_volumes_between_containers",
    positive: [
      {
        fixture: "positive1",
        resources: [
          service("frontend", { volumes: [{ hostPath: "/srv/app/logic", containerPath: "/app" }] }),
          service("backend", { volumes: [{ hostPath: "/srv/app/logic", containerPath: "/app" }] }),
        ],
        deviation: "Two containers may read one directory that is made for them.",
      },
      {
        fixture: "positive2",
        resources: [
          service("app", { volumes: [{ volumeName: "shared-volume", containerPath: "/app/uploads" }] }),
          service("checker", { volumes: [{ volumeName: "shared-volume", containerPath: "/uploads" }] }),
          volume("shared-volume"),
        ],
        deviation: named,
      },
    ],
    negative: [
      {
        fixture: "negative1",
        resources: [
          service("frontend", { volumes: [{ hostPath: "/srv/app/logic", containerPath: "/app" }] }),
          service("backend", { volumes: [{ hostPath: "/srv/app/bin", containerPath: "/app" }] }),
        ],
      },
    ],
  },
];
