import { isAwaited, restartOf } from "./lifetime.ts";
import type { JoinedContainer } from "./posture.ts";
import { isWhole, shown } from "./report.ts";
import type { Report } from "./report.ts";

/** A value that one option can have, and what it says of itself. */
type Form = readonly [pattern: RegExp, expected: string];

const FORMS: Readonly<Partial<Record<keyof JoinedContainer, Form>>> = {
  workingDir: [/^\/[^\0]*$/, "an absolute path in the container"],
  stopSignal: [/^(SIG)?[A-Z][A-Z0-9+-]*$|^\d{1,2}$/, "a signal such as SIGQUIT"],
  cpuSet: [/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'processors such as "0-3,8"'],
  runtime: [/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "the name of a runtime of the daemon"],
  platform: [/^[a-z0-9]+(\/[a-z0-9]+){0,2}$/, "os/architecture"],
  domainname: [/^[a-z0-9]([a-z0-9_.-]{0,251}[a-z0-9])?$/i, "a domain"],
  logDriver: [/^[a-zA-Z0-9][a-zA-Z0-9_./:-]*$/, "the name of a log driver"],
  gpus: [/\S/, '"all", or what docker run --gpus takes'],
};

/** Labels by which policies know a container; the component writes them. */
const RESERVED = ["garrison.service", "garrison.role", "garrison.waivers"];

/** Values of the options beyond what each container says, and options that another one leaves without effect. */
export function optionValueProblems(container: JoinedContainer, report: Report): void {
  for (const [option, [pattern, expected]] of Object.entries(FORMS)) {
    const value = container[option as keyof JoinedContainer];
    if (typeof value === "string" && !pattern.test(value)) report(option, shown(value), expected);
  }
  lines(container, report);
  log(container, report);
  numbers(container, report);
  hardware(container, report);
  for (const label of Object.keys(container.labels ?? {}))
    if (RESERVED.includes(label)) report(`labels.${label}`, "a label of the component's own", "another label");
  for (const group of container.groupAdds ?? [])
    if (!/^[\w.-]+$/.test(group)) report("groupAdds", shown(group), "a number, or a group of the image");
  withoutEffect(container, report);
  agents(container, report);
}

/** Drivers that keep the log on the machine. The others' connections are the daemon's, past every network. */
const KEPT = ["json-file", "journald", "local", "none", "syslog"];

function log({ logDriver = "json-file", logOpts = {} }: JoinedContainer, report: Report): void {
  if (!KEPT.includes(logDriver.toLowerCase()))
    report("logDriver", shown(logDriver), `a log that stays on the machine: ${KEPT.join(", ")}`);
  const { "syslog-address": address = "unixgram:///dev/log" } = logOpts;
  if (!/^unix(gram)?:\/\/\/dev\/log$/.test(address))
    report("logOpts.syslog-address", shown(address), "the machine's own syslog, unixgram:///dev/log");
}

/** Each is a word of a line of /etc/resolv.conf, where another line names another server, or of a profile's name. */
function lines({ dnsOpts = [], dnsSearches = [], profiles = {} }: JoinedContainer, report: Report): void {
  for (const option of dnsOpts)
    if (!/^[a-z][a-z0-9-]*(:\d+)?$/.test(option)) report("dnsOpts", shown(option), 'an option such as "ndots:1"');
  for (const search of dnsSearches)
    if (!/^([a-z0-9_]([a-z0-9_.-]*[a-z0-9])?|\.)$/i.test(search)) report("dnsSearches", shown(search), "a domain");
  const { apparmor } = profiles;
  if (apparmor !== undefined && !/^\s*[\w./-]+\s*$/.test(apparmor))
    report("profiles.apparmor", shown(apparmor), "the name of one profile, or unconfined");
}

function numbers({ shmSize, memory, memoryReservation, cpuShares }: JoinedContainer, report: Report): void {
  if (shmSize !== undefined && !isWhole(shmSize, 1, memory))
    report("shmSize", shown(shmSize), `a whole number of MiB, 1 to the ${String(memory)} of memory`);
  if (memoryReservation !== undefined && !isWhole(memoryReservation, 6, memory))
    report(
      "memoryReservation",
      shown(memoryReservation),
      `a whole number of MiB, 6 to the ${String(memory)} of memory`,
    );
  if (cpuShares !== undefined && !isWhole(cpuShares, 2, 262_144))
    report("cpuShares", shown(cpuShares), "a whole number from 2 to 262144");
}

function hardware(container: JoinedContainer, report: Report): void {
  for (const { hostPath, containerPath = hostPath, permissions = "rwm" } of container.devices ?? []) {
    for (const path of new Set([hostPath, containerPath]))
      if (!path.startsWith("/")) report("devices", shown(path), "an absolute path");
    if (!/^[rwm]{1,3}$/.test(permissions)) report("devices", shown(permissions), "some of r, w and m");
  }
  for (const rule of container.deviceCgroupRules ?? [])
    if (!/^[acb] (\d+|\*):(\d+|\*) [rwm]{1,3}$/.test(rule)) report("deviceCgroupRules", shown(rule), '"c 189:* rmw"');
  for (const { count } of container.deviceRequests ?? [])
    if (count !== undefined && !isWhole(count, -1, 1024))
      report("deviceRequests", shown(count), "-1 (all) or a number");
  for (const option of ["deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops"] as const)
    for (const { path, rate } of container[option] ?? [])
      if (!path.startsWith("/") || !isWhole(rate, 1, Number.MAX_SAFE_INTEGER))
        report(option, `${path} at ${String(rate)}`, "a device and a whole number a second");
}

/** What would be dropped without a word. */
function withoutEffect(container: JoinedContainer, report: Report): void {
  const { maxRetryCount, startSeconds, networks, gpus, deviceRequests = [] } = container;
  if (maxRetryCount !== undefined && restartOf(container) !== "on-failure")
    report("maxRetryCount", shown(maxRetryCount), 'restart "on-failure", which alone counts');
  if (startSeconds !== undefined && !isAwaited(container))
    report("startSeconds", shown(startSeconds), "a service with a health check to wait for");
  if (gpus !== undefined && deviceRequests.length > 0)
    report("gpus", shown(gpus), "one of gpus and deviceRequests: of both the provider sends gpus only");
  for (const option of ["dnsOpts", "dnsSearches"] as const)
    if (networks.length === 0 && (container[option] ?? []).length > 0)
      report(option, shown(container[option]), "none without a network");
}

function agents({ agent, runtime, profiles }: JoinedContainer, report: Report): void {
  const seccomp = profiles?.seccomp;
  if (seccomp !== undefined && !/^\s*\{|^unconfined$/i.test(seccomp))
    report("profiles.seccomp", shown(seccomp.slice(0, 40)), 'the profile\'s JSON, or "unconfined"');
  if (agent !== true) return;
  if (runtime !== undefined) report("runtime", shown(runtime), "nothing: an agent runs under gVisor");
  if (seccomp !== undefined) report("profiles.seccomp", "a profile", "nothing: an agent's profile is Garrison's");
}
