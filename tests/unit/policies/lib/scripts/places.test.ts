import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

import { rule as docker } from "#policies/rules/command/docker.ts";
import { rule as downloads } from "#policies/rules/command/downloads.ts";
import { rule as root } from "#policies/rules/command/root.ts";
import { findings } from "#tests/unit/policies/support.ts";

const SCRIPT =
  "#!/bin/bash\ncurl -fsSL https://example.org/install.sh | sh\ndocker run -d --privileged -v /:/host example\n";
const HARMLESS =
  "#!/bin/bash\napt-get install -y nginx\necho 'docker run --privileged, curl https://x | sh: never here'\ndocker run --rm example true\n";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const zipped = (text: string) => gzipSync(text).toString("base64");
const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "      ");
const cloudConfig = (text: string) =>
  `#cloud-config\nwrite_files:\n  - path: /opt/start.sh\n    content: |\n${indented(text)}runcmd:\n  - [bash, /opt/start.sh]\n`;
const encoded = (text: string, encoding: string) =>
  `#cloud-config\nwrite_files:\n  - path: /opt/start.sh\n    encoding: ${encoding}\n    content: ${encoding === "b64" ? base64(text) : zipped(text)}\n`;
const multipart = (text: string) =>
  `Content-Type: multipart/mixed; boundary="part"\nMIME-Version: 1.0\n\n--part\nContent-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n${base64(text)}\n--part--\n`;
const compute = "azure-native:compute";
const machine = (customData: string) => ({ osProfile: { customData } });
const container = "docker:index/container:Container";

/** Every place that holds a script, with a text in it. */
const places: readonly (readonly [string, string, (text: string) => object])[] = [
  ["a command", "command:local:Command", (text) => ({ create: text })],
  ["an update", "command:remote:Command", (text) => ({ update: text })],
  ["a removal", "command:remote:Command", (text) => ({ delete: text })],
  ["stdin of a shell", "command:local:Command", (text) => ({ create: "bash -s", stdin: text })],
  ["stdin over ssh", "command:local:Command", (text) => ({ create: "ssh root@192.0.2.1 sh", stdin: text })],
  ["stdin into a script", "command:local:Command", (text) => ({ create: "cat > /opt/start.sh", stdin: text })],
  ["a variable", "command:local:Command", (text) => ({ create: 'sh -c "$SCRIPT"', environment: { SCRIPT: text } })],
  ["an interpreter's words", "command:local:Command", (text) => ({ interpreter: ["ssh", "h"], create: text })],
  ["a heredoc", "command:local:Command", (text) => ({ create: `ssh h bash <<'EOT'\n${text}EOT` })],
  ["a file of a command", "command:local:Command", (text) => ({ create: `cat > /opt/a.sh <<'EOT'\n${text}EOT` })],
  ["base64 in a command", "command:local:Command", (text) => ({ create: `echo ${base64(text)} | base64 -d | sh` })],
  [
    "gzip in a command",
    "command:local:Command",
    (text) => ({ create: `echo ${zipped(text)} | base64 -d | gunzip | sh` }),
  ],
  ["a copy", "command:remote:CopyToRemote", (text) => ({ source: { text }, remotePath: "/opt/start.sh" })],
  [
    "a copied archive",
    "command:remote:CopyToRemote",
    (text) => ({ source: { assets: { "a.sh": { text } } }, remotePath: "/opt" }),
  ],
  ["an upload", container, (text) => ({ uploads: [{ file: "/start.sh", content: text }] })],
  ["an upload in base64", container, (text) => ({ uploads: [{ file: "/start.sh", contentBase64: base64(text) }] })],
  ["a container's command", container, (text) => ({ command: ["sh", "-c", text] })],
  ["a container's entrypoint", container, (text) => ({ entrypoints: ["/bin/bash", "-c"], command: [text] })],
  ["a health check", container, (text) => ({ healthcheck: { tests: ["CMD-SHELL", text] } })],
  ["a health check in words", container, (text) => ({ healthcheck: { tests: ["CMD", "sh", "-c", text] } })],
  ["custom data", `${compute}:VirtualMachine`, (text) => machine(base64(text))],
  ["custom data, compressed", `${compute}:VirtualMachine`, (text) => machine(zipped(text))],
  ["a cloud-config", `${compute}:VirtualMachine`, (text) => machine(base64(cloudConfig(text)))],
  ["a cloud-config's file", `${compute}:VirtualMachine`, (text) => machine(base64(encoded(text, "b64")))],
  ["a cloud-config's compressed file", `${compute}:VirtualMachine`, (text) => machine(base64(encoded(text, "gz+b64")))],
  ["a message of parts", `${compute}:VirtualMachine`, (text) => machine(base64(multipart(text)))],
  ["user data", `${compute}:VirtualMachine`, (text) => ({ userData: base64(text) })],
  ["a scale set", `${compute}:VirtualMachineScaleSet`, (text) => ({ virtualMachineProfile: machine(base64(text)) })],
  ["an extension", `${compute}:VirtualMachineExtension`, (text) => ({ settings: { commandToExecute: text } })],
  ["an extension's script", `${compute}:VirtualMachineExtension`, (text) => ({ settings: { script: base64(text) } })],
  [
    "protected settings",
    `${compute}:VirtualMachineExtension`,
    (text) => ({ protectedSettings: { script: zipped(text) } }),
  ],
  ["a run command", `${compute}:VirtualMachineRunCommandByVirtualMachine`, (text) => ({ source: { script: text } })],
  [
    "a classic extension",
    "azure:compute/extension:Extension",
    (text) => ({ settings: JSON.stringify({ commandToExecute: text }) }),
  ],
  [
    "a classic machine",
    "azure:compute/linuxVirtualMachine:LinuxVirtualMachine",
    (text) => ({ customData: base64(text) }),
  ],
];

