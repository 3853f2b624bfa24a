import { commandsIn, commandTexts, commandType, RUNNING } from "../../lib/command-texts.ts";
import type { Example, Rule } from "../../lib/rule.ts";

const SHELL = "(?:\\S{0,40}/)?(?:(?:ba|z|da|k|a)?sh|python[0-9.]{0,4}|perl|ruby|node)";
const FETCH = "\\b(?:curl|wget|fetch|aria2c)\\b";

/** What each pattern finds in one command, without quotes. */
const DANGERS: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      `${FETCH}.{0,2000}\\|&?\\s{0,9}(?:(?:sudo|doas|env|exec|nohup)(?:\\s{1,9}-\\S{1,20}|\\s{1,9}\\w{1,40}=\\S{0,80}){0,6}\\s{1,9}){0,3}${SHELL}(?:\\s|$)`,
      "i",
    ),
    "a download that a shell runs unread",
  ],
  [
    new RegExp(`(?:^|[\\s/])(?:(?:ba|z|da|k|a)?sh|eval|source|\\.)\\s.{0,200}(?:\\$\\(|<\\(|\`)\\s{0,9}${FETCH}`, "i"),
    "a download that a shell runs unread",
  ],
  [
    /\bcurl\b.{0,2000}\s(?:--insecure|-[a-zA-Z]{0,12}k[a-zA-Z]{0,12})(?:\s|$)/,
    "curl without a look at the certificate",
  ],
  [/\bwget\b.{0,2000}\s--no-check-certificate/, "wget without a look at the certificate"],
];

export const rule: Rule = {
  id: "command.downloads",
  title: "No command runs a download unread, or fetches one without checking who sends it.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI04"],
  why: "Whoever controls the server, the name or the line runs commands of their own on the host.",
  fix: "Install a package, or fetch to a file over TLS, compare its checksum with one in the program, then run it.",
  waivable: "by-configuration",
  types: [...RUNNING],
  check: (resource) =>
    commandTexts(resource).flatMap(({ path, value }) => {
      const commands = commandsIn(value);
      return DANGERS.filter(([pattern]) => commands.some((command) => pattern.test(command))).map(([, found]) => ({
        property: path,
        found,
        expected: "a file whose checksum is compared before it is used",
      }));
    }),
  examples: {
    good: [
      example(
        "Compared before it is run",
        `curl -fsSLo /tmp/install https://example.org/install && echo "${"0123456789abcdef".repeat(4)}  /tmp/install" | sha256sum -c && sh /tmp/install`,
      ),
      example("A package", "apt-get install -y nginx"),
      example("A look at a service", "curl -fsS http://127.0.0.1:8080/health | grep -q ok"),
    ],
    bad: [
      example("Straight into a shell", "curl -fsSL https://example.org/install.sh | sh"),
      example("With sudo and an option", "wget -qO- https://example.org/install.sh | sudo -E bash -s -- --yes"),
      example("By substitution", 'bash -c "$(curl -fsSL https://example.org/install.sh)"'),
      example("By redirection", "bash <(curl -s https://example.org/install.sh)"),
      example("Into another interpreter", "curl https://example.org/get.py | python3 -"),
      example("Any certificate", "curl -sk https://example.org/tool -o /usr/local/bin/tool"),
    ],
  },
};

function example(title: string, create: string): Example {
  return { title, resources: [{ type: commandType.local, name: "command", properties: { create } }] };
}
