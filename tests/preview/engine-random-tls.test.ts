import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { useEngine } from "../support/use-engine.ts";

const yes = ["--yes", "--skip-preview"];

describe("random", () => {
  const { engine, up, preview } = useEngine(`import * as random from "@pulumi/random";\n`);
  const password = (more: string) =>
    `const p = new random.RandomPassword("p", { length: 24, minSpecial: 2, overrideSpecial: '-_', ${more} }); export const password = p.result; export const hash = p.bcryptHash;`;

  test("a preview makes nothing and shows that the result is not known", async () => {
    const run = await preview(password(""));
    expect(run.output).toContain("password: [unknown]");
    expect(await engine().resources()).toEqual([]);
  });

  test("a password stays as it is until a keeper changes, and is a secret in the state", async () => {
    const text = { password: z.string(), hash: z.string() };
    const first = await up(password("keepers: { generation: '1' }"), text);
    expect(first.password).toHaveLength(24);
    expect(first.output).toContain("password: [secret]");
    const same = await up(password("keepers: { generation: '1' }"), text);
    expect(same.password).toBe(first.password);
    expect(same.output).toContain("2 unchanged");
    const next = await up(password("keepers: { generation: '2' }"), text);
    expect(next.output).toContain("1 replaced");
    expect(next.password).not.toBe(first.password);
    const state = JSON.stringify(await engine().resources());
    expect(state).not.toContain(next.password);
    expect(state).not.toContain(next.hash);
    expect(JSON.stringify(await engine().resources({ showSecrets: true }))).toContain(next.password);
  });

  test("a refresh finds nothing to do, and destroy leaves nothing", async () => {
    const refresh = await engine().pulumi(["refresh", "--yes", "--expect-no-changes"]);
    expect(refresh.exitCode, refresh.output).toBe(0);
    const destroy = await engine().pulumi(["destroy", ...yes]);
    expect(destroy.exitCode, destroy.output).toBe(0);
    expect(await engine().resources()).toEqual([]);
  });
});

