import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/remote-shell.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  { command: ["sshd"] },
  { command: ["/usr/sbin/sshd", "-D"] },
  { command: ["sh", "-c", "true && /usr/sbin/sshd"] },
  { entrypoints: ["dropbear", "-F"] },
  { entrypoints: ["ttyd", "bash"] },
  { ports: [{ internal: 22, ip: "127.0.0.1" }] },
  { ports: [{ internal: "2222", ip: "127.0.0.1" }] },
])("%j", (given) => {
  expect(onContainer(rule, given)).toHaveLength(1);
});

test.each([
  { command: ["ssh", "host"] },
  { command: ["sshd-exporter"] },
  { command: ["--config=/etc/sshd_config.d"] },
  { entrypoints: ["/opt/sshdx"] },
  { ports: [{ internal: 2200, ip: "127.0.0.1" }] },
])("%j is none", (given) => {
  expect(onContainer(rule, given)).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ command: [UNKNOWN] })])).toEqual({ verdicts: [], unknown: ["command.0"] });
});
