import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { bundleId } from "#components/host/bundle/bundle.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { applyLine, Host } from "#components/host/host.ts";
import { firstBootLine, HostKey, READY } from "#components/host/host-key.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import { aHost } from "./bundle/a-host.ts";

const docker = { host: "ssh://deploy@192.0.2.20", cgroupDriver: "systemd" } as const;
const firstBootKey = "ecdsa-sha2-nistp256 BBBB";

test("a machine is asked for its lasting key over the key of its first boot, and again when it is another machine", async () => {
  const all = await record(
    () => new HostKey("web-key", { docker, firstBootKey: pulumi.output(firstBootKey), machine: pulumi.output("vm-1") }),
    { "web-key-command": { stdout: "ssh-ed25519 CCCC\n" } },
  );
  const command = all.find(({ name }) => name === "web-key-command");
  expect(command?.inputs).toMatchObject({
    create: firstBootLine({ ...docker, hostKey: firstBootKey }),
    stdin: READY,
    triggers: ["vm-1", firstBootKey],
  });
  // A second question would find no first-boot key any more.
  expect(command?.inputs.update).toContain("$PULUMI_COMMAND_STDOUT");
  expect(command?.inputs.addPreviousOutputInEnv).not.toBe(false);
});

test("everything else connects with the key that the machine answered with", async () => {
  const all = await record(
    () => {
      const { docker: found } = new HostKey("web-key", { docker, firstBootKey, machine: "vm-1" });
      new Host("web", { docker: found, spec: aHost(), firstBootKey });
    },
    { "web-key-command": { stdout: "ssh-ed25519 CCCC\n" } },
  );
  const apply = all.find(({ name }) => name === "web-apply");
  const id = bundleId(planBundle(aHost()));
  expect(apply?.inputs.create).toBe(applyLine({ ...docker, hostKey: "ssh-ed25519 CCCC" }, id));
  expect(apply?.dependsOn).toContain("web-key-command");
});

test("no connection is shared with what trusts another key", () => {
  const line = firstBootLine({ ...docker, hostKey: firstBootKey });
  expect(line.indexOf("ControlMaster=no")).toBeGreaterThan(0);
  expect(line.indexOf("ControlMaster=no")).toBeLessThan(line.indexOf("ControlMaster=auto"));
  expect(line).toContain(`KnownHostsCommand=/bin/echo %H ${firstBootKey}`);
});
