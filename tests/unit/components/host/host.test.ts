import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { bundleId } from "#components/host/bundle/bundle.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { applyLine, connectionProblems, Host } from "#components/host/host.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import { aHost } from "./bundle/a-host.ts";

const remote = { host: "ssh://deploy@192.0.2.20", hostKey: "ssh-ed25519 AAAA", cgroupDriver: "systemd" } as const;

test("a machine is one command, which carries the bundle on stdin", async () => {
  const [command, ...more] = (await record(() => new Host("web", { docker: remote, spec: aHost() }))).filter(
    ({ type }) => type === "command:local:Command",
  );
  expect(more).toEqual([]);
  expect(command).toMatchObject({ name: "web-apply", parent: "web" });
  expect(command?.inputs.stdin).toContain("entry /etc/ssh/sshd_config.d/10-garrison.conf ");
  expect(command?.inputs.create).toBe(applyLine(remote, bundleId(planBundle(aHost()))));
});

test("a first-boot key is forgotten after the apply", async () => {
  const firstBootKey = "ecdsa-sha2-nistp256 BBBB";
  const all = await record(() => new Host("web", { docker: pulumi.output(remote), spec: aHost(), firstBootKey }));
  const forget = all.find(({ name }) => name === "web-forget");
  expect(forget?.inputs.create).toContain("forget BBBB");
  expect(forget?.inputs.create).toContain("ssh-ed25519 AAAA");
  expect(forget?.dependsOn).toEqual(["web-apply"]);
});

test("the confirmation shares no connection with the apply", () => {
  const [apply = "", confirm = ""] = applyLine(remote, "abc").split("for attempt");
  expect(apply).toContain("ControlMaster=auto");
  expect(apply).not.toContain("ControlMaster=no");
  expect(confirm.indexOf("ControlMaster=no")).toBeGreaterThan(0);
  expect(confirm.indexOf("ControlMaster=no")).toBeLessThan(confirm.indexOf("ControlMaster=auto"));
  expect(confirm).toContain("confirm abc");
  expect(confirm).toContain("-O stop");
});

test("a way in that the apply would close is refused", () => {
  const found = connectionProblems({ ...remote, host: "ssh://admin@192.0.2.20:2222" }, aHost());
  expect(found.map(({ found: what }) => what)).toEqual(["user admin", "port 2222"]);
  expect(connectionProblems(remote, aHost())).toEqual([]);
});
