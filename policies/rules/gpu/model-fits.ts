import { staged } from "#lib/agent-examples.ts";
import { declarationsOf } from "#lib/declarations.ts";
import type { Declared } from "#lib/declarations.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const GIB = 2 ** 30;
const GB = 10 ** 9;

export const rule: Rule = {
  id: "gpu.model-fits",
  title: "A model and its KV cache fit the GPU that they are served from.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "A model that does not fit is found out by a server that dies after minutes of loading, again and again.",
  fix: "Take a quantised variant, a shorter context, or a larger GPU.",
  waivable: "by-configuration",
  types: [],
  checkStack: (stack) => declarationsOf(stack).listed("models").flatMap(tooLarge),
  examples: {
    good: [served("gpu-model-fits-g1", "28 GB on 80 GiB", { bytes: 28 * GB })],
    bad: [
      served("gpu-model-fits-b1", "229 GB on 80 GiB", { bytes: 229 * GB }),
      served("gpu-model-fits-b2", "It fits, its cache does not", { bytes: 62 * GB, kvBytes: 20 * GIB }),
      served("gpu-model-fits-b3", "It fits the GPU, not the part of it that the server may use", {
        bytes: 62 * GB,
        utilisation: 0.7,
      }),
    ],
  },
};

function tooLarge({ component, properties }: Declared): Finding[] {
  const [bytes, cache, memory, part] = ["bytes", "kvBytes", "vramBytes", "utilisation"].map((name) =>
    properties.number(name),
  );
  if (bytes === undefined || cache === undefined || memory === undefined || part === undefined) return [];
  const [needed, usable] = [bytes + cache, memory * part];
  if (needed <= usable) return [];
  return [
    {
      urn: component.urn,
      property: properties.path("bytes"),
      found: `${show(properties.text("name"))} with ${gib(bytes)} and ${gib(cache)} of cache`,
      expected: `at most ${gib(usable)} in all, ${String(part)} of ${gib(memory)}`,
    },
  ];
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

function served(id: string, title: string, changes: Readonly<Record<string, unknown>>): Example {
  const model = { name: id, kvBytes: 4 * GIB, vramBytes: 80 * GIB, utilisation: 0.9, ...changes };
  return staged(id, title, ({ declares }) => [declares({ models: [model] })]);
}
