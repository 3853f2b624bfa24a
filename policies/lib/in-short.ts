import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { cutAtWord, LONGEST_LINE, plain } from "./finding-text.ts";
import { onlyMessage } from "./sdk.ts";
import type { Pack } from "./to-policy.ts";

/**
 * A policy as the engine prints it: its messages alone, where the SDK would put the description before each, and in lines
 * that are not longer than a screen is wide. Programs get what the rules say as it is.
 */
export function inShort<T extends ResourceValidationPolicy | StackValidationPolicy>(policy: T, pack: Pack): T {
  const shortened = (report: ReportViolation): ReportViolation => {
    return (message, urn) => {
      report(onlyMessage(pack.settings.messages === "json" ? message : short(message), urn), urn);
    };
  };
  const { validateResource, validateStack } = policy as Partial<ResourceValidationPolicy & StackValidationPolicy>;
  return {
    ...policy,
    ...(typeof validateResource === "function" &&
      ({
        validateResource: (args, report) => validateResource(args, shortened(report)),
      } satisfies Partial<ResourceValidationPolicy>)),
    ...(validateStack &&
      ({
        validateStack: (args, report) => validateStack(args, shortened(report)),
      } satisfies Partial<StackValidationPolicy>)),
  };
}

function short(message: string): string {
  return message
    .split("\n")
    .map((line) => cutAtWord(plain(line), LONGEST_LINE))
    .join("\n");
}
