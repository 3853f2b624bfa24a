import { expect, test } from "vitest";

import { rule } from "#policies/rules/command/downloads.ts";
import { cpuMs } from "#tests/support/cpu.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const command = (create: string, type = "command:remote:Command") => [{ type, name: "x", properties: { create } }];
const url = "https://example.org/install.sh?a=1&b=2";

test.each([
  `curl ${url} | sh`,
  `curl -fsSL "${url}" | bash -s -- --yes`,
  `curl ${url}|sh`,
  `curl ${url} | sudo bash`,
  `curl ${url} | sudo -E FOO=bar bash -`,
  `curl ${url} | /bin/sh`,
  `curl ${url} | tee install.sh | sh`,
  `curl ${url} \\\n  | sh`,
  `wget -qO- ${url} | sh`,
  `wget -O - ${url} |& bash`,
  `curl ${url} | python3 -`,
  `curl ${url} | perl`,
  `sh -c "$(curl -fsSL ${url})"`,
  `bash <(curl -s ${url})`,
  `source <(curl -s ${url})`,
  `. <(wget -qO- ${url})`,
  `eval "$(curl ${url})"`,
  `eval \`curl ${url}\``,
  `curl -k ${url} -o x`,
  `curl -fsSLk ${url} -o x`,
  `curl --insecure ${url} -o x`,
  `wget --no-check-certificate ${url}`,
  `cd /tmp && curl ${url} | sh`,
])("%j", (text) => {
  for (const type of ["command:local:Command", "command:remote:Command"]) {
    expect(findings(rule, command(text, type))).not.toEqual([]);
  }
});

test.each([
  `curl -o x ${url} && echo "abc  x" | sha256sum -c && sh x`,
  `curl ${url} -o x; cat y | sh`,
  `curl ${url} | sudo tee /etc/apt/keyrings/example.asc`,
  `curl ${url} | sha256sum`,
  `curl ${url} | jq .sh`,
  `curl ${url} | grep -q bash`,
  `curl --keepalive-time 2 ${url} -o x`,
  `# curl ${url} | sh`,
  "apt-get install -y curl bash",
  "echo 'curl is not | used'",
  "curl -o key.asc https://example.org/k",
])("%j passes", (text) => {
  expect(findings(rule, command(text))).toEqual([]);
});

test("a script on stdin is a text too; an unknown one is judged later", () => {
  expect(
    findings(rule, [
      { type: "command:local:Command", name: "x", properties: { create: "sh", stdin: `set -e\ncurl ${url} | sh` } },
    ]),
  ).toEqual(["stdin: a download that a shell runs unread"]);
  expect(run(rule, command(UNKNOWN)).verdicts).toEqual([]);
});

test("no text makes it slow", () => {
  const start = cpuMs();
  for (const text of ["curl ".repeat(50_000), `curl ${"| sudo ".repeat(40_000)}`, `sh ${"$( ".repeat(80_000)}`]) {
    findings(rule, command(text));
  }
  expect(cpuMs() - start).toBeLessThan(3000);
});
