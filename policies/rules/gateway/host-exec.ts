import { posix } from "node:path";

import { openclaw, staged } from "#lib/agent-examples.ts";
import { DECLARATIONS } from "#lib/declarations.ts";
import { configurationsOf } from "#lib/gateway-configuration.ts";
import type { Flaw } from "#lib/gateway-rule.ts";
import { agentSettings, flaw } from "#lib/gateway-rule.ts";
import { graphOf } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Stack } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

/** Programs that run what they are told, or other programs: with one of them the list is no list. */
const INTERPRETERS =
  /^(ba|da|z|k|c|tc|fi|a)?sh$|^(python|pypy|perl|ruby|node|nodejs|deno|bun|php|lua|luajit|tclsh|rscript|osascript|pwsh|powershell|java|go|awk|gawk|mawk|sed|env|xargs|find|sudo|su|doas|ssh|nc|ncat|netcat|socat|curl|wget|busybox|toybox|nohup|timeout|nice|setsid|strace|gdb|vim|vi|nvim|emacs|less|more|man|make|npx|npm|pnpm|yarn|pip|pipx|uv|uvx|docker|podman|nerdctl|incus|systemd-run|at|batch|crontab|tee|dd|chroot|nsenter|unshare|expect|screen|tmux|script)([-.]?\d[\d.]*)?$/;

export const rule: Rule = {
  id: "gateway.host-exec",
  title: "What a gateway may run on its host is a short list of programs by full path, none of which runs others.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI02", "OWASP ASI05"],
  why: "A list with a shell on it allows everything, and a program without a path is the first one of that name.",
  fix: 'Set `tools.exec.host` to "sandbox", or list absolute paths of single-purpose programs in `hostExec`.',
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack) => {
    const gateways = graphOf(stack).withRole("gateway");
    return [...gateways.flatMap(listed), ...gateways.flatMap((gateway) => configured(gateway, stack))];
  },
  examples: {
    good: [
      settings("gateway-host-exec-g1", "In the sandbox", { exec: { host: "sandbox" } }),
      settings("gateway-host-exec-g2", "A list", { exec: { host: "gateway", security: "allowlist" } }, [
        "/usr/bin/uptime",
      ]),
    ],
    bad: [
      settings("gateway-host-exec-b1", "Everything", { exec: { host: "gateway", security: "full" } }, [
        "/usr/bin/uptime",
      ]),
      settings("gateway-host-exec-b2", "No list", { exec: { host: "gateway", security: "allowlist" } }),
      settings("gateway-host-exec-b3", "A shell", { exec: { host: "gateway" } }, ["/bin/bash"]),
      settings("gateway-host-exec-b4", "A program without a path", { exec: { host: "gateway" } }, ["uptime"]),
      settings("gateway-host-exec-b5", "A pattern", { exec: { host: "gateway" } }, ["/usr/bin/*"]),
      settings("gateway-host-exec-b6", "An interpreter that needs no approval", {
        exec: { host: "sandbox", safeBins: ["python3"] },
      }),
    ],
  },
};

function listed({ declared, resource }: Program): Finding[] {
  return declared.flatMap(({ properties }) =>
    properties.texts("hostExec").flatMap(({ value }) => {
      const what = wrongWith(value);
      if (what === undefined) return [];
      const property = `${DECLARATIONS}.hostExec`;
      return [
        { urn: resource.urn, property, found: `${show(value)}, ${what}`, expected: "absolute paths of programs" },
      ];
    }),
  );
}

function wrongWith(path: string): string | undefined {
  if (!path.startsWith("/")) return "without a full path";
  if (/[*?[\]{}]|\.\./.test(path)) return "a pattern";
  return isInterpreter(path) ? "which runs what it is told" : undefined;
}

function isInterpreter(path: string): boolean {
  return INTERPRETERS.test(posix.basename(path.trim().split(/\s/)[0] ?? "").toLowerCase());
}

function configured(gateway: Program, stack: Stack): Finding[] {
  const entries = gateway.declared.flatMap(({ properties }) => properties.texts("hostExec"));
  return configurationsOf(stack)
    .filter((own) => own.gateway === gateway)
    .flatMap(({ properties }) => {
      const mode = properties.object("agents").object("defaults").object("sandbox").text("mode");
      const all = [properties, ...agentSettings(properties)].map((own) => own.object("tools").object("exec"));
      return all.flatMap((exec, index) => execFlaws(exec, { whole: index === 0, mode, listed: entries.length > 0 }));
    })
    .map((found) => ({ urn: gateway.resource.urn, ...found }));
}

interface Circumstances {
  /** Whether these are the settings of all agents: a single agent's leave out what is the same. */
  readonly whole: boolean;
  /** Mode of the sandbox. */
  readonly mode: string | undefined;
  /** Whether the programs for the host are declared. */
  readonly listed: boolean;
}

function execFlaws(exec: Properties, { whole, mode, listed: declared }: Circumstances): Flaw[] {
  const host = exec.text("host")?.trim().toLowerCase() ?? (whole ? "auto" : "");
  const inSandbox = host === "sandbox" || host === "" || (host === "auto" && mode === "all");
  const everything = ["security", "mode"].filter((name) => exec.text(name)?.trim().toLowerCase() === "full");
  return [
    ...(inSandbox ? [] : everything.map((name) => flaw(exec, name, '"allowlist" or "deny"'))),
    ...(inSandbox || declared || denies(exec) ? [] : [flaw(exec, "host", '"sandbox", or a declared list `hostExec`')]),
    ...exec
      .texts("safeBins")
      .filter(({ value }) => isInterpreter(value))
      .map(({ path, value }) => ({ property: path, found: show(value), expected: "a program that runs no others" })),
  ];
}

function denies(exec: Properties): boolean {
  return ["security", "mode"].some((name) => exec.text(name)?.trim().toLowerCase() === "deny");
}

function settings(
  id: string,
  title: string,
  tools: Readonly<Record<string, unknown>>,
  hostExec?: readonly string[],
): Example {
  return staged(id, title, ({ program, declares }) => [
    program("gateway", []),
    declares({}, { gateway: { configuration: openclaw({ tools }), ...(hostExec && { hostExec }) } }),
  ]);
}
