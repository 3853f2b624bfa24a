import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const OPTION = /^no-new-privileges(?:[:=](.*))?$/;
// The values that Docker, through Go's ParseBool, takes for true.
const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);

export const rule: Rule = {
  id: "container.no-new-privileges",
  title: "No process in a container can gain privileges.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.26", "OWASP ASI03"],
  why: "Without it one setuid file in the image turns an ordinary user into root.",
  fix: 'Put "no-new-privileges:true" into `securityOpts`, once.',
  waivable: "by-label",
  types: [type.container],
  check: ({ properties }) => {
    const given = properties.texts("securityOpts").filter(({ value }) => OPTION.test(value));
    // Docker lets the last one win.
    const last = given.at(-1);
    if (last === undefined) {
      return [{ property: "securityOpts", found: "without no-new-privileges", expected: '"no-new-privileges:true"' }];
    }
    const value = OPTION.exec(last.value)?.[1];
    if (value === undefined || TRUE.has(value)) return [];
    const found = given.length > 1 ? `${show(last.value)}, which overrides the earlier one` : show(last.value);
    return [{ property: last.path, found, expected: '"no-new-privileges:true"' }];
  },
  examples: {
    good: [
      withContainer("With a colon", {}),
      withContainer("With an equals sign", { securityOpts: ["no-new-privileges=true"] }),
      withContainer("Without a value", { securityOpts: ["no-new-privileges"] }),
      withContainer("Switched off, then on", { securityOpts: ["no-new-privileges:false", "no-new-privileges:true"] }),
    ],
    bad: [
      withContainer("No security options", { securityOpts: undefined }),
      withContainer("Other options only", { securityOpts: ["apparmor=docker-default"] }),
      withContainer("Switched off", { securityOpts: ["no-new-privileges=false"] }),
      withContainer("Switched on, then off", { securityOpts: ["no-new-privileges:true", "no-new-privileges:false"] }),
      withContainer("A value that is not true", { securityOpts: ["no-new-privileges:yes"] }),
    ],
  },
};
