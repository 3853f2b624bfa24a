import { putInBy } from "../shell/edits.ts";
import { readAnywhere, words } from "../shell/options.ts";
import type { Call, WrittenFile } from "../shell/script.ts";
import { deedOf } from "../shell/talking.ts";

const ARGUMENT = "a password among the arguments of ssh";
const LOGINS = words("plink pscp psftp putty");

const REGISTRIES = words("docker podman nerdctl buildah skopeo helm crane oras regctl");

/** How a command logs in by a password that it shows, or lets others log in by one. */
export function passwordsBy(call: Call): string[] {
  const { name, argv, stdin, environment } = call;
  if (name === "sshpass") {
    const given = argv
      .slice(1)
      .find(
        (word, index, all) =>
          /^-\w*p/.test(word) &&
          !/^-\w*[fd]/.test(word) &&
          all.slice(0, index).every((before) => before.startsWith("-")),
      );
    const variable = argv[1] === "-e" ? environment.get("SSHPASS") : undefined;
    return given !== undefined || (variable !== undefined && !variable.startsWith("$")) ? [ARGUMENT] : [];
  }
  if (LOGINS.has(name)) return argv.includes("-pw") ? [ARGUMENT] : [];
  if (REGISTRIES.has(name) && argv.includes("login") && argv.some((word) => /^--password-stdin(=true)?$/.test(word)))
    return isWrittenOut(stdin.text) ? [`a password of a registry in plain text, for ${name} login`] : [];
  if (name === "sudo" && argv.some((word) => /^(-\w*S|--stdin)$/.test(word)) && isWrittenOut(stdin.text))
    return ["the password of sudo in plain text"];
  if (/^ansible(-playbook)?$/.test(name))
    return /ansible_(ssh_)?pass(word)?=(?!\S*\$|\S*\{\{)/.test(deedOf(call))
      ? ["a password among the arguments of ansible"]
      : [];
  if (name === "sshd") return loginsIn(argv.join("\n").replace(/-o\n?/g, "").replaceAll("=", " "));
  if (name === "augtool") return loginsIn(deedOf(call).replace(/.*sshd_config\//, ""));
  if (/^(sed|perl)$/.test(name) && argv.some((word) => word.includes("sshd_config"))) return loginsIn(putInBy(argv));
  return set(call);
}

/** Passwords that a command gives to users. */
function set({ name, argv, stdin }: Call): string[] {
  if (name === "chpasswd") {
    const hashed = argv.some((word) => /^(-\w*e|--encrypted)$/.test(word));
    const lines = (stdin.text ?? "").split("\n").flatMap((line) => {
      const [, user, password = ""] = /^([\w.-]+):(.+)$/.exec(line.trim()) ?? [];
      return user === undefined ? [] : [{ user, password }];
    });
    if (lines.some(({ user }) => user === "root")) return ["a password for root"];
    return !hashed && lines.some(({ password }) => isWrittenOut(password)) ? ["a user's password in plain text"] : [];
  }
  if (name === "passwd") {
    const { options, operands } = readAnywhere(argv, { valued: words("x n w i R") }, 1);
    if (options.has("d") || options.has("delete")) return ["a user without a password"];
    if (!isWrittenOut(stdin.text)) return [];
    return [
      operands[0] === "root" || operands.length === 0 ? "a password for root" : "a user's password in plain text",
    ];
  }
  if (name === "usermod" || name === "useradd") {
    const { options, operands } = readAnywhere(
      argv,
      { valued: words("p password G groups g gid u uid d home s shell c comment e f k l b") },
      1,
    );
    const given = options.get("p")?.at(-1) ?? options.get("password")?.at(-1);
    if (given === undefined) return [];
    return operands[0] === "root"
      ? ["a password for root"]
      : /^[$!*]|\$\(/.test(given)
        ? []
        : ["a user's password in plain text"];
  }
  return [];
}

/** Whether a text is a password itself and not the place of one. */
function isWrittenOut(text: string | undefined): boolean {
  const bare = (text ?? "").trim();
  return bare !== "" && !/^[$`]|\$\{|\$\(|\$[A-Za-z_]/.test(bare);
}

/** The same by the settings of an SSH server. */
export function passwordsIn({ path, text }: WrittenFile): string[] {
  return /\/sshd_config(\.d\/[^/]*)?$/.test(path) ? loginsIn(text) : [];
}

function loginsIn(text: string): string[] {
  const says = (name: string, value: string) =>
    new RegExp(`^\\s*${name}\\s+["']?${value}["']?\\s*(#.*)?$`, "im").test(text);
  const off = says("PasswordAuthentication", "no") && !says("PasswordAuthentication", "yes");
  return [
    ...(says("PermitRootLogin", "yes") && !off ? ["PermitRootLogin yes, by which root logs in by password"] : []),
    ...(says("PasswordAuthentication", "yes") ? ["PasswordAuthentication yes"] : []),
    ...(says("PermitEmptyPasswords", "yes") ? ["PermitEmptyPasswords yes"] : []),
  ];
}
