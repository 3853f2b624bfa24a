import { X509Certificate, createPrivateKey } from "node:crypto";
import { chmod, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptSecrets } from "#scripts/engine/kept-secrets.ts";
import { spellingsOf } from "../support/canary.ts";
import { makeEngine } from "../support/engine.ts";
import type { StateResource, TestEngine } from "../support/engine.ts";
import { checkout } from "../support/machine-stack.ts";

// The host's shell is a program of the test: it keeps what the host command is handed, and does nothing.
let engine: TestEngine;
let delivered: string;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
  const bin = join(engine.project, "bin");
  delivered = join(engine.project, "delivered");
  await mkdir(bin);
  await mkdir(delivered);
  await fake(join(bin, "id"), "echo 0");
  await fake(
    join(bin, "sh"),
    `cat >"${delivered}/$(date +%s%N).$2"; echo "printed $(cat ${delivered}/* | tail -c 400)"`,
  );
});

afterAll(() => engine.dispose());

async function fake(file: string, body: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

const secrets = `
  password("alpha", "a test"), bytes("beta", "a test"),
  authority("ca", "a test"), certificate("page", "a test", { authority: "ca", names: ["page", "page.example"] }),
  external("openai-api-key"), external("anthropic-api-key"),
`;

const files = `({
  "/etc/page/all": [
    secret("alpha"), secret("alpha", { slot: "previous" }), secret("beta", { as: "json" }),
    secret("anthropic-api-key"), secret("openai-api-key"), secret("alpha", { as: "sha256" }),
  ].join("\\n"),
  "/etc/page/page.pem": secret("page", { field: "private" }) + secret("page", { field: "certificate" }),
  "/etc/page/ca.pem": secret("ca", { field: "certificate" }) + secret("ca", { field: "certificate", slot: "previous" }),
})`;

/** A machine without containers: one service's files, and the secrets in them. */
function program(rotated: Readonly<Record<string, number>> = {}): string {
  const settings = Object.fromEntries(Object.entries(rotated).map(([name, generation]) => [name, { generation }]));
  return `
    import * as pulumi from "@pulumi/pulumi";
    import { HostFiles } from "${checkout}/components/files/host-files.ts";
    import { planFiles } from "${checkout}/components/files/plan-files.ts";
    import { machineSecrets } from "${checkout}/components/secrets/machine-secrets.ts";
    import { planSecrets } from "${checkout}/components/secrets/plan-secrets.ts";
    import { secret } from "${checkout}/components/secrets/reference.ts";
    import { authority, bytes, certificate, external, password } from "${checkout}/components/secrets/secret.ts";
    const settings = { estate: "gttest", lab: true, secrets: ${JSON.stringify(settings)} };
    const files = planFiles([{ name: "page", number: 1, files: () => ${files} } as never], { settings } as never);
    const given = new Map([["anthropicApiKey", "secret"]]);
    const plan = planSecrets([${secrets}], files, settings as never, given as never);
    if (plan.problems.length > 0) throw new Error(JSON.stringify(plan.problems));
    class Office extends pulumi.ComponentResource { constructor() { super("test:test:Office", "office"); } }
    const office = new Office();
    const values = machineSecrets("office", plan.secrets, { parent: office });
    const docker = { host: "unix:///nonexistent", cgroupDriver: "systemd" } as const;
    new HostFiles("office-files", { docker, estate: "gttest", files, values }, { parent: office });
    export const scale = 1;
  `;
}

const canary = "canary-Zq7/+x:\"3'\\k";

async function run(...args: string[]): Promise<string> {
  const environment = { PATH: `${join(engine.project, "bin")}:${engine.environment.PATH ?? ""}` };
  const { exitCode, output } = await engine.pulumi(args, { env: environment });
  expect(exitCode, output).toBe(0);
  return output;
}

async function up(rotated: Readonly<Record<string, number>> = {}): Promise<string> {
  await engine.setProgram(program(rotated));
  return run("up", "--yes", "--skip-preview");
}

/** Texts of the files as the newest host command writes them. */
async function written(): Promise<Record<string, string>> {
  const scripts = (await readdir(delivered)).sort();
  const script = await readFile(join(delivered, scripts.at(-1) ?? ""), "utf8");
  return Object.fromEntries(
    [...script.matchAll(/^file (\S+) (\S+)$/gm)].map(([, name = "", text = ""]) => [
      name,
      Buffer.from(text.replaceAll("'", ""), "base64").toString(),
    ]),
  );
}

async function values(): Promise<Record<string, string>> {
  const names = ["alpha", "alpha-previous", "beta", "anthropic", "openai", "alpha-sha256"];
  const lines = ((await written()).all ?? "").split("\n");
  return Object.fromEntries(names.map((name, index) => [name, lines[index] ?? ""]));
}

/** Ids of the resources that hold a value, by name. */
function idsOf(resources: readonly StateResource[]): Record<string, string> {
  const held = resources.filter(({ type }) => /^(random|tls):/.test(type));
  // Passwords have no id of their own; what tells them apart is their text, encrypted anew by every run.
  return Object.fromEntries(
    held.map(({ urn, id = "", outputs = {} }) => [urn.split("::")[3] ?? "", `${id} ${outputText(outputs)}`]),
  );
}

function outputText({ result, hex }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([result, hex]);
}

describe("the secrets of a machine", { timeout: 300_000 }, () => {
  test("reach the host's command, each as its file wants it", async () => {
    await run("config", "set", "--secret", "garrison:anthropicApiKey", canary);
    await up();
    const all = await values();
    expect(all.alpha).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(all["alpha-previous"]).toBe(all.alpha);
    expect(all.beta).toMatch(/^"[0-9a-f]{64}"$/);
    expect(all.anthropic).toBe(canary);
    expect(all.openai).toMatch(/^lab-stand-in-[A-Za-z0-9]{24}$/);
    expect(all["alpha-sha256"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("are keys that belong together, and certificates that the authority signed", async () => {
    const texts = await written();
    const page = new X509Certificate(texts["page.pem"]?.slice(texts["page.pem"].indexOf("-----BEGIN CERT")) ?? "");
    expect(texts["page.pem"]).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(page.checkPrivateKey(createPrivateKey(texts["page.pem"] ?? ""))).toBe(true);
    const ca = new X509Certificate(texts["ca.pem"] ?? "");
    expect(ca.ca).toBe(true);
    expect(page.verify(ca.publicKey)).toBe(true);
    expect(page.checkIssued(ca)).toBe(true);
    expect(page.checkHost("page.example")).toBe("page.example");
    expect(page.checkHost("other.example")).toBeUndefined();
  });

  test("lie in no state, plan, preview or log, in any spelling", async () => {
    const all = await values();
    const texts = await written();
    const held = [all.alpha, all.beta?.slice(1, -1), all.openai, canary, texts["page.pem"]].map((value) => value ?? "");
    const plan = join(engine.project, "plan.json");
    await engine.setProgram(program({ alpha: 2, beta: 2, ca: 2, page: 2 }));
    const places: Record<string, string> = {
      state: JSON.stringify(await engine.resources()),
      preview: await run("preview", "--json", "--show-replacement-steps", "--save-plan", plan),
      diff: await run("preview", "--diff"),
      plan: await readFile(plan, "utf8"),
      log: await run("up", "--yes", "--skip-preview", "--diff"),
      printed: await run("stack", "output", "--json"),
    };
    // The search finds them where they are: in the state with its secrets shown.
    const shown = JSON.stringify(await engine.resources({ showSecrets: true }));
    expect(found(shown, [(await values())["alpha-previous"] ?? ""])).not.toEqual([]);
    expect(found(`{"a":"x${encodeURIComponent(canary)}"}`, [canary])).not.toEqual([]);
    for (const [place, text] of Object.entries(places)) expect(found(text, held), place).toEqual([]);
  });

  test("change one slot at a rotation, and leave the value before in force", async () => {
    await up();
    const first = await values();
    const before = idsOf(await engine.resources({ showSecrets: true }));
    const output = await up({ alpha: 2 });
    const second = await values();
    const after = idsOf(await engine.resources({ showSecrets: true }));
    expect(second.alpha).not.toBe(first.alpha);
    expect(second["alpha-previous"]).toBe(first.alpha);
    for (const name of ["beta", "anthropic", "openai"]) expect(second[name], name).toBe(first[name]);
    const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
    expect(changed).toEqual(["office-secret-alpha-a"]);
    expect(output).toMatch(/\+ 1 created/);
    expect(output).toMatch(/~ 1 updated/);

    await up({ alpha: 3 });
    const third = await values();
    expect(third["alpha-previous"]).toBe(second.alpha);
    expect(new Set([first.alpha, second.alpha, third.alpha]).size).toBe(3);
    expect(await run("up", "--yes", "--skip-preview")).toContain("unchanged");
  });

  test("stay in the state when everything else is destroyed, and come back as they were", async () => {
    await up();
    const before = await written();
    const kept = keptSecrets({ resources: await engine.resources() });
    expect(kept.filter((urn) => urn.endsWith("office-secret-alpha"))).toHaveLength(1);
    await run("destroy", "--yes", "--skip-preview", "--refresh", ...kept.flatMap((urn) => ["--exclude", urn]));
    const left = (await engine.resources()).filter(({ type }) => !type.startsWith("pulumi:"));
    expect(left.map(({ urn }) => urn).filter((urn) => !kept.includes(urn))).toEqual([
      expect.stringMatching(/test:test:Office::office$/) as string,
    ]);
    await up();
    const after = await written();
    for (const name of ["page.pem", "ca.pem"]) expect(after[name], name).toBe(before[name]);
    expect(after.all?.split("\n")[0]).toBe(before.all?.split("\n")[0]);
  });

  test("sign certificates anew when the authority rotates; who trusts it trusts both", async () => {
    await up();
    const first = await written();
    await up({ ca: 2 });
    const second = await written();
    expect(second["ca.pem"]?.endsWith(first["ca.pem"]?.slice(0, first["ca.pem"].length / 2) ?? "-")).toBe(true);
    const page = new X509Certificate(second["page.pem"]?.slice(second["page.pem"].indexOf("-----BEGIN CERT")) ?? "");
    expect(page.verify(new X509Certificate(second["ca.pem"] ?? "").publicKey)).toBe(true);
    expect(page.verify(new X509Certificate(first["ca.pem"] ?? "").publicKey)).toBe(false);
    await rm(join(engine.project, "plan.json"), { force: true });
  });
});

function found(text: string, held: readonly string[]): string[] {
  return held
    .flatMap((value) => spellingsOf(value))
    .filter(({ text: spelling }) => text.includes(spelling))
    .map(({ name }) => name);
}