const found = (type: string, properties: object) =>
  [docker, downloads].map((rule) =>
    findings(rule, [{ type, name: "x", properties: { ...properties } }]).map((line) => line.replace(/^[^:]+: /, "")),
  );

test.each(places)("the same script is judged alike in %s", (_, type, properties) => {
  expect(found(type, properties(SCRIPT))).toEqual(found("command:local:Command", { create: SCRIPT }));
  expect(found("command:local:Command", { create: SCRIPT }).map(({ length }) => length)).toEqual([2, 1]);
});

test.each(places)("a harmless script passes in %s", (_, type, properties) => {
  expect(found(type, properties(HARMLESS))).toEqual([[], []]);
});

test.each([
  ["a copy", "command:remote:CopyToRemote", (text: string) => ({ source: { text }, remotePath: "/srv/compose.yaml" })],
  ["an upload", container, (text: string) => ({ uploads: [{ file: "/srv/compose.yaml", content: text }] })],
  ["stdin", "command:local:Command", (text: string) => ({ create: "docker compose -f - up -d", stdin: text })],
  ["a file", "command:local:Command", (text: string) => ({ create: `cat << EOF > /srv/c.yaml\n${text}EOF\n` })],
  [
    "a cloud-config",
    `${compute}:VirtualMachine`,
    (text: string) => machine(base64(cloudConfig(text).replace("start.sh", "compose.yaml"))),
  ],
])("a compose file in %s is judged as its containers are", (_, type, properties) => {
  const file = (more: string) => `services:\n  a:\n    image: example\n${more}`;
  const bad = file("    privileged: true\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n");
  expect(found(type, properties(bad))[0]).toEqual([
    "the compose service a with privileged of true",
    'the compose service a with volumes.0.hostPath of "/var/run/docker.sock": a socket that controls the host',
  ]);
  const good = file(
    "    ports: ['127.0.0.1:8080:80']\n    volumes: ['./data:/data', 'cache:/cache']\nvolumes: {cache: {}}\n",
  );
  expect(found(type, properties(good))[0]).toEqual([]);
});

test("a daemon's address in the environment of a command is the daemon that it talks to", () => {
  const on = (host: string) =>
    found("command:local:Command", { create: "docker ps", environment: { DOCKER_HOST: host } })[0];
  expect(on("tcp://192.0.2.9:2375")).toEqual(['docker with host of "tcp://192.0.2.9:2375", without a certificate']);
  expect(on("ssh://deploy@192.0.2.9")).toEqual([]);
});

test("in a container a user and a group are the container's own", () => {
  const where = (type: string, properties: object) =>
    findings(root, [{ type, name: "x", properties: { ...properties } }]);
  expect(where(container, { command: ["sh", "-c", "usermod -aG docker app"] })).toEqual([]);
  expect(where("command:local:Command", { create: "usermod -aG docker app" })).toHaveLength(1);
  expect(where(container, { command: ["nsenter", "-t", "1", "-m", "sh"] })).toHaveLength(1);
});

test("a long word before a sign that base64 has not is read at once", () => {
  const written = machine(base64(`${"LongName".repeat(4)}=https://example.org/?a=1;b=2\n`));
  const began = performance.now();
  expect(findings(docker, [{ type: `${compute}:VirtualMachine`, name: "example", properties: written }])).toEqual([]);
  expect(performance.now() - began).toBeLessThan(1000);
});
