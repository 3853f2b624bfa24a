import { afterAll, beforeAll, expect } from "vitest";
import { z } from "zod";
import { makeEngine } from "./engine.ts";
import type { TestEngine } from "./engine.ts";

const yes = ["--yes", "--skip-preview"];

/** An engine whose tests follow one another, as an operator's runs do. */
export function useEngine(header: string) {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await makeEngine({ program: "" });
  });
  afterAll(() => engine.dispose());
  return {
    engine: () => engine,
    /** Runs the program and gives its outputs, secrets in clear. */
    up: async <Shape extends z.ZodRawShape>(body: string, outputs: Shape) => {
      await engine.setProgram(header + body);
      const up = await engine.pulumi(["up", ...yes]);
      expect(up.exitCode, up.output).toBe(0);
      const shown = await engine.pulumi(["stack", "output", "--json", "--show-secrets"]);
      return { output: up.output, ...z.object(outputs).parse(JSON.parse(shown.stdout)) };
    },
    preview: async (body: string) => {
      await engine.setProgram(header + body);
      return engine.pulumi(["preview"]);
    },
  };
}
