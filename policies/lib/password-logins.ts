import { oneBlank } from "../../containment/blanks.ts";
import { textsInFirstBootData } from "./cloud-init-secrets.ts";

/** How data that a machine is born with lets somebody log in with a password. Comments are gone before it is looked at. */
const WAYS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t\f\v]*["']?ssh_pwauth["']?[^\S\n]*:[^\S\n]*["']?(?:true|yes|on|1)\b/im, "ssh_pwauth"],
  [
    /\bPasswordAuthentication\W{1,9}yes\b(?![^\n]{0,200}PasswordAuthentication\W{1,9}no\b)/i,
    "PasswordAuthentication in sshd's configuration",
  ],
  [/\bPermitRootLogin\W{1,9}yes\b(?![^\n]{0,200}PermitRootLogin\W)/i, "PermitRootLogin in sshd's configuration"],
  [/\|\s*(?:sudo\s+)?(?:\/\S{0,40}\/)?chpasswd\b|\bchpasswd\s*<<|\bpasswd\s+--stdin\b/, "chpasswd"],
  [/\busermod\s[^\n]{0,200}(?:\s-p|\s--password)[\s=]/, "usermod"],
  [/(?<![\w-])plain_text_passwd["']?\s*:/, "a password of a user"],
  [
    /^chpasswd[^\S\n]*:[^\0]{0,400}?^[^\S\n]+(?:-[^\S\n]*)?["']?[a-z_][\w-]{0,31}:(?!\s|R(?:ANDOM)?[^\S\n]*$|\$)\S/m,
    "chpasswd",
  ],
  [
    /^chpasswd[^\S\n]*:[^\0]{0,400}?^[^\S\n]+(?:-[^\S\n]*)?password[^\S\n]*:[^\S\n]*(?!["']?R(?:ANDOM)?["']?[^\S\n]*$)\S/m,
    "chpasswd",
  ],
];

/** The ways by which custom data or user data allows passwords, each once. */
export function passwordLoginsIn(data: string): string[] {
  const texts = textsInFirstBootData(data).texts.map(({ text }) => oneBlank(text.replaceAll(/^[ \t\f\v]*#.*$/gm, "")));
  const found = WAYS.filter(([pattern]) => texts.some((text) => pattern.test(text))).map(([, way]) => way);
  return [...new Set(found)];
}
