import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { instanceRequest } from "#lab/machines/instance-request.ts";
import { newKey } from "#lab/machines/keys.ts";
import { layOutLab } from "#lab/machines/layout.ts";
import { renderUserData } from "#lab/machines/user-data.ts";

const hostKey = newKey("host");
const operatorKey = newKey("operator").public;
const userData = renderUserData({ hostKey, operatorKey });

describe("the user data of a bare machine", () => {
  it("is YAML that cloud-init takes for its own", () => {
    expect(userData.split("\n")[0]).toBe("#cloud-config");
    const data = parse(userData) as Record<string, unknown>;
    expect(data).toMatchObject({
      ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public },
      users: [{ name: "garrison", ssh_authorized_keys: [operatorKey], lock_passwd: true }],
      ssh_pwauth: false,
    });
  });

  it("holds a private key whose public half is the pinned one", () => {
    const directory = mkdtempSync(join(tmpdir(), "garrison-key-"));
    try {
      const file = join(directory, "key");
      const { ssh_keys: keys } = parse(userData) as { ssh_keys: { ed25519_private: string } };
      writeFileSync(file, keys.ed25519_private, { mode: 0o600 });
      const derived = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
      expect(derived.split(" ").slice(0, 2)).toEqual(hostKey.public.split(" ").slice(0, 2));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("what Incus is asked to make", () => {
  const layout = layOutLab({ id: "a23456", network: "10.66.0.0/16" });
  const [office] = layout.machines;
  if (office === undefined) throw new Error("no machine");
  const request = instanceRequest(office, {
    lab: "a23456",
    image: "abc",
    hostName: "office",
    userData,
    size: { memoryMiB: 4096, cpus: 1.5 },
    devices: { eth0: { type: "nic", network: layout.bridge } },
  });

  it("is unprivileged, limited, on its own disk and its own link", () => {
    expect(request).toMatchObject({
      name: "a23456-office",
      profiles: [],
      config: {
        "security.privileged": "false",
        "security.idmap.isolated": "true",
        "limits.memory": "4096MiB",
        "limits.cpu": "1",
        "user.garrison.lab": "a23456",
      },
      devices: { root: { pool: "a23456-office" }, eth0: { network: "a23456-lab" } },
    });
  });

  it("is not marked as ready", () => {
    expect(JSON.stringify(request)).not.toContain("garrison.ready");
  });
});
