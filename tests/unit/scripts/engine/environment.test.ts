import { describe, expect, test } from "vitest";
import type { Estate } from "#lab/estate/estate.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import { stackOf } from "#scripts/commands/pulumi.ts";
import { commandLine } from "#scripts/engine/choice.ts";
import { engineEnvironment } from "#scripts/engine/session.ts";
import { checkout } from "#helpers/files/directories.ts";

const estate: Estate = {
  name: "probe",
  id: "probe1",
  stack: "office",
  network: "10.64.0.0/16",
  resources: { memoryMiB: 8192, cpus: 2, openFiles: 1024 },
  created: "2026-01-01T00:00:00.000Z",
  files: estateFiles("probe", "office", "/state"),
};

describe("the engine's environment", () => {
  const outer = {
    HOME: "/home/me",
    PATH: "/usr/bin",
    PULUMI_HOME: "/home/me/.pulumi",
    PULUMI_ACCESS_TOKEN: "token",
    PULUMI_CONFIG_PASSPHRASE: "mine",
    PULUMI_OPTION_TARGET: "urn",
  };

  test("keeps the operator's tokens, passphrases and flags out of the lab", () => {
    const environment = engineEnvironment(estate, { env: {} }, outer);
    expect(environment).not.toHaveProperty("PULUMI_ACCESS_TOKEN");
    expect(environment).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
    expect(environment).not.toHaveProperty("PULUMI_OPTION_TARGET");
    expect(environment.HOME).toBe("/home/me");
  });

  test("names the estate's own backend, passphrase, settings and the rules of this checkout", () => {
    expect(engineEnvironment(estate, { env: {} }, outer)).toMatchObject({
      PULUMI_BACKEND_URL: "file:///state/probe/backend",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/state/probe/passphrase",
      PULUMI_OPTION_CONFIG_FILE: "/state/probe/Pulumi.office.yaml",
      PULUMI_OPTION_POLICY_PACK: `${checkout}/policies`,
      PULUMI_OPTION_POLICY_PACK_CONFIG: "/state/probe/policies.json",
      PULUMI_STACK: "office",
    });
  });

  test("takes home and search path from the toolchain, which has the lab's plugins", () => {
    const environment = engineEnvironment(estate, { env: { PULUMI_HOME: "/engine", PATH: "/engine/bin" } }, outer);
    expect(environment.PULUMI_HOME).toBe("/engine");
    expect(environment.PATH?.split(":")[0]).toBe("/engine/bin");
    expect(engineEnvironment(estate, { env: {} }, outer).PULUMI_HOME).toBe("/home/me/.pulumi");
  });
});

describe("what was chosen", () => {
  test("is found in the arguments for Pulumi", () => {
    expect(stackOf(["up", "--yes"])).toBe("office");
    expect(stackOf(["-s", "gpu", "preview"])).toBe("gpu");
    expect(stackOf(["preview", "--stack=azure-web"])).toBe("azure-web");
  });

  test("comes back in the command to type", () => {
    expect(commandLine("up", { stack: "office" })).toMatch(/npm run up$/);
    expect(commandLine("up", { stack: "gpu", estate: "e2e" })).toBe("npm run up -- --stack gpu --estate e2e");
  });
});
