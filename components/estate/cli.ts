#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { NUMBERS } from "../wiring/give-numbers.ts";

const USAGE = `Usage: garrison numbers [what \`pulumi preview\` takes, such as --stack <name>]

Gives services and networks that are new on a machine their numbers, in the file that the machine names; whoever has one
keeps it. Pulumi runs the program for that, and shows what it would deploy.
`;

/** `npx garrison numbers`: the program's own Pulumi runs it, whatever language and module format it is written in. */
function main([verb, ...rest]: readonly string[]): number {
  if (verb !== "numbers" || rest.includes("--help")) {
    process.stdout.write(USAGE);
    return verb === "numbers" || verb === "--help" ? 0 : 2;
  }
  const { status, error } = spawnSync("pulumi", ["preview", ...rest], {
    stdio: "inherit",
    env: { ...process.env, [NUMBERS]: "write" },
  });
  if (error === undefined) return status ?? 1;
  process.stderr.write(
    `garrison: pulumi does not run: ${error.message}; put Pulumi on PATH, then: npx garrison numbers\n`,
  );
  return 1;
}

process.exitCode = main(process.argv.slice(2));
