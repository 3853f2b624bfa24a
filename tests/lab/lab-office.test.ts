import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { ensureRegistry } from "#lab/images/registry.ts";
import { office } from "#stacks/office.ts";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { testLab } from "../support/lab-machines.ts";
import type { TestLab } from "../support/lab-machines.ts";
import { machineStack } from "../support/machine-stack.ts";
import type { MachineStack } from "../support/machine-stack.ts";
import {
  connectionsOf,
  deliveredFiles,
  officeMachine,
  officeSettings,
  pidLimits,
  restart,
  unwell,
  withoutDocker,
} from "../support/office-machine.ts";
import type { OfficeMachine } from "../support/office-machine.ts";
import { attempt } from "../support/packets.ts";
import { ownImages } from "./lab-office/own-images.ts";

// The office stack as it stands, on a bare machine that it knows by an address, a host key and a login key: the machine's
// own configuration, then its containers.
const minutes = 60_000;
const containers = office.services.length;
let lab: TestLab;
let machine: OfficeMachine;
let engine: TestEngine;
let files: string;
let imagesLock: string;
let config: Record<string, unknown>;
let stack: MachineStack;

beforeAll(async () => {
  lab = await testLab();
  files = await mkdtemp(join(tmpdir(), "garrison-lab-office-"));
  imagesLock = join(files, "images.lock.json");
  machine = await officeMachine(lab);
  await withoutDocker(machine);
  // Images come from this host's registry, which the machine reaches under the same address.
  await ensureLabImages({ services: office.services, lockFile: imagesLock });
  await ensureRegistry();
  engine = await makeEngine({ program: "" });
  config = await officeSettings(lab, machine, imagesLock);
  stack = await machineStack(engine, "office", stringify({ config }));
}, 15 * minutes);

afterAll(async () => {
  await engine.dispose();
  await lab.end();
  await rm(files, { recursive: true, force: true });
}, 3 * minutes);

async function up(...options: readonly string[]): Promise<void> {
  const ran = await stack.pulumi(["up", "--yes", "--skip-preview", ...options]);
  expect(ran.exitCode, ran.output).toBe(0);
}

test(
  "the first up configures the bare machine and deploys every container, and all become healthy",
  async () => {
    await up();
    expect(await unwell(machine, containers)).toEqual([]);
    expect(await machine.root("docker info --format '{{.LiveRestoreEnabled}}'")).toBe("true");
    expect(await machine.root("sshd -T | grep -i ^passwordauthentication")).toBe("passwordauthentication no");
    expect(await machine.root("nft list tables")).toContain("table inet garrison-host");
  },
  10 * minutes,
);

test(
  "the second up changes nothing over one connection, and needs no registry",
  async () => {
    expect(await connectionsOf(machine, () => up("--expect-no-changes"))).toBe(1);
    await up("--refresh", "--expect-no-changes");
  },
  5 * minutes,
);

test(
  "what is not planned gets nowhere, and does where the rules are taken away",
  async () => {
    // Beside the machine, as a cloud's metadata service is; and a program on the machine that nobody opened a port for.
    await machine.root(`ip netns add cloud
      ip link add cloud0 type veth peer name eth0 netns cloud
      ip address add 169.254.169.1/24 dev cloud0 && ip link set cloud0 up
      ip -n cloud address add 169.254.169.254/24 dev eth0 && ip -n cloud link set eth0 up
      ip -n cloud route add default via 169.254.169.1
      systemd-run -q --unit=cloud ip netns exec cloud python3 -m http.server 80
      systemd-run -q --unit=extra python3 -m http.server 8088
      until ss -Hltn | grep -q ":8088 "; do sleep 0.2; done
      until ip netns exec cloud ss -Hltn | grep -q ":80 "; do sleep 0.2; done`);
    const gateway = await machine.root(
      "docker inspect -f '{{range .NetworkSettings.Networks}}{{.Gateway}} {{end}}' office-egress-proxy",
    );
    const host = gateway.split(" ").find((address) => address !== "") ?? "";
    expect(host).toMatch(/^10\.77\./);
    const targets = [`${host} 22`, "169.254.169.254 80"];
    const dial = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)";
    const fromContainer = () =>
      machine.root(`pid=$(docker inspect -f '{{.State.Pid}}' office-egress-proxy)
        for target in ${targets.map((target) => `'${target}'`).join(" ")}; do
          nsenter -t $pid -n python3 -c '${dial}' $target 2>/dev/null && echo open || echo closed
        done`);
    const fromOutside = async () => {
      const ports = [22, 8088].map((port) => ({ address: machine.address, port, protocol: "tcp" as const }));
      return attempt("host", ports, 1000);
    };

    expect(await fromContainer()).toBe("closed\nclosed");
    await machine.root("nft delete table inet garrison-office");
    expect(await fromContainer()).toBe("open\nopen");
    await machine.root("systemctl start garrison-office-rules.service");
    expect(await fromContainer()).toBe("closed\nclosed");

    expect(await fromOutside()).toEqual(["open", "silent"]);
    await machine.root("nft delete table inet garrison-host");
    expect(await fromOutside()).toEqual(["open", "open"]);
    await machine.root("nft -f /etc/garrison/rules.nft");
    expect(await fromOutside()).toEqual(["open", "silent"]);
  },
  2 * minutes,
);

