import { labels, withContainer, container } from "../../lib/examples.ts";
import type { NamedText } from "../../lib/properties.ts";
import type { Resource } from "../../lib/resource.ts";
import type { Finding, Rule } from "../../lib/rule.ts";
import { describeSecret, secretUnderName } from "../../lib/secret-patterns.ts";
import { BUILT_IMAGE, isMarkedSecret, isNotSecret, SHOWN_BY_INSPECT } from "../../lib/secret-places.ts";
import type { Settings } from "../../lib/settings.ts";
import { type } from "../../lib/types.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");

/** Properties by which each type shows what it is given, as the path of each. */
const PLACES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  [type.container, SHOWN_BY_INSPECT.map((name) => [name])],
  [type.remoteImage, ["buildArgs", "buildArg", "labels", "label"].map((name) => ["build", name])],
  [BUILT_IMAGE, [["build", "args"]]],
  [
    type.service,
    [
      ["labels"],
      ...["env", "labels", "args", "commands", "healthcheck"].map((name) => ["taskSpec", "containerSpec", name]),
    ],
  ],
]);

export const rule: Rule = {
  id: "secret.in-environment",
  title: "Containers get their secrets as files, not in the environment, labels or arguments.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.10", "OWASP ASI03"],
  why: "The daemon's `docker inspect`, `/proc` and every child process show them, and images keep the arguments of their build.",
  fix: "Mount the secret as a file below /run/secrets and name the file in a variable that ends in `_FILE`.",
  waivable: "by-label",
  types: [...PLACES.keys()],
  check: (resource, { settings }) =>
    (PLACES.get(resource.type) ?? []).flatMap((place) =>
      textsAt(resource, place).flatMap((text) => judgeText(resource, settings, text)),
    ),
  examples: {
    good: [
      withContainer("A file", { envs: ["DB_PASSWORD_FILE=/run/secrets/db-password", "LOG_LEVEL=info"] }),
      withContainer("Nothing secret", { envs: ["PASSWORD=", "API_KEY=${API_KEY}", "TZ=Europe/Berlin"] }),
      {
        title: "The place of a file, though the program marks it as secret",
        resources: [{ ...container({ envs: ["DB_PASSWORD_FILE=/run/secrets/db"] }), secrets: ["envs"] }],
      },
    ],
    bad: [
      withContainer("A token of a known form", { envs: ["LOG_LEVEL=info", `WHATEVER=${token}`] }),
      withContainer("A password", { envs: ["POSTGRES_PASSWORD=Summer-2024!"] }),
      {
        title: "Marked as secret, which the container's environment does not heed",
        resources: [{ ...container({ envs: ["GREETING=hello"] }), secrets: ["envs.0"] }],
      },
      withContainer("In a label", { labels: labels({ "example.token": token }) }),
      withContainer("Among the arguments", { command: ["serve", `--token=${token}`] }),
      withContainer("In the health check", { healthcheck: { tests: ["CMD", "check", "--token", token] } }),
      {
        title: "An argument of a build",
        resources: [
          {
            type: type.remoteImage,
            name: "image",
            properties: { name: "example", build: { context: ".", buildArgs: { NPM_TOKEN: token } } },
          },
        ],
      },
    ],
  },
};

function textsAt({ properties }: Resource, place: readonly string[]): NamedText[] {
  const name = place.at(-1) ?? "";
  return place.reduce((inside, one) => inside.object(one), properties).everyText(name);
}

function judgeText(resource: Resource, settings: Settings, { path, name, value }: NamedText): Finding[] {
  const variable = variableIn(path, name, value);
  if (variable.value === "" || namesFile(variable) || isNotSecret(settings, resource, path, variable.value)) return [];
  const found = secretUnderName(variable.name, variable.value) ?? secretUnderName("", value);
  const marked = isMarkedSecret(resource, path);
  if (found === undefined && !marked) return [];
  const what = found === undefined ? `marked as secret (${String(value.length)} characters)` : describeSecret(found);
  const shown = variable.name === name ? what : `${variable.name}: ${what}`;
  return [{ property: path, found: shown, expected: "a file below /run/secrets" }];
}

/** `NAME=value` of an environment list, else the property's own name. */
function variableIn(path: string, name: string, value: string): { name: string; value: string } {
  const sign = /^(?:envs|build\.buildArg)\./.test(path) ? value.indexOf("=") : -1;
  return sign < 1 ? { name, value } : { name: value.slice(0, sign), value: value.slice(sign + 1) };
}

function namesFile({ name, value }: { name: string; value: string }): boolean {
  return /_(?:FILE|PATH|DIR)$/i.test(name) && /^(?:file:)?\.{0,2}\/[\w./@-]*$/.test(value);
}
