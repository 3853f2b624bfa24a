import { bridge, staged } from "#lib/agent-examples.ts";
import type { Bridge } from "#lib/bridges.ts";
import { onEachBridge } from "#lib/bridges.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const SIGNATURES = /^(hmac[-_]?sha[-_]?(256|384|512)|ed25519|v1a?)$/;
/** Clocks of machines that are kept do not differ by more. */
const LONGEST_WINDOW = 600;

export const rule: Rule = {
  id: "bridge.signed",
  title: "What comes over a bridge is signed, fresh, and accepted once.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI07"],
  why: "An unsigned message can be anybody's, and a signed one that is accepted twice is an order given twice.",
  fix: "Sign with HMAC-SHA256 or Ed25519, accept for at most ten minutes, and remember what was accepted.",
  waivable: "by-configuration",
  types: [],
  checkStack: (stack) => onEachBridge(stack, flaws),
  examples: {
    good: [bridged("bridge-signed-g1", "Signed, for five minutes, once", {})],
    bad: [
      bridged("bridge-signed-b0", "Nothing said of a signature", {
        signature: undefined,
        windowSeconds: undefined,
        replayStore: undefined,
      }),
      bridged("bridge-signed-b1", "A weak signature", { signature: "md5" }),
      bridged("bridge-signed-b2", "Good for a day", { windowSeconds: 86_400 }),
      bridged("bridge-signed-b3", "Twice is fine", { replayStore: false }),
    ],
  },
};

function flaws({ properties }: Bridge): Omit<Finding, "urn">[] {
  const signature = properties.text("signature");
  const seconds = properties.number("windowSeconds") ?? 0;
  const once = properties.flag("replayStore");
  const flaw = (name: string, expected: string) => ({
    property: properties.path(name),
    found: show(properties.get(name)),
    expected,
  });
  return [
    ...(SIGNATURES.test((signature ?? "").toLowerCase()) ? [] : [flaw("signature", "hmac-sha256 or ed25519")]),
    ...(seconds > 0 && seconds <= LONGEST_WINDOW ? [] : [flaw("windowSeconds", `at most ${String(LONGEST_WINDOW)}`)]),
    ...(once === true ? [] : [flaw("replayStore", "true")]),
  ];
}

function bridged(id: string, title: string, said: Readonly<Record<string, unknown>>): Example {
  return staged(id, title, ({ declares }) => [declares({ bridges: [bridge(id, said)] })]);
}
