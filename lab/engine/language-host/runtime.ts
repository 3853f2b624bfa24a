import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import { firstFilled } from "./arguments.ts";

/** The `options` below `runtime` in Pulumi.yaml or PulumiPolicy.yaml. */
type RuntimeOptions = Readonly<Record<string, unknown>>;

export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  return info?.getOptions()?.toJavaScript() ?? {};
}

export function programDirectory(info: ProgramInfo): string {
  return firstFilled(info.getProgramDirectory(), info.getRootDirectory());
}

/** Finds an entry point of the SDK (`cmd/run` and its like) as the program itself would find it. */
export function resolveRunner(directory: string, name: "run" | "run-plugin" | "run-policy-pack"): string {
  const runner = `@pulumi/pulumi/cmd/${name}`;
  try {
    return createRequire(join(directory, "program.js")).resolve(runner);
  } catch {
    // The engine recognises the first four words and then explains what to do about a pack without dependencies.
    throw new Error(`Cannot find module '${runner}' from ${directory}; run \`npm ci\` there`);
  }
}

/** The environment of a program, plugin or policy pack. */
export function programEnvironment(options: RuntimeOptions, extra: Record<string, string>): NodeJS.ProcessEnv {
  const plainJavaScript = options.typescript === false || options.typescript === "false";
  return {
    ...process.env,
    ...extra,
    PULUMI_NODEJS_TYPESCRIPT: String(!plainJavaScript),
    ...(typeof options.tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}
