import { expect, test } from "vitest";
import { bundleId } from "../../../../components/host/bundle/bundle.ts";
import { planBundle } from "../../../../components/host/bundle/plan-bundle.ts";
import { applyLine, connectionProblems, Host } from "../../../../components/host/host.ts";
import { record } from "../../../support/recording-monitor.ts";
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

test("a birth key is replaced after the apply", async () => {
  const all = await record(() => new Host("web", { docker: remote, spec: aHost(), birthKey: "ssh-ed25519 BBBB" }));
  const rekey = all.find(({ name }) => name === "web-key");
  expect(rekey?.inputs.create).toContain("rekey BBBB");
  expect(rekey?.dependsOn).toEqual(["web-apply"]);
});

test("the confirmation shares no connection with the apply", () => {
  const [apply = "", confirm = ""] = applyLine(remote, "abc").split("for attempt");
  expect(apply).toContain("ControlMaster=auto");
  expect(apply).not.toContain("ControlMaster=no");
  expect(confirm.indexOf("ControlMaster=no")).toBeGreaterThan(0);
  expect(confirm.indexOf("ControlMaster=no")).toBeLessThan(confirm.indexOf("ControlMaster=auto"));
  expect(confirm).toContain("confirm abc");
});

test("a way in that the apply would close is refused", () => {
  const found = connectionProblems({ ...remote, host: "ssh://admin@192.0.2.20:2222" }, aHost());
  expect(found.map(({ found: what }) => what)).toEqual(["user admin", "port 2222"]);
  expect(connectionProblems(remote, aHost())).toEqual([]);
});
