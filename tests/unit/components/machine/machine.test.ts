import { beforeAll, describe, expect, test } from "vitest";
import { volume } from "#components/container/facts.ts";
import { Machine } from "#components/machine/machine.ts";
import { internal } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import { secret } from "#components/secrets/reference.ts";
import { password } from "#components/secrets/secret.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import type { Registration } from "#scripts/report/plan/recording-monitor.ts";
import { aService, anInput, definition, lockOf } from "./example.ts";

const services = [
  aService("page", 1, { files: () => ({ "/etc/page/conf": `login ${secret("token")}` }) }),
  aService("database", 2, {
    writable: { "/data": volume("database-data") },
    files: () => ({
      "/etc/database/users": `${secret("token", { as: "sha256" })} ${secret("token", { slot: "previous" })}`,
    }),
  }),
  aService("sandbox", 3, { agent: true }),
];
const networks = [internal("data", 1, "the page reads its database", ["page", "database"])];
const secrets = [password("token", "opens the database")];
const plan = planMachine(
  anInput({
    definition: { ...definition, services, networks, secrets },
    images: lockOf("page", "database", "sandbox"),
  }),
);

let all: readonly Registration[];

beforeAll(async () => {
  all = await record(() => new Machine("office", plan));
});

function one(name: string): Registration {
  const found = all.find((registration) => registration.name === name);
  if (found === undefined) throw new Error(`${name} was not declared`);
  return found;
}

