import { oneBlank } from "../../../containment/blanks.ts";
/** What a file's name and text say about who reads it. */
type FileKind = "shell" | "cron" | "unit" | "code" | "data";

const CRON = /(^|\/)etc\/cron(tab$|\.d\/)|\/var\/spool\/cron\//;
const UNIT = /\.(service|socket|timer|path|container|pod|kube)$|\/systemd\/.*\.conf$/;
const SHELL_PATH =
  /\.(sh|bash|zsh|ksh|profile|bashrc)$|(^|\/)etc\/(cron\.(hourly|daily|weekly|monthly)|profile|profile\.d|init\.d|rc\.local|update-motd\.d|bash\.bashrc|network\/if-[\w-]+\.d)(\/|$)|\/\.(bashrc|profile|bash_profile|zshrc)$|\/(post|pre)-(install|start|receive|commit|up|down)$|\/(s?bin|scripts?)\/[\w-]+$/;

export function fileKind(path: string, text: string): FileKind {
  if (CRON.test(path)) return "cron";
  if (UNIT.test(path)) return "unit";
  const interpreter = /^\s*#!\s*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(text);
  if (interpreter !== null) {
    const program = /(^|\/)env$/.test(interpreter[1] ?? "") ? (interpreter[2] ?? "") : (interpreter[1] ?? "");
    if (/(python|perl|ruby|node|php)[0-9.]*$/.test(program)) return "code";
    return program.endsWith("sh") ? "shell" : "data";
  }
  if (SHELL_PATH.test(path)) return "shell";
  // Without a name it is a text that a shell reads, unless it is one of a well-known shape.
  if (path === "" && !/^\s*(---|[{[<]|[\w."'-]+:(\s|$))/.test(text)) return "shell";
  return "data";
}

/** The commands in a table of cron, one a line; in a table of the system a user stands before each. */
export function commandsOfCron(text: string, withUser: boolean): string {
  const user = withUser ? "(?:\\S+\\s+)" : "";
  const line = new RegExp(`^\\s*(?:@\\w+|(?:[-*\\d,/A-Za-z]+\\s+){4}[-*\\d,/A-Za-z]+)\\s+${user}(.*)$`);
  return text
    .split("\n")
    .flatMap((row) => {
      const command = line.exec(row)?.[1];
      return command === undefined ? [] : [command];
    })
    .join("\n");
}

/** What a unit of systemd starts; of a quadlet the containers, as Podman would be told to start them. */
export function commandsOfUnit(path: string, text: string): string {
  const whole = oneBlank(text.replace(/\\\n\s*/g, " "));
  const started = [...whole.matchAll(/^[ \t]{0,99}Exec\w{1,30}[ \t]{0,9}=[ \t]{0,99}[-+!@:|]{0,9}(.*)$/gm)].map(
    ([, command = ""]) => command,
  );
  if (!path.endsWith(".container")) return started.join("\n");
  const options = [...whole.matchAll(/^\s{0,99}(\w{1,100})\s{0,99}=\s{0,99}(.*)$/gm)].flatMap(
    ([, name = "", value = ""]) => quadlet(name, value.trim()),
  );
  return [...started, `podman run ${options.join(" ")} image`].join("\n");
}

const QUADLET: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AddCapability: "--cap-add",
    AddDevice: "--device",
    Network: "--network",
    PublishPort: "--publish",
    SecurityOpt: "--security-opt",
    Sysctl: "--sysctl",
    UserNS: "--userns",
    Volume: "--volume",
    Mount: "--mount",
    GroupAdd: "--group-add",
    Environment: "--env",
  }),
);

function quadlet(name: string, value: string): string[] {
  if (name === "PodmanArgs") return [value];
  if (name === "SecurityLabelDisable" && value === "true") return ["--security-opt label=disable"];
  if (name === "SeccompProfile" && value === "unconfined") return ["--security-opt seccomp=unconfined"];
  const option = QUADLET.get(name);
  if (option === undefined) return [];
  return name === "AddCapability"
    ? value.split(/\s+/).map((one) => `${option} ${one}`)
    : [`${option} '${value.replaceAll("'", "")}'`];
}
