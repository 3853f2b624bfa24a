import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useEngine } from "../support/use-engine.ts";

// What the lab's plugins alone refuse, or say in words of their own; the official ones are not asked.
const yes = ["--yes", "--skip-preview"];

describe("random", () => {
  const { engine, up, preview } = useEngine(`import * as random from "@pulumi/random";\n`);

  test.each([
    [
      `new random.RandomPassword("p", { length: 1, minLower: 2 });`,
      "RandomPassword.length is 1; the minimums add up to 2",
    ],
    [
      `new random.RandomInteger("i", { min: 1, max: 2, seed: "x" });`,
      "RandomInteger.seed is not implemented by the lab",
    ],
    [`new random.RandomBytes("b", { length: "1" as never });`, "RandomBytes.length is a text; expected a whole number"],
  ])("what cannot be done is refused with the reason: %s", async (program, reason) => {
    const run = await preview(program);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain(reason);
  });

  test("an import is refused", async () => {
    const run = await engine().pulumi(["import", "random:index/randomPassword:RandomPassword", "i", "none", "--yes"]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain("random.RandomPassword cannot be imported");
  });

  test("a state that the official plugin wrote is left alone", async () => {
    await up(`new random.RandomUuid("u", { keepers: { a: "1" } });`, {});
    const exported = await engine().pulumi(["stack", "export"]);
    const file = join(engine().project, "state.json");
    writeFileSync(file, exported.stdout.replaceAll(/"__garrisonLab": "[^"]*",?/g, ""));
    const imported = await engine().pulumi(["stack", "import", "--file", file]);
    expect(imported.exitCode, imported.output).toBe(0);
    const run = await engine().pulumi(["up", ...yes]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain("this state was written by the official random plugin");
  });
});

describe("tls", () => {
  const { preview } = useEngine(`import * as tls from "@pulumi/tls";\n`);

  test.each([
    [`privateKeyPem: "x", allowedUses: ["server"]`, "allowedUses[0] must be one of digital_signature"],
    [`privateKeyPemWo: "x", allowedUses: []`, "privateKeyPemWo is not implemented by the lab plugin"],
  ])("what cannot be done is refused with the reason: %s", async (inputs, reason) => {
    const run = await preview(`new tls.SelfSignedCert("c", { validityPeriodHours: 1, ${inputs} });`);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain(`tls.SelfSignedCert.${reason}`);
  });
});