describe("a machine", () => {
  test("has one parent for everything", () => {
    const parents = Object.fromEntries(all.map(({ name, parent }) => [name, parent]));
    expect(parents).toEqual({
      office: "",
      "office-docker": "office",
      "office-firewall": "office",
      "office-firewall-command": "office-firewall",
      "office-networks": "office",
      "office-networks-data": "office-networks",
      "office-database-data": "office",
      "office-host": "office",
      "office-host-command": "office-host",
      "office-secret-token": "office",
      "office-secret-token-b": "office-secret-token",
      "office-files": "office",
      "office-files-command": "office-files",
      page: "office",
      "page-container": "page",
      database: "office",
      "database-container": "database",
      sandbox: "office",
      "sandbox-container": "sandbox",
      "office-pids": "office",
      "office-pids-command": "office-pids",
    });
  });

  test("gives every Docker resource its own provider: none falls to the operator's daemon", () => {
    const ours = all.filter(({ type }) => type.startsWith("docker:"));
    expect(ours).toHaveLength(5);
    for (const { name, provider } of ours) expect(provider, name).toBe("office-docker");
    expect(one("office-docker").inputs.host).toBe("ssh://garrison@office.example");
  });

  test("keeps its volumes when it goes", () => {
    expect(one("office-database-data")).toMatchObject({
      retainOnDelete: true,
      inputs: { name: "office-database-data" },
    });
    expect(all.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name)).toEqual([
      "office-database-data",
    ]);
  });

  test("replaces what has a fixed name or address by deleting it first", () => {
    const first = all.filter(({ deleteBeforeReplace }) => deleteBeforeReplace).map(({ name }) => name);
    expect(first.sort()).toEqual(["database-container", "office-networks-data", "page-container", "sandbox-container"]);
  });

  test("waits: volumes, then the host, then the containers, then their PID limits", () => {
    expect(one("office-host").dependsOn).toEqual(["office-database-data"]);
    for (const name of ["page", "database", "sandbox"]) {
      expect(one(name).dependsOn).toEqual(
        expect.arrayContaining(["office-networks-data", "office-host-command"]) as unknown,
      );
    }
    expect(one("office-pids").dependsOn).toEqual(["database-container", "page-container", "sandbox-container"]);
  });

  test("delivers the files before the containers start, and begins with the server that a secret opens", () => {
    for (const name of ["page", "database", "sandbox"])
      expect(one(name).dependsOn, name).toContain("office-files-command");
    expect(one("page").dependsOn).toContain("database-container");
    expect(one("database").dependsOn).not.toContain("page-container");
    expect(one("sandbox").dependsOn).not.toContain("database-container");
  });

  test("hands the files over as a secret, on stdin only, and lets nothing be printed", () => {
    const { inputs, additionalSecretOutputs, dependsOn } = one("office-files-command");
    expect(String(inputs.create) + String(inputs.delete)).not.toContain("token");
    expect(String(inputs.stdin)).toContain("/run/garrison/office");
    expect(inputs.logging).toBe("none");
    expect(additionalSecretOutputs).toEqual(["stdin", "stdout", "stderr"]);
    expect(dependsOn).toEqual(["office-secret-token-b"]);
    expect(one("office-files").outputs).toEqual({
      files: ["/run/garrison/office/page/etc-page/conf", "/run/garrison/office/database/etc-database/users"],
      secretFiles: ["/run/garrison/office/page/etc-page/conf", "/run/garrison/office/database/etc-database/users"],
    });
  });

  test("mounts each container's own files, read-only, and marks it with what they hold", () => {
    expect(one("page-container").inputs.mounts).toEqual([
      { type: "bind", source: "/run/garrison/office/page/etc-page", target: "/etc/page", readOnly: true },
    ]);
    const label = (name: string) =>
      (one(`${name}-container`).inputs.labels as { label: string; value: string }[]).find(
        ({ label: key }) => key === "garrison.files",
      )?.value;
    expect(label("page")).toMatch(/^[0-9a-f]{16}$/);
    expect(label("page")).not.toBe(label("database"));
    expect(label("sandbox")).toBeUndefined();
  });

  test("limits every container's processes again when a container is new", () => {
    const { inputs } = one("office-pids-command");
    expect(inputs.triggers).toEqual(["page-container-id", "database-container-id", "sandbox-container-id"]);
    expect(String(inputs.stdin).trimEnd().split("\n").slice(-3)).toEqual([
      "container office-page 64 100000 50000",
      "container office-database 64 100000 50000",
      "container office-sandbox 64 100000 50000 garrison-office-n03.slice",
    ]);
    expect(one("office-pids").outputs).toEqual({
      limits: { "office-page": 64, "office-database": 64, "office-sandbox": 64 },
    });
  });

  test("prepares the host for what its containers need", () => {
    const { inputs } = one("office-host-command");
    const [unit, ...wanted] = String(inputs.stdin).trimEnd().split("\n").slice(-13, -2);
    expect(unit).toMatch(/^entry \/etc\/systemd\/system\/garrison-office-n03\.slice /);
    expect(wanted).toEqual([
      "daemon systemd",
      ...["uid", "gid"].flatMap((kind) => [
        `account ${kind} 20001 office-page`,
        `account ${kind} 20002 office-database`,
        `account ${kind} 20003 office-sandbox`,
      ]),
      expect.stringMatching(/^runtime runsc [A-Za-z0-9+/=]+$/),
      "volume office-database-data 20002 20002",
      "cgroup garrison-office-n03.slice 64",
    ]);
  });

  test("labels all that it makes with estate and stack", () => {
    const labels = [
      { label: "garrison.estate", value: "office" },
      { label: "garrison.stack", value: "office" },
    ];
    for (const { type, name, inputs } of all) {
      if (type.startsWith("docker:")) expect(inputs.labels, name).toEqual(expect.arrayContaining(labels) as unknown);
    }
  });

  test("its networks are internal, without a route out", () => {
    expect(one("office-networks-data").inputs).toMatchObject({
      name: "office-data",
      internal: true,
      ipv6: false,
      ipamConfigs: [{ subnet: "10.77.0.64/26", gateway: "10.77.0.65" }],
      options: { "com.docker.network.bridge.name": "office-01" },
    });
  });

  test("says what it is", () => {
    expect(one("office").outputs).toMatchObject({ estate: "office", lab: false, machine: "office", scale: 1 });
  });

  test("declares to policies what its resources do not show", () => {
    expect(one("office").outputs?.garrisonDeclarations).toEqual({
      requireDeclaration: false,
      programs: { "office-sandbox": { role: "agent" } },
      flows: [{ from: "office-page", to: "office-database", ports: ["8080"], why: "the page reads its database" }],
    });
  });
});
