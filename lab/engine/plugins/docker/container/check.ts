/** Rules for containers beyond the schema: what Docker would refuse late, or misunderstand silently. Pure. */
import { containsUnknown } from "@garrison/helpers/pulumi/values.ts";
import type { CheckFailure } from "#provider/check.ts";
import type { ApiNeed } from "../connection/daemon.ts";
import { parseDuration } from "../durations.ts";
import type { ContainerInputs } from "../inputs.ts";
import { isExclusiveMode } from "./networks.ts";

type Rule = (inputs: ContainerInputs) => readonly CheckFailure[];

export function checkContainer(inputs: ContainerInputs): CheckFailure[] {
  // Values that are not known yet are judged when they are.
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
  return rules.flatMap((rule) => rule(known as unknown as ContainerInputs));
}

const rules: readonly Rule[] = [
  ({ image }) =>
    when(image === "", "image", "docker.Container.image is empty; expected repository@digest or an image id"),
  ({ capabilities }) =>
    (["adds", "drops"] as const).flatMap((list) =>
      when(
        capabilities?.[list]?.includes("CAP_ALL") === true,
        `capabilities.${list}`,
        'dockerd refuses "CAP_ALL"; write "ALL"',
      ),
    ),
  ({ cpus }) =>
    when(
      cpus !== undefined && !(Number(cpus) > 0),
      "cpus",
      `docker.Container.cpus is "${String(cpus)}"; expected a number above 0, "1.5"`,
    ),
  ({ cpus, cpuQuota, cpuPeriod }) =>
    when(
      cpus !== undefined && (cpuQuota ?? cpuPeriod) !== undefined,
      "cpus",
      "docker.Container.cpus and cpuQuota or cpuPeriod say the same thing; set one of them",
    ),
  ({ restart }) =>
    when(
      restart !== undefined && !["no", "always", "on-failure", "unless-stopped"].includes(restart),
      "restart",
      `docker.Container.restart is "${String(restart)}"; expected no, always, on-failure or unless-stopped`,
    ),
  ({ networkMode, networksAdvanced }) =>
    when(
      isExclusiveMode(networkMode) && (networksAdvanced?.length ?? 0) > 0,
      "networkMode",
      `docker.Container.networkMode "${String(networkMode)}" allows no networksAdvanced; leave one of them out`,
    ),
  checkDurations,
  checkUploads,
  ({ volumes }) =>
    (volumes ?? []).flatMap((use, index) => [
      ...when(
        use.containerPath === undefined && use.fromContainer === undefined,
        `volumes[${index}]`,
        "docker.Container.volumes needs containerPath or fromContainer",
      ),
      ...when(
        use.volumeName !== undefined && use.hostPath !== undefined,
        `volumes[${index}]`,
        "docker.Container.volumes takes volumeName or hostPath, not both",
      ),
    ]),
  ({ attach, mustRun, wait }) =>
    when(
      attach === true && (mustRun !== false || wait === true),
      "attach",
      "docker.Container.attach waits for the container's end: it needs mustRun false, and no wait",
    ),
  ({ attach, rm, logs }) =>
    when(
      rm === true && (attach === true || logs === true),
      "rm",
      "docker.Container.rm removes what attach and logs want to read",
    ),
];

function checkDurations({ healthcheck }: ContainerInputs): CheckFailure[] {
  return (["interval", "timeout", "startPeriod", "startInterval"] as const).flatMap((name) => {
    const text = healthcheck?.[name];
    const wrong = text !== undefined && parseDuration(text) === undefined;
    const reason = `docker.Container.healthcheck.${name} is "${String(text)}"; expected a duration, "30s" or "1m30s"`;
    return when(wrong, `healthcheck.${name}`, reason);
  });
}

function checkUploads({ uploads }: ContainerInputs): CheckFailure[] {
  return (uploads ?? []).flatMap((upload, index) => {
    const at = `uploads[${index}]`;
    const sources = [upload.content, upload.contentBase64, upload.source].filter((source) => source !== undefined);
    return [
      ...when(
        sources.length !== 1,
        at,
        `docker.Container.${at} needs exactly one of content, contentBase64 and source`,
      ),
      ...when(
        !upload.file.startsWith("/"),
        `${at}.file`,
        `docker.Container.${at}.file is "${upload.file}"; expected an absolute path`,
      ),
      ...(["owner", "group"] as const).flatMap((name) =>
        when(
          upload[name] !== undefined && !/^\d+$/.test(upload[name]),
          `${at}.${name}`,
          `docker.Container.${at}.${name} is "${String(upload[name])}"; the lab plugin takes numbers only`,
        ),
      ),
      ...when(
        upload.permissions !== undefined && !/^0?[0-7]{3,4}$/.test(upload.permissions),
        `${at}.permissions`,
        `docker.Container.${at}.permissions is "${String(upload.permissions)}"; expected an octal mode, "0640"`,
      ),
    ];
  });
}

function when(wrong: boolean, property: string, reason: string): CheckFailure[] {
  return wrong ? [{ property, reason }] : [];
}

/**
 * Inputs that an older daemon would ignore without a word; and `volumeOptions`, which every daemon knows, and the official
 * plugin refuses whole for the sake of its `subpath`.
 */
export function apiNeeds(inputs: ContainerInputs): ApiNeed[] {
  const needs: [string, string, boolean][] = [
    ["healthcheck.startInterval", "1.44", (inputs.healthcheck?.startInterval ?? "0s") !== "0s"],
    ["networksAdvanced.macAddress", "1.44", someNetwork(inputs, "macAddress")],
    ["networksAdvanced.gwPriority", "1.48", someNetwork(inputs, "gwPriority")],
    [
      "mounts.volumeOptions",
      "1.45",
      (inputs.mounts ?? []).some((use) => use.type === "volume" && use.volumeOptions !== undefined),
    ],
    ["platform", "1.41", inputs.platform !== undefined],
    ["cgroupnsMode", "1.41", inputs.cgroupnsMode !== undefined],
  ];
  return needs.flatMap(([property, version, used]) =>
    used ? [{ property: `docker.Container.${property}`, version }] : [],
  );
}

function someNetwork(inputs: ContainerInputs, name: "macAddress" | "gwPriority"): boolean {
  return (inputs.networksAdvanced ?? []).some((use) => use[name] !== undefined);
}
