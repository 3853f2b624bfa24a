import { oneBlank } from "../../../containment/blanks.ts";
import { putInBy } from "../shell/edits.ts";
import type { Call, WrittenFile } from "../shell/script.ts";

/** Where a system keeps its own programs and libraries; only root writes there. */
const OF_SYSTEM = /^\/(?:usr\/)?(?:local\/)?(?:s?bin|lib(?:32|64|exec|x32)?)\//;
const PRELOADING = /^LD_(?:PRELOAD|AUDIT)$/;
const PRELOAD_FILE = "/etc/ld.so.preload";
/** Programs that put a file at their last word. */
const PLACING = /^(?:cp|mv|ln|install|rsync|scp)$/;

/** Files of variables that every login, service or program gets. */
const ENVIRONMENT =
  /\/etc\/(?:environment(?:\.d\/.*)?|default\/[^/]+|profile(?:\.d\/.*)?|bash\.bashrc|security\/pam_env\.conf)$|\/systemd\/.*\.(?:conf|service)$/;
const UDEV = /\/udev\/rules\.d\/[^/]+$/;

/** How a command has every program load a library, or the kernel or a login run a program. */
export function plantedBy(call: Call): string[] {
  const { name, argv, environment } = call;
  const variables = name === "" || name === "export" ? argv.flatMap(pairIn) : [...environment];
  const loaded = variables.find(([key, value]) => PRELOADING.test(key) && isForeign(value));
  const target = name === "tee" ? argv.slice(1) : PLACING.test(name) ? argv.slice(-1) : [];
  const places = [
    ...target,
    ...argv.filter((word) => word.startsWith("of=")).map((word) => word.slice(3)),
    ...call.writes,
  ];
  const edited = /^(?:sed|perl)$/.test(name)
    ? argv.find((word) => /\/etc\/(?:pam\.d\/|ld\.so\.preload$)/.test(word))
    : undefined;
  return [
    ...(loaded === undefined ? [] : [`${loaded[0]}=${loaded[1]}, which loads a library into every program`]),
    ...(places.includes(PRELOAD_FILE) || edited === PRELOAD_FILE
      ? [`a library in every program, by ${PRELOAD_FILE}`]
      : []),
    ...(edited !== undefined && PERMITTING.test(putInBy(argv)) ? [`a login without a password, in ${edited}`] : []),
    ...placedForRoot(call),
    ...servesRoot(call),
  ];
}

