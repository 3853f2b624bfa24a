import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { GVISOR_FLOOR, GVISOR_RELEASE } from "#components/container/gvisor.ts";
import { renderManifest } from "#components/host/bundle/bundle.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { GVISOR_FINGERPRINT, GVISOR_KEY, gvisorSource } from "#components/host/bundle/render/gvisor-source.ts";
import { aHost } from "./a-host.ts";

/** Of a public key of version 4: the hash over its first packet (RFC 4880, 12.2). */
function fingerprint(armoured: string): string {
  const body = armoured.split("\n\n")[1]?.replace(/\n=[\s\S]*$/, "") ?? "";
  const bytes = Buffer.from(body, "base64");
  // An old-format packet of type 6 with a length of two bytes.
  expect(bytes[0]).toBe(0x99);
  const packet = bytes.subarray(3, 3 + bytes.readUInt16BE(1));
  const head = Buffer.from([0x99, packet.length >> 8, packet.length & 0xff]);
  return createHash("sha1").update(head).update(packet).digest("hex").toUpperCase();
}

test("the key is the one whose fingerprint is pinned", () => {
  expect(fingerprint(GVISOR_KEY)).toBe(GVISOR_FINGERPRINT);
});

test("the release is not older than the one that filters exec", () => {
  expect(Number(GVISOR_RELEASE)).toBeGreaterThanOrEqual(Number.parseInt(GVISOR_FLOOR, 10));
});

test("names the release, carries the key, and lets nothing but gVisor come from there", () => {
  const [preferences, source] = gvisorSource();
  expect(preferences?.content).toMatch(/^Package: \*\nPin: origin "([^"]+)"\nPin-Priority: -1$/m);
  expect(preferences?.content).toMatch(/^Package: runsc\n.*\nPin-Priority: 990$/m);
  expect(source?.content).toContain(`Suites: ${GVISOR_RELEASE}\n`);
  const signed = /^Signed-By:\n((?: .*\n)+)/m.exec(source?.content ?? "")?.[1] ?? "";
  expect(signed.replaceAll(/^ \.?/gm, "").trim()).toBe(GVISOR_KEY);
});

test("the machine is held to the release, and not to Debian's", () => {
  const manifest = (gvisor: "release" | "debian") => renderManifest(planBundle(aHost({ docker: { gvisor } })));
  expect(manifest("release")).toContain(`\npackage runsc\n`);
  expect(manifest("release")).toContain(`\nrelease runsc ${GVISOR_RELEASE}\n`);
  expect(manifest("debian")).not.toContain("\nrelease ");
});
