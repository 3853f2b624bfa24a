import { onContainers } from "#lib/containers.ts";
import { withContainer } from "#lib/examples.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { logFlaw } from "../../../containment/limits.ts";

export const rule: Rule = {
  id: "container.logs",
  title: "Every container's log is kept, has an end, and crosses no wire in clear.",
  severity: "low",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 2.13", "NSA/CISA Kubernetes hardening", "OWASP ASI08"],
  why: "Without a log nobody can tell what happened, and a log without an end fills the disk for all others; a daemon that sends it does so past every network of the container.",
  fix: 'Set `logDriver` to "json-file" with max-size and max-file, or to "local" or "journald"; let a collector on the machine ship it.',
  waivable: "by-label",
  ...onContainers((container): Finding[] => {
    // Without a driver it is the daemon's, with the daemon's options.
    const options = container.object("logOpts");
    const given = Object.fromEntries(options.entries().map(({ name, value }) => [name, value]));
    const flaw = logFlaw(container.text("logDriver") ?? "", given);
    if (flaw === "no log") {
      return [
        {
          property: container.path("logDriver"),
          found: show(container.text("logDriver")),
          expected: "a driver that keeps the log",
        },
      ];
    }
    if (flaw === undefined || container.isUnknown("logOpts")) return [];
    if (flaw === "sent in clear") {
      const [address] = options.entries().filter(({ name }) => name.endsWith("-address"));
      const property = address?.path ?? container.path("logOpts");
      return [{ property, found: `${show(address?.value)}, in clear`, expected: "a log that stays on the machine" }];
    }
    const size = given["max-size"];
    const files = given["max-file"] === undefined ? "" : `, ${given["max-file"]} times`;
    const property = `${container.path("logOpts")}.max-size`;
    return [{ property, found: `${show(size)}${size === undefined ? "" : files}`, expected: '"10m" or so' }];
  }),
  examples: {
    good: [
      withContainer("The daemon's driver", {}),
      withContainer("Files with an end", { logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } }),
      withContainer("The machine's journal", { logDriver: "journald" }),
      withContainer("To a collector of the machine's own", {
        logDriver: "syslog",
        logOpts: { "syslog-address": "unixgram:///dev/log" },
      }),
      withContainer("Over TLS", {
        logDriver: "syslog",
        logOpts: { "syslog-address": "tcp+tls://logs.example.org:6514" },
      }),
    ],
    bad: [
      withContainer("No log", { logDriver: "none" }),
      withContainer("A log without an end", { logDriver: "json-file" }),
      withContainer("An end that is none", { logDriver: "json-file", logOpts: { "max-size": "-1" } }),
      withContainer("Files without end", {
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "100000" },
      }),
      withContainer("Over the network in clear", {
        logDriver: "gelf",
        logOpts: { "gelf-address": "udp://logs.example.org:12201" },
      }),
    ],
  },
};
