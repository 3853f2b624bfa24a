import { containerOf } from "#lib/containers.ts";
import { container, labels, withContainer } from "#lib/examples.ts";
import { isAgent } from "#lib/labels.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Context, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { reachOf } from "#lib/volume-options.ts";
import { dangerOf, isPath } from "../../../containment/host-path.ts";

const SAFE_SOURCE = "a directory of the container's own, or a named volume";
const SAFE_OPTIONS = "no driver options, or a tmpfs";

export const rule: Rule = {
  id: "container.sensitive-mounts",
  title: "No container gets a control socket or a sensitive directory of the host.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.6", "CIS Docker 1.6.0, 5.32", "OWASP ASI03"],
  why: "Whoever can write to a daemon's socket, or to the host's own files, is root on the host.",
  fix: "Mount a directory made for this container, or a plain named volume; put a filtering proxy before a socket.",
  waivable: "by-record",
  types: [type.container, type.service, type.volume],
  check: (resource, context) =>
    resource.type === type.volume
      ? volumeOptions(resource.properties, "driverOpts", resource.properties.text("driver"))
      : [...mounts(resource, context), ...volumes(resource, context), ...uploads(resource)],
  examples: {
    good: [
      withContainer("A directory of its own", {
        mounts: [{ type: "bind", source: "/run/garrison/example", target: "/run/secrets", readOnly: true }],
      }),
      withContainer("A named volume", { volumes: [{ volumeName: "example-data", containerPath: "/data" }] }),
      withContainer("The time zone, read-only", {
        mounts: [{ type: "bind", source: "/etc/localtime", target: "/etc/localtime", readOnly: true }],
      }),
      withContainer("A tmpfs", { mounts: [{ type: "tmpfs", target: "/tmp" }] }),
      { title: "A plain volume", resources: [volume({})] },
      {
        title: "A tmpfs volume",
        resources: [volume({ driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=64m" } })],
      },
    ],
    bad: [
      ...[
        ["The Docker socket", "/var/run/docker.sock"],
        ["The Docker socket, written otherwise", "/srv/..//run/./docker.sock/"],
        ["A parent directory of sockets", "/run"],
        ["The containerd socket", "/run/containerd/containerd.sock"],
        ["The Podman socket", "/run/podman/podman.sock"],
        ["The Incus socket", "/var/lib/incus/unix.socket"],
        ["The systemd sockets", "/run/systemd/private"],
        ["The D-Bus socket", "/run/dbus/system_bus_socket"],
        ["The whole host", "/"],
        ["The host's configuration", "/etc"],
      ].map(([title = "", source]) => withContainer(title, { mounts: [{ type: "bind", source, target: "/mnt" }] })),
      withContainer("By host path", { volumes: [{ hostPath: "/proc", containerPath: "/host/proc", readOnly: true }] }),
      withContainer("A path where a volume's name belongs", {
        volumes: [{ volumeName: "/var/run/docker.sock", containerPath: "/docker.sock" }],
      }),
      withContainer("A file of whoever runs the program", {
        uploads: [{ file: "/data/passwords", source: "/etc/shadow" }],
      }),
      withContainer("All mounts of another container", { volumes: [{ fromContainer: "gateway" }] }),
      withContainer("A bind mount behind a volume's options", {
        mounts: [
          {
            type: "volume",
            source: "example-data",
            target: "/data",
            volumeOptions: { driverOptions: { type: "none", o: "bind", device: "/" } },
          },
        ],
      }),
      {
        title: "A volume over the host's root",
        resources: [volume({ driverOpts: { type: "none", o: "bind", device: "/" } })],
      },
      {
        title: "A network share",
        resources: [volume({ driverOpts: { type: "nfs", o: "addr=192.0.2.1", device: ":/srv" } })],
      },
      { title: "A Windows share", resources: [volume({ driverOpts: { type: "cifs", device: "//192.0.2.1/files" } })] },
      {
        title: "An agent with a socket, which nothing waives",
        resources: [
          container({
            mounts: [{ type: "bind", source: "/run/docker.sock", target: "/docker.sock" }],
            labels: labels({ "garrison.role": "agent", "garrison.waivers": "container.sensitive-mounts" }),
          }),
        ],
      },
    ],
  },
};

function mounts(resource: Resource, context: Context): Finding[] {
  return containerOf(resource)
    .objects("mounts")
    .flatMap((mount) => [
      ...hostPath(resource, context, mount, "source"),
      ...volumeOptions(
        mount.object("volumeOptions"),
        "driverOptions",
        mount.object("volumeOptions").text("driverName"),
      ),
    ]);
}

function volumes(resource: Resource, context: Context): Finding[] {
  return containerOf(resource)
    .objects("volumes")
    .flatMap((volume) => [
      ...hostPath(resource, context, volume, "hostPath"),
      // The provider writes the name where Docker accepts a path as well.
      ...hostPath(resource, context, volume, "volumeName"),
      ...fromContainer(volume),
    ]);
}

function hostPath(resource: Resource, context: Context, mount: Properties, name: string): Finding[] {
  const found = mount.text(name);
  const bound = name === "hostPath" || mount.text("type") === "bind";
  if (found === undefined || found === "" || (!bound && !isPath(found))) return [];
  const danger = dangerOf(found, { readOnly: mount.flag("readOnly") === true });
  if (danger === undefined) return [];
  const handsOver = danger.kind === "socket" && isAgent(resource, context.settings);
  return [
    {
      property: mount.path(name),
      found: `${show(found)}: ${danger.what}`,
      expected: SAFE_SOURCE,
      ...(handsOver && { waivable: "never" as const }),
    },
  ];
}

/** Files of whoever runs the program, which the provider reads there and copies into the container. */
function uploads(resource: Resource): Finding[] {
  return containerOf(resource)
    .objects("uploads")
    .flatMap((upload) => {
      const found = upload.text("source") ?? "";
      const danger = found.startsWith("/") ? dangerOf(found, { readOnly: true }) : undefined;
      if (danger === undefined) return [];
      return [{ property: upload.path("source"), found: `${show(found)}: ${danger.what}`, expected: SAFE_SOURCE }];
    });
}

function fromContainer(volume: Properties): Finding[] {
  const found = volume.text("fromContainer");
  if (found === undefined || found === "") return [];
  return [{ property: volume.path("fromContainer"), found: show(found), expected: "every volume named one by one" }];
}

function volumeOptions(properties: Properties, name: string, driver: string | undefined): Finding[] {
  const reach = reachOf(driver, properties.object(name));
  return reach === undefined ? [] : [{ property: properties.path(name), found: reach, expected: SAFE_OPTIONS }];
}

function volume(changes: Readonly<Record<string, unknown>>) {
  return { type: type.volume, name: "example-data", properties: { name: "example-data", ...changes } };
}
