import { describe, expect, it } from "vitest";
import { pinnedText, renderSshConfig } from "#lab/machines/keys.ts";
import { layOutLab } from "#lab/machines/layout.ts";
import { labFiles } from "#lab/machines/paths.ts";

describe("pinned host keys", () => {
  it("replace a machine's former key and leave the others", () => {
    const text = pinnedText("a-gpu ssh-ed25519 GPU\na-office ssh-ed25519 OLD\n", "a-office", "ssh-ed25519 NEW comment");
    expect(text).toBe("a-gpu ssh-ed25519 GPU\na-office ssh-ed25519 NEW\n");
  });

  it("are forgotten with the machine, and not those of one whose name begins alike", () => {
    expect(pinnedText("a-office2 ssh-ed25519 X\na-office ssh-ed25519 Y\n", "a-office", undefined)).toBe(
      "a-office2 ssh-ed25519 X\n",
    );
  });
});

describe("the settings for ssh", () => {
  const text = renderSshConfig(labFiles("/state"), layOutLab({ id: "a23456", network: "10.66.0.0/16" }));

  it("believe no key but the pinned one, under the machine's own name", () => {
    expect(text).toContain("StrictHostKeyChecking yes");
    expect(text).toContain("GlobalKnownHostsFile none");
    expect(text).toMatch(/Host office\n {2}HostName 10\.66\.0\.4\n {2}HostKeyAlias a23456-office\n/);
    expect(text).toContain('UserKnownHostsFile "/state/lab-machines/known_hosts"');
  });
});
