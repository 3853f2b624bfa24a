import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { handMadeSettings, mergeSettings } from "#lab/estate/settings.ts";

const committed = `
config:
  pulumi:disable-default-providers: [docker]
  garrison:docker:
    host: ssh://garrison@office.example
    hostKey: ssh-ed25519 AAAA
  garrison:network: 10.77.0.0/16
`;
const lab = { "garrison:lab": true, "garrison:docker": { host: "unix:///var/run/docker.sock" } };

const read = (text: string): { config: Record<string, unknown>; [key: string]: unknown } =>
  parse(text) as { config: Record<string, unknown> };

describe("the lab's copy of the settings", () => {
  test("is the committed file with the lab's values over it, whole", () => {
    expect(read(mergeSettings(committed, undefined, lab)).config).toEqual({
      "pulumi:disable-default-providers": ["docker"],
      "garrison:docker": { host: "unix:///var/run/docker.sock" },
      "garrison:network": "10.77.0.0/16",
      "garrison:lab": true,
    });
  });

  test("keeps the salt and the secret values that Pulumi wrote, nested ones too", () => {
    const former = `
encryptionsalt: v1:salt
secretsprovider: passphrase
config:
  garrison:token: { secure: v1:abc }
  garrison:nested: { list: [{ key: { secure: v1:def } }] }
  garrison:network: 10.1.0.0/16
`;
    const merged = read(mergeSettings(committed, former, lab));
    expect(merged.encryptionsalt).toBe("v1:salt");
    expect(merged.secretsprovider).toBe("passphrase");
    expect(merged.config["garrison:token"]).toEqual({ secure: "v1:abc" });
    expect(merged.config["garrison:nested"]).toEqual({ list: [{ key: { secure: "v1:def" } }] });
    expect(merged.config["garrison:network"]).toBe("10.77.0.0/16");
  });

  test("keeps the rotations that were done, and follows the committed file where that is further", () => {
    const file = `${committed}
  garrison:secrets:
    ahead: { generation: 5, rotated: 2026-11-01 }
    behind: { generation: 2 }
`;
    const former = `
config:
  garrison:secrets:
    ahead: { generation: 3 }
    behind: { generation: 4 }
    own: { generation: 2 }
`;
    const merged = mergeSettings(file, former, lab);
    expect(read(merged).config["garrison:secrets"]).toEqual({
      ahead: { generation: 5, rotated: "2026-11-01" },
      behind: { generation: 4 },
      own: { generation: 2 },
    });
    expect(mergeSettings(file, merged, lab)).toBe(merged);
    expect(handMadeSettings(former, mergeSettings(committed, former, lab))).toEqual([]);
    expect(read(mergeSettings(committed, "config: { garrison:secrets: 7 }", lab)).config).not.toHaveProperty([
      "garrison:secrets",
    ]);
  });

  test("comes out the same when it is made again", () => {
    const once = mergeSettings(committed, "encryptionsalt: v1:salt", lab);
    expect(mergeSettings(committed, once, lab)).toBe(once);
  });

  test("forgets a plain setting that nobody sets any more, and can say which", () => {
    const copy = `config: { "garrison:lab": true, "garrison:typed": by hand }`;
    const remade = mergeSettings(committed, copy, lab);
    expect(read(remade).config).not.toHaveProperty("garrison:typed");
    expect(handMadeSettings(copy, remade)).toEqual(["garrison:typed"]);
  });

  test("copes with a committed file without settings, and refuses one that is none", () => {
    expect(read(mergeSettings("", undefined, lab)).config).toEqual(lab);
    expect(() => mergeSettings("config: 7", undefined, lab, "Pulumi.office.yaml")).toThrow(
      /not a Pulumi settings file/,
    );
  });
});
