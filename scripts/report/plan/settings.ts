import { existsSync } from "node:fs";
import { join } from "node:path";
import { ProblemsError } from "#components/lib/problems.ts";
import { problem } from "#helpers/terminal/report.ts";
import { MACHINES, stacks } from "#stacks/machines.ts";
import { parseSettings } from "#stacks/settings.ts";
import type { EstateSettings } from "#stacks/settings.ts";
import { readStackFile, settingsReport } from "../../settings/stack-file.ts";

/** A key that nobody has the private half of. */
const NOBODYS_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

type Values = Record<string, unknown>;

/**
 * A stack's committed settings, with a stand-in for what is never committed: it is the same on both sides of a
 * comparison, and no difference comes from it.
 *
 * @throws {ProblemReport} where there is no such stack, or its settings are not in order
 */
export function committedSettings(stack: string, checkout: string): EstateSettings {
  const name = `Pulumi.${stack}.yaml`;
  const file = join(checkout, name);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) {
    throw problem("There is no such stack", {
      property: `--stack ${stack}`,
      found: `no ${name}`,
      expected: `a stack with a settings file: ${MACHINES.join(", ")}`,
      fix: "npm run report -- --stack office --base HEAD~1",
    });
  }
  const config = Object.fromEntries(
    Object.entries(withStandIns(readStackFile(file))).map(([key, value]) => [
      `garrison:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  try {
    return parseSettings(config, stack);
  } catch (error) {
    if (error instanceof ProblemsError) throw settingsReport(stack, error.problems);
    throw error;
  }
}

function withStandIns(given: Readonly<Values>): Values {
  const values = { ...given };
  const docker = { ...(values.docker as Values | undefined) };
  if (typeof docker.host === "string" && docker.host.startsWith("ssh://")) {
    values.docker = { hostKey: NOBODYS_KEY, ...docker };
  }
  const telegram = values.telegram as Values | undefined;
  const machine = stacks[MACHINES.find((own) => own === values.machine) ?? "office"].machine;
  const listens = (machine.settings ?? []).some((part) => part.name === "telegram");
  if (listens && telegram?.operators === undefined) values.telegram = { ...telegram, operators: [1] };
  return values;
}
