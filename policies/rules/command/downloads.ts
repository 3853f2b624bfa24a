import { run } from "#lib/command-examples.ts";
import { downloadsIn } from "#lib/downloads-in-code.ts";
import type { Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";
import { unverifiedBy, unverifiedIn } from "#lib/unverified.ts";

export const rule: Rule = {
  id: "command.downloads",
  title: "No command runs a download unread, or fetches one without checking who sends it.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI04"],
  why: "Whoever controls the server, the name or the line runs commands of their own on the host.",
  fix: "Install a package, or fetch to a file over TLS, compare its checksum with one in the program, then run it.",
  waivable: "by-configuration",
  types: [...HOLDING],
  check: (resource) =>
    findingsInScripts(resource, ({ script: { unread, calls, files, code } }) => {
      const found = [
        ...unread.map(({ how }) => how),
        ...calls.flatMap(unverifiedBy),
        ...files.flatMap(unverifiedIn),
        ...code.flatMap(downloadsIn),
      ];
      return found.map((one) => ({ found: one, expected: "a file whose checksum is compared before it is used" }));
    }),
  examples: {
    good: [
      run(
        "Compared before it is run",
        `curl -fsSLo /tmp/install https://example.org/install && echo "${"0123456789abcdef".repeat(4)}  /tmp/install" | sha256sum -c && sh /tmp/install`,
      ),
      run("A package", "apt-get install -y nginx"),
      run("A look at a service", "curl -fsS http://127.0.0.1:8080/health | grep -q ok"),
    ],
    bad: [
      run("Straight into a shell", "curl -fsSL https://example.org/install.sh | sh"),
      run("With sudo and an option", "wget -qO- https://example.org/install.sh | sudo -E bash -s -- --yes"),
      run("By substitution", 'bash -c "$(curl -fsSL https://example.org/install.sh)"'),
      run("By redirection", "bash <(curl -s https://example.org/install.sh)"),
      run("Into another interpreter", "curl https://example.org/get.py | python3 -"),
      run("Any certificate", "curl -sk https://example.org/tool -o /usr/local/bin/tool"),
    ],
  },
};
