import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

// The program without engine and plugins: a monitor in the same process answers. Arguments: settings file, stack.
// It prints how many resources were declared.

const [settingsFile = "", stack = ""] = process.argv.slice(2);
let declared = 0;

const settings = parse(readFileSync(settingsFile, "utf8")) as { config: Record<string, unknown> };
pulumi.runtime.setAllConfig(
  Object.fromEntries(
    Object.entries(settings.config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
);
await pulumi.runtime.setMocks(
  {
    newResource: ({ name, inputs, type }) => {
      if (type !== "pulumi:pulumi:Stack") declared += 1;
      return { id: `${name}-id`, state: inputs as Record<string, unknown> };
    },
    call: ({ inputs }) => inputs as Record<string, unknown>,
  },
  "garrison",
  stack,
  true,
);
await pulumi.runtime.runInPulumiStack(async () => {
  const { deploy } = await import("#stacks/main.ts");
  return deploy();
});
process.on("beforeExit", () => {
  process.stdout.write(`${String(declared)}\n`);
});
