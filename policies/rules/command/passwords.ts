import { CONNECTING, commandType } from "#lib/command-texts.ts";
import { passwordsBy, passwordsIn } from "#lib/host/password-logins.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";
import { isMarkedSecret } from "#lib/secret-places.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample";

export const rule: Rule = {
  id: "command.passwords",
  title: "Nobody logs in to a host as root by password, or with a password in plain text.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A password can be guessed from anywhere and read by whoever sees the program, and root's opens everything.",
  fix: "Log in with `privateKey` or an agent, as a user with sudo; mark what has to stay a password as secret.",
  waivable: "by-configuration",
  types: [...HOLDING],
  check: (resource) => [
    ...((CONNECTING as readonly string[]).includes(resource.type) ? connection(resource) : []),
    ...onCommandLine(resource),
  ],
  examples: {
    good: [
      example("A key", { host: "192.0.2.10", user: "deploy", hostKey, privateKey: "[secret]" }, [
        "connection.privateKey",
      ]),
      example("A user's password that is kept secret", { host: "192.0.2.10", user: "deploy", hostKey, password: "p" }, [
        "connection.password",
      ]),
    ],
    bad: [
      example("A password in plain text", { host: "192.0.2.10", user: "deploy", hostKey, password: "p" }, []),
      example("root by password", { host: "192.0.2.10", user: "root", hostKey, password: "p" }, [
        "connection.password",
      ]),
      example("root is who logs in when nobody is named", { host: "192.0.2.10", hostKey, password: "p" }, [
        "connection",
      ]),
      {
        title: "A password among the arguments",
        resources: [
          { type: commandType.local, name: "command", properties: { create: "sshpass -p p ssh deploy@192.0.2.10" } },
        ],
      },
      {
        title: "root by password, for everybody",
        resources: [
          {
            type: commandType.local,
            name: "command",
            properties: { create: "echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config; systemctl reload ssh" },
          },
        ],
      },
    ],
  },
};

function connection(resource: Resource): Finding[] {
  const own = resource.properties.object("connection");
  return [...login(resource, own), ...login(resource, own.object("proxy"))];
}

function login(resource: Resource, place: Properties): Finding[] {
  if ((place.text("password") ?? "") === "") return [];
  const property = place.path("password");
  if (!isMarkedSecret(resource, property)) {
    return [{ property, found: "a password in plain text", expected: "a private key, or a value marked as secret" }];
  }
  const user = place.text("user") ?? "root";
  if (user.trim() !== "root" || place.isUnknown("user")) return [];
  return [{ property, found: "the password of root", expected: "a private key, or a user other than root" }];
}

function onCommandLine(resource: Resource): Finding[] {
  return findingsInScripts(resource, ({ script: { calls, files }, where }) =>
    [...calls.flatMap(passwordsBy), ...(where === "host" ? files.flatMap(passwordsIn) : [])].map((found) => ({
      found,
      expected: "a private key",
    })),
  );
}

function example(title: string, properties: Readonly<Record<string, unknown>>, secrets: readonly string[]): Example {
  const resource = { type: commandType.remote, name: "command", secrets };
  return { title, resources: [{ ...resource, properties: { create: "uptime", connection: properties } }] };
}