test(
  "a machine that restarts comes back without its deployer: rules, then secrets, then containers",
  async () => {
    const before = await deliveredFiles(machine);
    const limits = await pidLimits(machine);
    expect(before).toContain("/run/garrison/office/valkey/");
    await restart(machine);
    expect(await unwell(machine, containers)).toEqual([]);
    expect(await deliveredFiles(machine)).toBe(before);
    expect(await pidLimits(machine)).toBe(limits);
    const tables = await machine.root("nft list tables");
    expect(tables).toContain("table inet garrison-host");
    expect(tables).toContain("table inet garrison-office");
    const earlier = ["garrison-rules", "garrison-office-rules", "garrison-office-files"];
    const [docker = 0, ...done] = await Promise.all(
      [
        "systemctl show -p ExecMainStartTimestampMonotonic --value docker",
        ...earlier.map((unit) => `systemctl show -p ExecMainExitTimestampMonotonic --value ${unit}`),
      ].map(async (script) => Number(await machine.root(script))),
    );
    for (const [index, at] of done.entries()) {
      expect(at, earlier[index]).toBeGreaterThan(0);
      expect(at, earlier[index]).toBeLessThan(docker);
    }
    await up("--refresh", "--expect-no-changes");
  },
  10 * minutes,
);

test(
  "a machine that is gone, and another in its place, are told apart, and the way on that is told leads on",
  async () => {
    const secrets = await deliveredFiles(machine);
    await lab.run("down", "office");
    const preview = await stack.pulumi(["preview"]);
    expect(preview.exitCode, preview.output).toBe(0);
    const gone = await stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(gone.exitCode).not.toBe(0);
    expect(gone.output).toContain(`found ssh://garrison@${machine.address}, where ssh says:`);
    expect(gone.output).toContain("are its name and port written right, is it on");

    machine = await officeMachine(lab);
    const another = await stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(another.exitCode).not.toBe(0);
    expect(another.output).toContain("Host key verification failed");
    expect(another.output).not.toContain("state delete");
    // As the page about another machine in its place says.
    const urn = (await stack.state()).find((one) => one.endsWith("$command:local:Command::office-os-apply")) ?? "";
    const forgotten = await stack.pulumi(["state", "delete", "--yes", "--target-dependents", urn]);
    expect(forgotten.exitCode, forgotten.output).toBe(0);
    const pinned = await stack.pulumi(["config", "set", "--path", "garrison:docker.hostKey", machine.hostKey]);
    expect(pinned.exitCode, pinned.output).toBe(0);
    await up();
    expect(await unwell(machine, containers)).toEqual([]);
    expect(await deliveredFiles(machine)).toBe(secrets);
  },
  8 * minutes,
);

test(
  "destroy leaves nothing but the machine, its configuration and its volumes",
  async () => {
    const destroyed = await stack.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    expect(await machine.root("docker ps -aq")).toBe("");
    expect(await machine.root("ls /run/garrison 2>/dev/null || true")).toBe("");
    expect(await machine.root("nft list tables")).toContain("table inet garrison-host");
    expect(await machine.root("nft list tables")).not.toContain("garrison-office");
  },
  5 * minutes,
);

describe("outside the lab", () => {
  ownImages(() => {
    // The machine may be another than the one of the first settings.
    const docker = { ...(config["garrison:docker"] as object), hostKey: machine.hostKey };
    return { machine, engine, files, labLock: imagesLock, config: { ...config, "garrison:docker": docker } };
  });
});
