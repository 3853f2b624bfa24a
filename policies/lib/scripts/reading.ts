import { composeFilesIn } from "../compose-containers.ts";
import type { ComposeFile } from "../compose-containers.ts";
import { commandsInCode } from "../container-code.ts";
import type { Resource } from "../resource.ts";
import type { Finding } from "../rule.ts";
import { readScript, readWords } from "../shell/read-script.ts";
import { emptyScript, nothing } from "../shell/script.ts";
import type { Script } from "../shell/script.ts";
import { fileKind, commandsOfUnit, commandsOfCron } from "./file-kinds.ts";
import { HOLDING, placesOf } from "./places.ts";
import type { Place } from "./places.ts";

/** What a text of a resource runs, and the containers that it describes. */
export interface Reading {
  readonly path: string;
  readonly where: Place["where"];
  readonly script: Script;
  readonly compose: readonly ComposeFile[];
}

const DEEPEST = 3;
/** Many rules ask about one resource, and a stack has the same text many times. */
const MOST_KNOWN = 256;
const known = new Map<string, Map<string, Omit<Reading, "path" | "where">>>();

/** Reads every text of a resource that is run. */
export function readingsOf(resource: Resource): Reading[] {
  if (!HOLDING.includes(resource.type)) return [];
  return placesOf(resource).map((place) => ({ path: place.path, where: place.where, ...readOnce(place) }));
}

/**
 * What a rule finds in the texts of a resource. The command of a resource is read with and without its input: what the
 * command alone shows is not said of the input again.
 */
export function findingsInScripts(
  resource: Resource,
  judge: (reading: Reading) => readonly Omit<Finding, "property">[],
): Finding[] {
  const findings = readingsOf(resource).flatMap((reading) =>
    judge(reading).map((flaw): Finding => ({ property: reading.path, ...flaw })),
  );
  const isNew = (finding: Finding, index: number): boolean =>
    !findings.some(
      (other, at) =>
        other.found === finding.found &&
        (other.property === finding.property ? at < index : finding.property === "stdin"),
    );
  return findings.filter(isNew);
}

