import { describe, expect, test } from "vitest";
import { curveOf, keyRules, makePrivateKey, readPrivateKey, spellings } from "#plugins/tls/keys.ts";
import { readyForRenewal } from "#plugins/tls/renewal.ts";
import { allUses, extendedUsageIds, keyUsageBits } from "#plugins/tls/uses.ts";

describe("renewal", () => {
  const end = "2030-01-02T00:00:00Z";
  test.each([
    ["2030-01-01T22:59:59Z", 1, false],
    ["2030-01-01T23:00:00Z", 1, true],
    ["2030-01-01T23:59:59Z", 0, false],
    ["2030-01-02T00:00:00Z", 0, true],
  ])("at %s with %d hours early: %s", (now, hours, due) => {
    expect(readyForRenewal(end, hours, Date.parse(now))).toBe(due);
  });
});

describe("uses", () => {
  test("every use is a bit or an identifier, never both", () => {
    for (const use of allUses) {
      expect(Number(keyUsageBits([use]) > 0) + extendedUsageIds([use]).length, use).toBe(1);
    }
  });

  test("bits add up", () => {
    expect(keyUsageBits(["digital_signature", "cert_signing", "server_auth"])).toBe(0b100001);
    expect(extendedUsageIds(["digital_signature", "server_auth"])).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });
});

describe("keys", () => {
  test("a P224 key has no OpenSSH spelling, as OpenSSH knows no such keys", async () => {
    const key = await makePrivateKey(keyRules.parse({ algorithm: "ECDSA" }));
    expect(curveOf(key)).toBe("P224");
    expect(spellings(key)).toMatchObject({ privateKeyOpenssh: "", publicKeyOpenssh: "", publicKeyFingerprintMd5: "" });
  });

  test("a key that cannot be read is not repeated in the error", () => {
    expect(() => readPrivateKey("-----BEGIN something-private")).toThrow(
      /^the private key cannot be read; expected PEM/,
    );
  });
});
