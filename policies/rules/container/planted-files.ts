import { containerOf } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import {
  powerOfFile,
  powerOfMount,
  preloadedFrom,
  rightsGivenBy,
  specialBits,
} from "../../../containment/planted-files.ts";

const EXPECTED = "a file of the program's own, with a mode such as 0644 or 0755";

export const rule: Rule = {
  id: "container.planted-files",
  title: "No container is given a file, or a command, that makes an ordinary process root.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.8", "OWASP ASI05"],
  why: "A setuid file, a preloaded library or a line in sudoers gives whoever is in the container root there, and with it the first half of every escape.",
  fix: "Leave the file to the image; run the one program that needs more with the capability it needs, under a waiver.",
  waivable: "by-label",
  types: [type.container, type.service],
  check: (resource) => {
    const container = containerOf(resource);
    const spec = resource.properties.object("taskSpec").object("containerSpec");
    return [
      ...container.objects("uploads").flatMap(uploaded),
      ...["configs", "secrets"].flatMap((name) => spec.objects(name)).flatMap(delivered),
      ...["mounts", "volumes"].flatMap((name) => container.objects(name)).flatMap(mounted),
      ...commands(container),
      ...preloaded(container),
    ];
  },
  examples: {
    good: [
      withContainer("A configuration", { uploads: [{ file: "/etc/nginx/nginx.conf", content: "events {}" }] }),
      withContainer("A program of its own", {
        uploads: [{ file: "/usr/local/bin/start", content: "#!/bin/sh\nexec app\n", executable: true }],
      }),
      withContainer("Modes without special bits", {
        entrypoints: ["sh", "-c", "chmod 0755 /data/app && chmod u+x /data/run && exec /data/app"],
      }),
    ],
    bad: [
      withContainer("A library that every program loads", {
        uploads: [{ file: "/etc/ld.so.preload", content: "/data/x.so\n" }],
      }),
      withContainer("A setuid program", {
        uploads: [{ file: "/data/helper", contentBase64: "f0VMRgIBAQ==", permissions: "4755" }],
      }),
      withContainer("A line for sudo", {
        uploads: [{ file: "/etc/sudoers.d/app", content: "app ALL=(ALL) NOPASSWD: ALL\n" }],
      }),
      withContainer("Who may log in, as a mount", {
        mounts: [{ type: "bind", source: "/srv/pam", target: "/etc/pam.d", readOnly: true }],
      }),
      withContainer("A library that its user can write", { envs: ["LD_PRELOAD=/tmp/hook.so"] }),
      withContainer("A command that makes a file setuid", {
        entrypoints: ["sh", "-c", "chmod u+s /data/bash; exec server"],
      }),
      {
        title: "A service's configuration as a setuid file",
        resources: [
          {
            type: type.service,
            name: "service",
            properties: {
              name: "service",
              taskSpec: { containerSpec: { configs: [{ configName: "a", fileName: "/data/su", fileMode: 0o4755 }] } },
            },
          },
        ],
      },
    ],
  },
};

/** The provider reads permissions as an octal number. */
function uploaded(upload: Properties): Finding[] {
  const mode = Number.parseInt(upload.text("permissions") ?? "0644", 8);
  return [...place(upload, "file"), ...bits(upload, "permissions", mode)];
}

/** The mode of a swarm's file is a plain number. */
function delivered(file: Properties): Finding[] {
  return [...place(file, "fileName"), ...bits(file, "fileMode", file.number("fileMode") ?? 0)];
}

function mounted(mount: Properties): Finding[] {
  return ["target", "containerPath"].flatMap((name) => place(mount, name, powerOfMount));
}

function place(holder: Properties, name: string, powerOf = powerOfFile): Finding[] {
  const path = holder.text(name) ?? "";
  const power = path === "" ? undefined : powerOf(path);
  return power === undefined
    ? []
    : [{ property: holder.path(name), found: `${show(path)}: ${power}`, expected: EXPECTED }];
}

function bits(holder: Properties, name: string, mode: number): Finding[] {
  const special = specialBits(mode);
  return special === undefined
    ? []
    : [{ property: holder.path(name), found: `${show(holder.text(name))}, ${special}`, expected: EXPECTED }];
}

function preloaded(container: Properties): Finding[] {
  const mounted = ["mounts", "volumes"]
    .flatMap((name) => container.objects(name))
    .filter((mount) => mount.flag("readOnly") !== true)
    .flatMap((mount) => mount.text("target") ?? mount.text("containerPath") ?? []);
  const writable = [
    ...mounted,
    ...container
      .object("tmpfs")
      .entries()
      .map(({ name }) => name),
  ];
  return container.texts("envs").flatMap(({ path, value }) => {
    const sign = value.indexOf("=");
    const found = preloadedFrom(value.slice(0, sign), value.slice(sign + 1), writable);
    const expected = "a library of the image";
    return found === undefined
      ? []
      : [{ property: path, found: `${show(found)}, which every program loads`, expected }];
  });
}

function commands(container: Properties): Finding[] {
  const lists = [
    ...(["entrypoints", "command"] as const).map((name) => container.texts(name)),
    container.object("healthcheck").texts("tests"),
  ];
  return lists.flatMap((words) => {
    const found = rightsGivenBy(words.map(({ value }) => value).join(" "));
    const last = words.find(({ value }) => rightsGivenBy(value) !== undefined) ?? words.at(-1);
    return found === undefined || last === undefined
      ? []
      : [{ property: last.path, found, expected: "no command that gives rights" }];
  });
}
