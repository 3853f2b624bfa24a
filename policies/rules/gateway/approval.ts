import { staged } from "#lib/agent-examples.ts";
import { DECLARATIONS } from "#lib/declarations.ts";
import { graphOf } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

/** A day: who has not looked by then does not remember what was asked. */
const LONGEST = 24 * 60;

export const rule: Rule = {
  id: "gateway.approval",
  title: "Somebody approves every capability that cannot be undone, and an approval that is not used expires.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI02", "OWASP ASI09"],
  why: "What cannot be undone must not hang on what a model makes of a text, and an old approval fits a new request.",
  fix: "Declare in `approval` which program asks (`by`) and after how many minutes its answer is void (`expiresMinutes`).",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) => {
    const { programs } = graphOf(stack);
    const names = new Set(["operator", ...programs.map(({ name }) => name)]);
    return programs.flatMap((program) =>
      program.declared
        .flatMap(({ properties }) => properties.objects("capabilities"))
        .filter((capability) => capability.flag("destructive") === true)
        .flatMap((capability) => flawOf(capability, program, names) ?? [])
        .map((found) => ({
          urn: program.resource.urn,
          property: `${DECLARATIONS}.capabilities`,
          found,
          expected: `an approval by a program that exists, for at most ${String(LONGEST)} minutes`,
        })),
    );
  },
  examples: {
    good: [
      capable("gateway-approval-g1", "Asked before", { by: "gateway-approval-g1-approver", expiresMinutes: 30 }),
      capable("gateway-approval-g2", "Can be undone", undefined, false),
      capable("gateway-approval-g3", "The program asks its operator itself", { by: "operator", expiresMinutes: 30 }),
    ],
    bad: [
      capable("gateway-approval-b1", "Nobody asks", undefined),
      capable("gateway-approval-b2", "Who asks does not exist", { by: "somebody", expiresMinutes: 30 }),
      capable("gateway-approval-b3", "Never expires", { by: "operator" }),
      capable("gateway-approval-b4", "Lasts for a month", { by: "operator", expiresMinutes: 43_200 }),
      capable("gateway-approval-b5", "Approves itself", { by: "gateway-approval-b5-gateway", expiresMinutes: 30 }),
    ],
  },
};

function flawOf(capability: Properties, { name: own }: Program, names: ReadonlySet<string>): string | undefined {
  const what = show(capability.text("name"));
  const approval = capability.object("approval");
  const by = approval.text("by");
  if (by === undefined) return `${what}, which nobody approves`;
  if (by === own) return `${what}, which it approves itself`;
  if (!names.has(by)) return `${what}, approved by ${show(by)}, which does not exist`;
  const minutes = approval.number("expiresMinutes") ?? Infinity;
  return minutes > 0 && minutes <= LONGEST ? undefined : `${what}, approved for ${String(minutes)} minutes`;
}

function capable(
  id: string,
  title: string,
  approval: Readonly<Record<string, unknown>> | undefined,
  destructive = true,
): Example {
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    program("approver", []),
    declares({}, { gateway: { capabilities: [{ name: "send mail", destructive, ...(approval && { approval }) }] } }),
  ]);
}
