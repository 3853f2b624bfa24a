import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { auditRules } from "#components/host/bundle/render/audit-rules.ts";
import { wazuhAgent } from "#components/host/bundle/render/wazuh-agent.ts";
import { debianImage } from "../support/debian-machine.ts";

// What is written for the kernel's audit and for Wazuh's agent, read by the real readers as far as a container lets them.
const minutes = 60_000;
let image = "";

beforeAll(async () => {
  image = await debianImage();
}, 15 * minutes);

/** Runs shell in a Debian 12 that may talk to the kernel's audit, and is refused by it. */
async function inDebian(script: string, input: string): Promise<string[]> {
  const args = ["run", "--rm", "-i", "--cap-add", "AUDIT_CONTROL", image, "sh", "-c", script];
  return (await execa("docker", args, { input, all: true })).all.split("\n");
}

/** Each rule is read by auditctl; what it says beyond the kernel's refusal is its own. */
const READ = `while read -r rule; do
  case $rule in '' | '#'*) continue ;; esac
  said=$(auditctl $rule 2>&1) || :
  printf '%s: %s\\n' "$rule" "$(printf '%s\\n' "$said" | grep -v '^Error sending .* (Operation not permitted)$' | paste -sd ' ')"
done`;

test("auditctl reads every rule, and augenrules merges them", async () => {
  const rules = auditRules()[0]?.content ?? "";
  const read = await inDebian(READ, rules);
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter((line) => !line.endsWith(": "))).toEqual([]);
  // It is the same reader that refuses these.
  const wrong = "-w relative -p wa\n-w /etc/x -p q\n-f 9\n-a never,exit -S nosuchcall\n";
  expect(await inDebian(READ, wrong)).toEqual([
    "-w relative -p wa: The path must start with '/'",
    "-w /etc/x -p q: Permission q isn't supported",
    "-f 9: Failure must be 0, 1, or 2 was 9",
    "-a never,exit -S nosuchcall: Syscall name unknown: nosuchcall",
  ]);
  const merged = await inDebian(
    "cat >/etc/audit/rules.d/50-garrison.rules; augenrules >/dev/null; augenrules --check; grep -v '^$' /etc/audit/audit.rules",
    rules,
  );
  expect(merged[0]).toContain("No change");
  expect(merged).toEqual(expect.arrayContaining(rules.split("\n").filter((line) => line.startsWith("-w "))));
});

/** What Wazuh 4's reference of ossec.conf documents, of what an agent can be told. */
const DOCUMENTED = [
  "client/server/address",
  "client/server/port",
  "client/server/protocol",
  "client/enrollment/enabled",
  "client/enrollment/groups",
  "syscheck/frequency",
  "syscheck/directories[realtime]",
  "localfile/log_format",
  "localfile/location",
];

const PATHS = `python3 -c '
import sys, xml.etree.ElementTree as tree
def walk(node, path):
    for child in node:
        name = path + [child.tag + "".join("[%s]" % key for key in child.attrib)]
        if len(child): walk(child, name)
        else: print("/".join(name), (child.text or "").strip())
root = tree.fromstring(sys.stdin.read())
assert root.tag == "ossec_config", root.tag
walk(root, [])
'`;

test("the agent's configuration is XML of documented elements, and says what was asked for", async () => {
  const [file] = wazuhAgent({ manager: "192.0.2.10", port: 1515, group: "linux" });
  const lines = await inDebian(PATHS, file?.content ?? "");
  expect(lines.map((line) => line.split(" ")[0]).filter((path) => !DOCUMENTED.includes(path ?? ""))).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      "client/server/address 192.0.2.10",
      "client/server/port 1515",
      "client/enrollment/groups linux",
      "localfile/log_format journald",
      "localfile/location journald",
    ]),
  );
  await expect(inDebian(PATHS, "<ossec_config><client></ossec_config>")).rejects.toThrow("mismatched tag");
});
