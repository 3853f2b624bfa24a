import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureAuthority, readAuthority, siteCertificates } from "#lab/internet/authority.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-internet-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe("the lab internet's authority", () => {
  it("is made once; its key is its owner's alone, its certificate everybody's", async () => {
    const made = await ensureAuthority(directory);
    expect(await ensureAuthority(directory)).toEqual(made);
    const mode = async (name: string) => (await stat(join(directory, name))).mode & 0o777;
    expect(await mode("internet-ca-key.pem")).toBe(0o600);
    expect(await mode("internet-ca.pem")).toBe(0o644);
    expect(await readFile(join(directory, "internet-ca.pem"), "utf8")).not.toContain("PRIVATE");
  });

  it.each(["internet-ca.pem", "internet-ca-key.pem"])(
    "is made again when its %s is gone, or another's",
    async (name) => {
      const made = await ensureAuthority(directory);
      await rm(join(directory, name));
      expect(await readAuthority(directory)).toBeUndefined();
      const again = await ensureAuthority(directory);
      expect(again.certificate).not.toBe(made.certificate);
      await writeFile(join(directory, name), name.includes("key") ? made.key : made.certificate);
      expect(await readAuthority(directory)).toBeUndefined();
    },
  );

  it("may sign for sites, but not make authorities", async () => {
    const certificate = new X509Certificate((await ensureAuthority(directory)).certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.toString()).toContain("BEGIN CERTIFICATE");
  });
});

describe("a site's certificate", () => {
  it.each([
    ["en.wikipedia.org", (found: X509Certificate) => found.checkHost("en.wikipedia.org")],
    ["203.0.113.80", (found: X509Certificate) => found.checkIP("203.0.113.80")],
    ["2001:db8:77::80", (found: X509Certificate) => found.checkIP("2001:db8:77::80")],
    [`${"a".repeat(60)}.${"b".repeat(60)}.example`, (found: X509Certificate) => found.subjectAltName],
  ])("is for %s and nothing else, by the authority", async (name, check) => {
    const authority = await ensureAuthority(directory);
    const certify = await siteCertificates(authority);
    const found = new X509Certificate((await certify(name)).cert);
    const issuer = new X509Certificate(authority.certificate);
    expect(found.checkIssued(issuer)).toBe(true);
    expect(found.verify(issuer.publicKey)).toBe(true);
    expect(found.ca).toBe(false);
    expect(check(found)).toBeTruthy();
    expect(found.checkHost("other.example")).toBeUndefined();
    const days = (found.validToDate.getTime() - found.validFromDate.getTime()) / 86_400_000;
    expect(days).toBeLessThanOrEqual(398);
  });

  it("has a number of its own", async () => {
    const certify = await siteCertificates(await ensureAuthority(directory));
    const numbers = await Promise.all(
      ["a.example", "a.example"].map(async (name) => new X509Certificate((await certify(name)).cert).serialNumber),
    );
    expect(new Set(numbers).size).toBe(2);
  });
});
