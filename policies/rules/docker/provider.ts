import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "docker.provider",
  title: "The way to a Docker daemon is encrypted, and registry passwords are not in the program.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 2.7", "OWASP ASI03"],
  why: "A daemon that listens on plain TCP gives the host to everybody on the network, and takes whoever answers for it.",
  fix: "Use `ssh://` or a local socket, or TCP with a client certificate; give registry passwords as secrets.",
  waivable: "by-configuration",
  types: [type.dockerProvider],
  check: ({ properties, secrets }) => [...host(properties), ...passwords(properties, secrets)],
  examples: {
    good: [
      provider("A local socket", { host: "unix:///var/run/docker.sock" }),
      provider("Over ssh", { host: "ssh://deploy@192.0.2.10" }),
      provider("TCP with certificates", { host: "tcp://192.0.2.10:2376", certPath: "/home/operator/.docker" }),
      {
        ...provider("A password that is a secret", {}),
        resources: [{ ...resource({ registryAuth: auth("made-up-password") }), secrets: ["registryAuth.0.password"] }],
      },
    ],
    bad: [
      provider("Plain TCP", { host: "tcp://192.0.2.10:2375" }),
      provider("Plain TCP on the usual port of TLS", { host: "tcp://192.0.2.10:2376" }),
      provider("Plain HTTP", { host: "http://192.0.2.10:2375" }),
      provider("A password in the program", { registryAuth: auth("made-up-password") }),
      provider("A password in the program, as the engine writes it", { registryAuth: JSON.stringify(auth("made-up")) }),
    ],
  },
};

function host(properties: Properties): Finding[] {
  const found = properties.text("host") ?? "";
  if (!/^(tcp|http):\/\//i.test(found.trim())) return [];
  const certificates = ["certPath", "certMaterial", "keyMaterial", "caMaterial"];
  if (certificates.some((name) => properties.isUnknown(name) || (properties.text(name) ?? "") !== "")) return [];
  return [
    { property: "host", found: `${show(found)}, without a certificate`, expected: "ssh://, or a client certificate" },
  ];
}

/** The engine hands a provider's lists and objects over as JSON text. */
function passwords(properties: Properties, secrets: ReadonlySet<string>): Finding[] {
  const isSecret = (path: string) => [...secrets].some((secret) => path === secret || path.startsWith(`${secret}.`));
  const written = properties.text("registryAuth");
  const given = written === undefined ? properties.objects("registryAuth") : [];
  const inText = written !== undefined && /"password"\s*:\s*"[^"]/.test(written) && !isSecret("registryAuth");
  const paths = [
    ...given.filter((own) => (own.text("password") ?? "") !== "").map((own) => own.path("password")),
    ...(inText ? ["registryAuth"] : []),
  ];
  return paths
    .filter((path) => !isSecret(path))
    .map((property) => ({ property, found: "a password in clear", expected: "a secret, or a credential helper" }));
}

function auth(password: string) {
  return [{ address: "registry.example", username: "deploy", password }];
}

function resource(properties: Readonly<Record<string, unknown>>) {
  return { type: type.dockerProvider, name: "docker", properties };
}

function provider(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [resource(properties)] };
}
