import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { birthLine, HostKey, READY } from "../../../../components/host/host-key.ts";
import { record } from "../../../support/recording-monitor.ts";

const docker = { host: "ssh://deploy@192.0.2.20", cgroupDriver: "systemd" } as const;
const birthKey = "ecdsa-sha2-nistp256 BBBB";

test("a machine is asked for its lasting key over the key of its birth, and again when it is another machine", async () => {
  const all = await record(
    () => new HostKey("web-key", { docker, birthKey: pulumi.output(birthKey), machine: pulumi.output("vm-1") }),
    { "web-key-command": { stdout: "ssh-ed25519 CCCC\n" } },
  );
  const command = all.find(({ name }) => name === "web-key-command");
  expect(command?.inputs).toMatchObject({
    create: birthLine({ ...docker, hostKey: birthKey }),
    stdin: READY,
    triggers: ["vm-1", birthKey],
  });
  // A second question would find no birth key any more.
  expect(command?.inputs.update).toContain("$PULUMI_COMMAND_STDOUT");
  expect(command?.inputs.addPreviousOutputInEnv).not.toBe(false);
});

test("everything else connects with the key that the machine answered with", async () => {
  const found: unknown[] = [];
  await record(
    () => {
      new HostKey("web-key", { docker, birthKey, machine: "vm-1" }).docker.apply((own) => found.push(own));
    },
    { "web-key-command": { stdout: "ssh-ed25519 CCCC\n" } },
  );
  expect(found).toEqual([{ ...docker, hostKey: "ssh-ed25519 CCCC" }]);
});

test("no connection is shared with what trusts another key", () => {
  const line = birthLine({ ...docker, hostKey: birthKey });
  expect(line.indexOf("ControlMaster=no")).toBeGreaterThan(0);
  expect(line.indexOf("ControlMaster=no")).toBeLessThan(line.indexOf("ControlMaster=auto"));
  expect(line).toContain(`KnownHostsCommand=/bin/echo %H ${birthKey}`);
});
