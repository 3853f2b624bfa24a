import type { Code } from "./shell/script.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

const CLIENT = /\bdocker\b|dockerode|podman|containers\.create|\/containers\/create/i;
const STARTS = /containers?\s*\.\s*(?:run|create)|createContainer|create_container|containers\/create|\.run\s*\(/;
const MODE = /\b(network|net|pid|ipc|userns|uts|cgroupns)_?mode["']?\s*[=:]\s*["']([^"']+)["']/gi;

/** Whether a program in another language talks to a container daemon, and starts something. */
function startsContainers(code: string): boolean {
  return CLIENT.test(code) && STARTS.test(code);
}

/** What a program in another language gives the containers that it starts, as far as it is written out. */
export function containersInCode(code: string): Started[] {
  if (!startsContainers(code)) return [];
  const modes = Object.fromEntries(
    [...code.matchAll(MODE)].map(([, name = "", mode]) => [
      `${name.toLowerCase().replace(/^net$/, "network")}Mode`,
      mode,
    ]),
  );
  const values = {
    privileged: /\bprivileged["']?\s*[=:]\s*(?:true|1)\b/i.test(code),
    ...modes,
    capabilities: { drops: ["ALL"], adds: listAfter(code, /cap_?add/i) },
    securityOpts: listAfter(code, /security_?opts?/i),
    devices: listAfter(code, /\bdevices/i).map((device) => ({ hostPath: device.split(":")[0] })),
    volumes: boundIn(code).map((hostPath) => ({ hostPath, containerPath: "/" })),
    volumesFrom: listAfter(code, /volumes_?from/i),
  };
  return [{ what: "a program that starts a container", made: { type: type.container, values } }];
}

function listAfter(code: string, name: RegExp): string[] {
  const [, inside = ""] = new RegExp(`${name.source}["']?\\s*[=:]\\s*[[(]([^\\])]*)`, "i").exec(code) ?? [];
  return [...inside.matchAll(/["']([^"']*)["']/g)].map(([, text = ""]) => text);
}

/** `'/a:/b'`, `{'/a': {'bind': '/b'}}`, `source='/a'`, `Source: "/a"`. */
function boundIn(code: string): string[] {
  const bound = [
    ...code.matchAll(/["'](\/[^"':]*):\/[^"']*["']/g),
    ...code.matchAll(/["'](\/[^"']*)["']\s*:\s*\{/g),
    ...code.matchAll(/\bsource["']?\s*[=:]\s*["'](\/[^"']*)["']/gi),
  ];
  return bound.map(([, path = ""]) => path);
}

const SHELLS_OUT =
  /\b(?:system|popen|exec(?:Sync|File|FileSync|_command|ute|vp?|lp?)?|spawn(?:Sync)?|run|call|check_call|check_output|Popen|getoutput|getstatusoutput|shell_exec|passthru|qx)(?![A-Za-z_])\s*\(?\s*/g;
/** Languages in which back quotes, or `%x`, are a command and not a text. */
const QUOTED_RUNS = /^(?:ruby|perl|php)$/;
const QUOTED = /`([^`]{1,4000})`|%x([({[|!])([^)}\]|!]{1,4000})/g;

/** The commands that a program in another language hands to a shell, or starts by their words. */
export function commandsInCode({ language, text }: Pick<Code, "language" | "text">): string[] {
  const code = text.slice(0, 100_000);
  const quoted = QUOTED_RUNS.test(language)
    ? [...code.matchAll(QUOTED)].map(([, ticked, , marked]) => ticked ?? marked ?? "")
    : [];
  return [...quoted.slice(0, 200), ...startedIn(code)];
}

function startedIn(code: string): string[] {
  return [...code.matchAll(SHELLS_OUT)].slice(0, 200).flatMap((found) => {
    const rest = code.slice(found.index + found[0].length, found.index + found[0].length + 4000);
    const text = /^[rf]?("""|'''|"|'|`)([^]*?)(?<!\\)\1/.exec(rest);
    const listed = /^qw\s*([(/{[|])([^)/}\]|]*)/.exec(rest)?.[2];
    if (listed !== undefined) return [listed];
    const given = /^(?:["'`]([\w./-]+)["'`]\s*,\s*)?\[([^\]]*)\]/.exec(rest);
    if (given !== null) {
      const words = [...(given[2] ?? "").matchAll(/["'`]([^"'`]*)["'`]/g)].map(
        ([, word = ""]) => `'${word.replaceAll("'", "")}'`,
      );
      return [[...(given[1] === undefined ? [] : [given[1]]), ...words].join(" ")];
    }
    return text === null ? [] : [(text[2] ?? "").replace(/\\(["'`])/g, "$1")];
  });
}