/** Where every user may write, so that what root runs from there is anybody's. */
const FOR_EVERYBODY = /(?:^|[\s=:;"'])(\/(?:tmp|var\/tmp|dev\/shm)(?:\/[\w./-]*)?)/;
/** Files by which the system runs what they name, as root. */
const RUN_AS_ROOT =
  /^\/etc\/(?:crontab|cron\.[\w-]+\/.+|systemd\/system\/.+|init\.d\/.+|rc\.local|update-motd\.d\/.+)$|^\/(?:usr\/)?lib\/systemd\/system\/.+$/;

/** A module, a unit or a job that comes from a place for everybody. */
function placedForRoot({ name, argv }: Call): string[] {
  const from = argv.slice(1).find((word) => FOR_EVERYBODY.test(word));
  if (from === undefined) return [];
  if (name === "insmod") return [`${from}, a module of the kernel that everybody can write`];
  const to = argv.at(-1) ?? "";
  return name === "ln" && RUN_AS_ROOT.test(to) ? [`${from}, which root runs by ${to}`] : [];
}

/** What such a file runs: the commands of a job or a unit, and the directories that a profile looks in first. */
function runsFromAnywhere({ path, text }: WrittenFile): string[] {
  const lines = oneBlank(text)
    .split("\n")
    .filter((line) => !/^\s*#/.test(line));
  const starting = RUN_AS_ROOT.test(path) ? lines.map((line) => programIn(path, line)) : [];
  const found = starting.flatMap((program) => FOR_EVERYBODY.exec(program)?.[1] ?? []);
  const searched = ENVIRONMENT.test(path)
    ? lines.flatMap(
        (line) => FOR_EVERYBODY.exec(/\bPATH=(.*)$/.exec(line)?.[1]?.replace(/^["']?/, "=") ?? "")?.[1] ?? [],
      )
    : [];
  return [
    ...found.map((program) => `${program}, which root runs, in ${path}`),
    ...searched.map((directory) => `${directory} among the directories of programs, in ${path}`),
  ];
}

/** The program of one line: behind the times and the user of a job, behind `ExecStart=` of a unit. */
function programIn(path: string, line: string): string {
  if (path.includes("/systemd/")) return /^\s*Exec\w+=[-@:+!]*(\S+)/.exec(line)?.[1] ?? "";
  if (/\/crontab$|\/cron\.d\//.test(path))
    return (
      /^\s{0,9}(?:@\w{1,20}|(?:\S{1,60}\s{1,9}){4}\S{1,60})\s{1,9}\S{1,60}\s{1,9}(\S{1,200})/.exec(line)?.[1] ?? ""
    );
  return /^\s*(\S+)/.exec(line)?.[1] ?? "";
}

const PERMITTING = /\bsufficient\s+(?:\S*\/)?pam_permit\.so\b/;

/** How a file does. */
export function plantedIn(file: WrittenFile): string[] {
  return [...runsFromAnywhere(file), ...loadedIn(file)];
}

function loadedIn({ path, text }: WrittenFile): string[] {
  if (ENVIRONMENT.test(path)) {
    const [, name = "", value = ""] = /\b(LD_(?:PRELOAD|AUDIT))["']?\s*=\s*["']?([^\s"']+)/.exec(text) ?? [];
    return name !== "" && isForeign(value) ? [`${name} for every program, in ${path}`] : [];
  }
  if (/\/etc\/ld\.so\.conf(?:\.d\/[^/]+)?$/.test(path))
    return /^[ \t\f\v]*\/(?:tmp|var\/tmp|dev\/shm|home|srv)(?:\/|\s*$)/m.test(text)
      ? [`libraries that others write, in ${path}`]
      : [];
  if (/\/etc\/sudoers(?:\.d\/[^/]+)?$/.test(path))
    return /^[ \t\f\v]*Defaults\b.*(?:env_keep\b.*\bLD_|!env_reset\b|\bsetenv\b)/m.test(text)
      ? [`sudo that keeps what loads libraries, in ${path}`]
      : [];
  if (/\/etc\/pam\.d\/[^/]+$/.test(path))
    return PERMITTING.test(text) ? [`a login without a password, in ${path}`] : [];
  if (UDEV.test(path)) return udev(text).map((program) => `${program}, which udev runs as root, in ${path}`);
  if (
    /^\/proc\/sys\/(?:fs\/binfmt_misc\/register|kernel\/(?:modprobe|hotplug|poweroff_cmd))$|^\/sys\/kernel\/uevent_helper$/.test(
      path,
    )
  ) {
    const program = path.endsWith("register") ? text.trim().split(":").at(-2) : text.trim();
    return program !== undefined && isForeign(program) ? [`${program}, which the kernel runs, in ${path}`] : [];
  }
  return [];
}

/** The programs that rules of udev run: none of the system's own, or a shell with a text. */
function udev(text: string): string[] {
  return [...text.matchAll(/(?:RUN(?:\{program\})?|PROGRAM|IMPORT\{program\})\s*(?:[+:]?=|==)\s*"([^"]*)"/g)]
    .map(([, program = ""]) => program)
    .filter((program) => isForeign(program) || /^(?:\/\S*\/)?(?:ba|da|z|k)?sh\s+-\w*c/.test(program));
}

/** A web server for the whole host. */
function servesRoot({ name, argv, directory }: Call): string[] {
  if (!/^python[\d.]*$/.test(name) || !argv.includes("http.server")) return [];
  const value = (...names: string[]) =>
    argv.flatMap((word, index) =>
      names.includes(word)
        ? [argv[index + 1] ?? ""]
        : names.flatMap((one) => (word.startsWith(`${one}=`) ? [word.slice(one.length + 1)] : [])),
    )[0];
  const served = value("-d", "--directory") ?? directory;
  const isLocal = /^(?:127\.|localhost|::1)/.test(value("-b", "--bind") ?? "");
  return !isLocal && served !== undefined && /^\/(?:etc|root|home|var)?\/?$/.test(served)
    ? [`a web server for ${served}`]
    : [];
}

function isForeign(path: string): boolean {
  return /^[/~.]/.test(path) && !OF_SYSTEM.test(path);
}

function pairIn(word: string): [string, string][] {
  const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}