/** Words of which one is in every text that a rule says something about, unless the text puts it together itself. */
const OF_INTEREST =
  /[$`{]|docker|podman|buildah|nerdctl|finch|c?ri?ctl|ctr|nspawn|runc|crun|youki|runsc|incus|lx[cd]|kube|helm|compose|stack|nomad|oc\b|curl|wget|http|fetch|ftp|aria|axel|lynx|w3m|links|n(et)?c(at)?\b|socat|telnet|git\b|apt|yum|dnf|rpm|dpkg|apk|zypper|pip|npm|yarn|pnpm|gem\b|ssl|tls|verify|trusted|insecure|ssh|scp|sftp|rsync|plink|pscp|psftp|putty|hostkey|host_key|passw|chpasswd|login|user|group|gpasswd|sudo|doas|polkit|nsenter|chroot|chmod|chown|setfacl|setcap|install|ln\b|mount|tables|nft|ufw|firewall|ipset|pfctl|netsh|sysctl|proc|systemctl|service|rc\.d|chkconfig|setenforce|selinux|apparmor|aa-|audit|grub|base64|base32|xxd|openssl|rev\b|tr\b|iex|invoke|download|services|conmon|preload|release_agent|dbclient|dropbear|ansible|expect|python|perl|ruby|node|php|eval|dev\/tcp|Mp[A-Z]|ngrok|chisel|frpc|gost|bore|tailscale|cloudflared|pam|environment|udev|ld\.so|binfmt|uevent|LD_|svn|hg\b|gh\b|make|mosquitto|rabbitmq|psql|mysql|sudoers|sshd|insmod|debugfs|\/var\/log|journalctl|pkill|killall|crontab|cron\.|systemd|profile|\baz\b|mkfifo|uvx?\b|cargo|snap\b|vim?\b|telnet/i;

function readOnce(place: Place): Omit<Reading, "path" | "where"> {
  const { start } = place;
  const isOfInterest =
    OF_INTEREST.test(place.text.replaceAll(/["'\\]/g, "")) ||
    OF_INTEREST.test(place.file ?? "") ||
    (start?.stdin !== undefined && OF_INTEREST.test(start.stdin.text ?? "")) ||
    (start?.environment?.size ?? 0) > 0;
  if (!isOfInterest) return { script: emptyScript(), compose: [] };
  const how = JSON.stringify([
    place.kind,
    place.file,
    start?.stdin?.text,
    start?.directory,
    ...(start?.environment ?? []),
  ]);
  // By the text first, which is the same string for every rule and so compared at once.
  const same = known.get(place.text) ?? new Map<string, Omit<Reading, "path" | "where">>();
  const before = same.get(how);
  if (before !== undefined) return before;
  const reading = read(place);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(place.text, same.set(how, reading));
  return reading;
}

const POWERSHELL = /\b(?:iex|Invoke-Expression|DownloadString|DownloadFile|Invoke-WebRequest)\b/i;

function read(place: Place): Omit<Reading, "path" | "where"> {
  const script = place.kind === "file" ? emptyScript() : run(place);
  if (POWERSHELL.test(place.text)) script.code.push({ language: "powershell", text: place.text, stdin: nothing });
  const compose: ComposeFile[] = [];
  const takeFile = (path: string, text: string, depth: number): void => {
    compose.push(...composeFilesIn(text, directoryOf(path)));
    const inner = runFile(path, text, script);
    // A file that is written may write files.
    if (depth < DEEPEST) for (const file of lastOf(inner)) takeFile(file.path, file.text, depth + 1);
  };
  for (const file of lastOf(script.files)) takeFile(file.path, file.text, 0);
  if (place.kind === "file") {
    const path = place.file ?? "";
    takeFile(path, place.text, 0);
    // A file that is copied is judged like one that a command writes.
    if (path !== "") script.files.push({ path, text: place.text });
  }
  for (const call of script.calls) {
    if (
      call.stdin.text !== undefined &&
      /^(docker|podman|nerdctl|kubectl|docker-compose|podman-compose)/.test(call.name)
    )
      compose.push(...composeFilesIn(call.stdin.text, call.directory));
    if (call.name === "crontab" && call.stdin.text !== undefined)
      runText(commandsOfCron(call.stdin.text, false), script);
  }
  for (const code of [...script.code]) for (const command of commandsInCode(code)) runText(command, script);
  return { script, compose };
}

function run({ kind, text, start }: Place): Script {
  return kind === "shell" ? readScript(text, start) : readWords(JSON.parse(text) as string[], start);
}

/** Adds what a file runs to what is known, and gives the files that it writes. */
function runFile(path: string, text: string, script: Script): Script["files"] {
  switch (fileKind(path, text)) {
    case "shell":
      return runText(text, script);
    case "cron":
      return runText(commandsOfCron(text, true), script);
    case "unit":
      return runText(commandsOfUnit(path, text), script);
    case "code":
      script.code.push({
        language: /^#!.*?(python|perl|ruby|node|php)/.exec(text)?.[1] ?? "python",
        text,
        stdin: nothing,
      });
      return [];
    case "data":
      return [];
  }
}

function runText(text: string, script: Script): Script["files"] {
  const inner = readScript(text);
  script.calls.push(...inner.calls);
  script.unread.push(...inner.unread);
  script.code.push(...inner.code);
  script.unseen.push(...inner.unseen);
  script.isCut ||= inner.isCut;
  return inner.files;
}

/** A file that is added to in several steps counts as it is at last. */
function lastOf(files: Script["files"]): Script["files"] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function directoryOf(path: string): string | undefined {
  return path.startsWith("/") ? path.slice(0, Math.max(1, path.lastIndexOf("/"))) : undefined;
}