describe("tls", () => {
  const { engine, up } = useEngine(`import * as tls from "@pulumi/tls";\n`);
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "garrison-tls-"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const say = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: "utf8" }).trim();

  const key = z.object({
    privateKeyPem: z.string(),
    privateKeyPemPkcs8: z.string(),
    privateKeyOpenssh: z.string(),
    publicKeyPem: z.string(),
    publicKeyOpenssh: z.string(),
    publicKeyFingerprintMd5: z.string(),
    publicKeyFingerprintSha256: z.string(),
  });

  test.each([
    ["RSA", "algorithm: 'RSA'", "BEGIN RSA PRIVATE KEY"],
    ["ECDSA", "algorithm: 'ECDSA', ecdsaCurve: 'P521'", "BEGIN EC PRIVATE KEY"],
    ["ED25519", "algorithm: 'ED25519'", "BEGIN PRIVATE KEY"],
  ])("openssl and ssh-keygen read every spelling of a key: %s", async (name, rules, heading) => {
    const made = await up(`export const key = new tls.PrivateKey("k", { ${rules} });`, { key });
    expect(made.key.privateKeyPem).toContain(heading);
    const pem = file(`${name}.pem`, made.key.privateKeyPem);
    const pkcs8 = file(`${name}.pkcs8`, made.key.privateKeyPemPkcs8);
    const openssh = file(`${name}.openssh`, made.key.privateKeyOpenssh);
    const publicKey = file(`${name}.pub`, made.key.publicKeyOpenssh);
    expect(say("openssl", "pkey", "-in", pem, "-pubout")).toBe(made.key.publicKeyPem.trim());
    expect(say("openssl", "pkey", "-in", pkcs8, "-pubout")).toBe(made.key.publicKeyPem.trim());
    expect(`${say("ssh-keygen", "-y", "-f", openssh)}\n`).toBe(made.key.publicKeyOpenssh);
    expect(say("ssh-keygen", "-l", "-f", publicKey)).toContain(made.key.publicKeyFingerprintSha256);
    expect(say("ssh-keygen", "-l", "-E", "md5", "-f", publicKey)).toContain(made.key.publicKeyFingerprintMd5);
    expect(made.key.publicKeyFingerprintSha256).toMatch(/^SHA256:/);
    const state = JSON.stringify(await engine().resources());
    expect(state).not.toContain("PRIVATE KEY");
    expect(state).toContain("PUBLIC KEY");
  });

  const chain = (leaf: string) => `
    const root = new tls.PrivateKey("root", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const own = new tls.PrivateKey("own", { algorithm: "ED25519" });
    const authority = new tls.SelfSignedCert("authority", { privateKeyPem: root.privateKeyPem, isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing"], validityPeriodHours: 48, subject: { commonName: "Root", country: "DE" } });
    const request = new tls.CertRequest("request", { privateKeyPem: own.privateKeyPem, dnsNames: ["web.example"],
      ipAddresses: ["192.0.2.1", "2001:db8::1"], uris: ["spiffe://estate/web"], subject: { commonName: "web" } });
    const leaf = new tls.LocallySignedCert("leaf", { caCertPem: authority.certPem, caPrivateKeyPem: root.privateKeyPem,
      certRequestPem: request.certRequestPem, allowedUses: ["digital_signature", "server_auth"], validityPeriodHours: 24, ${leaf} });
    export const root_ = authority.certPem, csr = request.certRequestPem, cert = leaf.certPem, end = leaf.validityEndTime;`;
  const chainOutputs = { root_: z.string(), csr: z.string(), cert: z.string(), end: z.string() };

  test("openssl accepts the chain, for the purpose and the name, and for no other", async () => {
    const made = await up(chain(""), chainOutputs);
    const authority = file("root.pem", made.root_);
    const leaf = file("leaf.pem", made.cert);
    const verify = (...args: string[]) => say("openssl", "verify", "-CAfile", authority, ...args, leaf);
    expect(verify("-purpose", "sslserver", "-verify_hostname", "web.example")).toMatch(/: OK$/);
    expect(verify("-verify_ip", "2001:db8::1")).toMatch(/: OK$/);
    expect(() => verify("-purpose", "sslclient")).toThrow();
    expect(() => verify("-verify_hostname", "other.example")).toThrow();
    expect(say("openssl", "req", "-in", file("csr.pem", made.csr), "-noout", "-subject")).toBe("subject=CN = web");
    const read = new X509Certificate(made.cert);
    expect(read.subjectAltName).toContain("URI:spiffe://estate/web");
    // A certificate has whole seconds; the official plugin gives what it was made of.
    expect(Date.parse(read.validTo)).toBe(Math.floor(Date.parse(made.end) / 1000) * 1000);
  });

  test("an early renewal that is not due changes in place; one that is due makes the certificate anew", async () => {
    const before = await up(chain(""), chainOutputs);
    const later = await up(chain("earlyRenewalHours: 1"), chainOutputs);
    expect(later.output).toContain("1 updated");
    expect(later.cert).toBe(before.cert);
    const due = await up(chain("earlyRenewalHours: 24"), chainOutputs);
    expect(due.output).toContain("1 replaced");
    expect(due.cert).not.toBe(before.cert);
  });

  test("an authority's certificate is not signed for with another key", async () => {
    await engine().setProgram(
      `import * as tls from "@pulumi/tls";\n${chain("")}
       new tls.LocallySignedCert("foreign", { caCertPem: authority.certPem, caPrivateKeyPem: own.privateKeyPem,
         certRequestPem: request.certRequestPem, allowedUses: [], validityPeriodHours: 1 });`,
    );
    const run = await engine().pulumi(["up", ...yes]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/caPrivateKeyPem is not the key of the certificate|PrivateKey doesn't match parent's/);
  });
});
