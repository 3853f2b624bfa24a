import { isPath, lexical } from "../../containment/host-path.ts";
import type { Properties } from "./properties.ts";
import type { Resource } from "./resource.ts";

/** Something of the host that a container mounts. */
export interface Mount {
  /** Path of the property that names it. */
  readonly property: string;
  /** `host`: a path of the host. `volume`: a named volume. */
  readonly kind: "host" | "volume";
  /** Normalised path, or name of the volume. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Mount options, where the resource shows them. */
  readonly options: readonly string[];
}

/** What a container mounts by itself; `fromContainer` names others whose mounts it gets as well. */
export function mountsOf({ properties }: Resource): Mount[] {
  return mountsIn(properties);
}

/** The same of a container's properties, whichever resource they were read from. */
export function mountsIn(properties: Properties): Mount[] {
  return [...properties.objects("mounts").flatMap(ofMount), ...properties.objects("volumes").flatMap(ofVolume)];
}

/** The options for mount(2) that the local driver is given as `o`. */
export function flagsIn(o = ""): string[] {
  return o.split(",").map((flag) => flag.trim().toLowerCase());
}

/** The host path behind a volume whose options make it a bind mount, and the options. */
export function behindVolume(options: Properties): { source: string; options: string[] } | undefined {
  const given = new Map(options.entries().map(({ name, value }) => [name.toLowerCase(), value]));
  const device = given.get("device") ?? "";
  return device.startsWith("/") ? { source: normal(device), options: flagsIn(given.get("o")) } : undefined;
}

/** Whether two sources are the same, or one lies in the other. */
export function overlap(a: Pick<Mount, "kind" | "source">, b: Pick<Mount, "kind" | "source">): boolean {
  if (a.kind !== b.kind) return false;
  if (a.source === b.source) return true;
  return a.kind === "host" && (isInside(a.source, b.source) || isInside(b.source, a.source));
}

export function isInside(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

/** A path without `.`, `..`, doubled or trailing slashes, and without the alias /var/run. */
export function normal(path: string): string {
  return lexical(`/${path}`);
}

function ofMount(mount: Properties): Mount[] {
  const type = mount.text("type")?.trim().toLowerCase();
  const source = mount.text("source") ?? "";
  if (type === "tmpfs" || source === "") return [];
  const behind = behindVolume(mount.object("volumeOptions").object("driverOptions"));
  return [made(mount, "source", behind?.source ?? source, mount.text("target"), type === "bind", behind?.options)];
}

function ofVolume(volume: Properties): Mount[] {
  const path = volume.text("hostPath") ?? "";
  if (path !== "") return [made(volume, "hostPath", path, volume.text("containerPath"), true)];
  const name = volume.text("volumeName") ?? "";
  return name === "" ? [] : [made(volume, "volumeName", name, volume.text("containerPath"), false)];
}

function made(
  from: Properties,
  field: string,
  source: string,
  target = "",
  bound: boolean,
  options: string[] = [],
): Mount {
  const onHost = bound || isPath(source);
  return {
    property: from.path(field),
    kind: onHost ? "host" : "volume",
    source: onHost ? normal(source) : source,
    target: normal(target),
    readOnly: from.flag("readOnly") === true,
    options,
  };
}
