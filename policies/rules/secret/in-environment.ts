import { labels, withContainer, container } from "#lib/examples.ts";
import type { NamedText } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { opensLogin, startsOpen } from "#lib/open-logins.ts";
import { secretArguments } from "#lib/secret-arguments.ts";
import type { FoundSecret } from "#lib/secret-patterns.ts";
import { describeSecret, isLiteral, looksSecretByName, secretUnderName } from "#lib/secret-patterns.ts";
import { isNotSecret, markOn, SHOWN_BY_DOCKER } from "#lib/secret-places.ts";
import { secretInJson } from "#lib/secrets-in-json.ts";
import type { Settings } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");

const EXPECTED = "a file below /run/secrets";
/** Properties whose texts are the words of a command line. */
const COMMAND_LINE = /(?:^|\.)(?:command|commands|args|entrypoints|healthcheck)$/;

export const rule: Rule = {
  id: "secret.in-environment",
  title: "Containers get their secrets as files, not in the environment, labels or arguments.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.10", "OWASP ASI03"],
  why: "The daemon's `docker inspect`, `/proc` and every child process show them, and images keep the arguments of their build.",
  fix: "Mount the secret as a file below /run/secrets and name the file in a variable that ends in `_FILE`.",
  waivable: "by-label",
  types: [...SHOWN_BY_DOCKER.keys()],
  check: (resource, { settings }) =>
    (SHOWN_BY_DOCKER.get(resource.type) ?? []).flatMap((place) => judgePlace(resource, settings, place)),
  examples: {
    good: [
      withContainer("A file", { envs: ["DB_PASSWORD_FILE=/run/secrets/db-password", "LOG_LEVEL=info"] }),
      withContainer("A server that asks, by its file", {
        command: ["redis-server", "--protected-mode", "no", "--aclfile", "/run/secrets/users.acl"],
      }),
      withContainer("Nothing secret", { envs: ["PASSWORD=", "API_KEY=${API_KEY}", "TZ=Europe/Berlin"] }),
      {
        title: "The place of a file, though the program marks it as secret",
        resources: [{ ...container({ envs: ["DB_PASSWORD_FILE=/run/secrets/db"] }), secrets: ["envs"] }],
      },
    ],
    bad: [
      withContainer("A token of a known form", { envs: ["LOG_LEVEL=info", `WHATEVER=${token}`] }),
      withContainer("A password", { envs: ["POSTGRES_PASSWORD=Summer-2024!"] }),
      withContainer("A database that asks for no password", { envs: ["POSTGRES_HOST_AUTH_METHOD=trust"] }),
      withContainer("A password that everybody guesses", { envs: ["POSTGRES_PASSWORD=postgres"] }),
      {
        title: "Marked as secret, which the container's environment does not heed",
        resources: [{ ...container({ envs: ["GREETING=hello"] }), secrets: ["envs.0"] }],
      },
      {
        title: "A list of variables that is marked as secret, for one of them",
        resources: [{ ...container({ envs: ["LOG_LEVEL=info", "GREETING=hello"] }), secrets: ["envs"] }],
      },
      withContainer("In a label", { labels: labels({ "example.token": token }) }),
      withContainer("A label whose name tells", { labels: labels({ "widget.password": "Summer-2024!" }) }),
      withContainer("A server that is told to ask nobody", { command: ["redis-server", "--protected-mode", "no"] }),
      withContainer("Among the arguments", { command: ["serve", `--token=${token}`] }),
      withContainer("Behind an option", { command: ["redis-server", "--requirepass", "Summer-2024!"] }),
      withContainer("In a shell's text", { command: ["sh", "-c", "mysqladmin -uroot -pSummer-2024! ping"] }),
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

function judgePlace(resource: Resource, settings: Settings, place: string): Finding[] {
  const texts = textsAt(resource, place.split("."));
  const variables = texts.map((text) => variableOf(text)).filter(({ value }) => value !== "");
  const candidates = variables
    .filter((one) => !namesFile(one) && !isNotSecret(settings, resource, one.path, one.value))
    .map((one) => ({ ...one, secret: secretOf(one) }));
  const told = candidates.flatMap(({ secret, ...one }) =>
    secret === undefined ? [] : [finding(one, describeSecret(secret))],
  );
  const open = variables
    .filter(
      (one) => one.isNamed && opensLogin(one.name, one.value) && !isNotSecret(settings, resource, one.path, one.value),
    )
    .map((one) => ({ property: one.path, found: `${one.name}: nobody is asked for a password`, expected: EXPECTED }));
  const words = candidates
    .filter(({ secret }) => secret === undefined)
    .map(({ path, text }) => ({ path, value: text }));
  const passwords = COMMAND_LINE.test(place) ? secretArguments(words) : [];
  const found = [...told, ...passwords.map(({ path, kind }) => ({ property: path, found: kind, expected: EXPECTED }))];
  const [first] = texts;
  const unasked =
    COMMAND_LINE.test(place) && first !== undefined && startsOpen(texts.map(({ value }) => value))
      ? [{ property: first.path, found: "a server that asks nobody for a password", expected: EXPECTED }]
      : [];
  return [
    ...found,
    ...open,
    ...unasked,
    ...marked(resource, candidates, new Set(found.map(({ property }) => property))),
  ];
}

/** In a variable the whole text counts as well: it may be named by its form only, as in `Password=…;`. */
function secretOf({ name, value, text, isNamed }: Variable): FoundSecret | undefined {
  return secretUnderName(name, value) ?? (isNamed ? (secretUnderName("", text) ?? secretInJson(value)) : undefined);
}

/**
 * What is marked as secret and does not look like one. A mark on a list stands for one of its texts at least: for those
 * that are found already, else for those whose names tell, else for the list.
 */
function marked(resource: Resource, candidates: readonly Variable[], found: ReadonlySet<string>): Finding[] {
  if (resource.secrets.size === 0) return [];
  const byMark = Map.groupBy(candidates, ({ path }) => markOn(resource, path));
  return [...byMark].flatMap(([mark, inside]) => {
    if (mark === undefined || inside.some(({ path }) => found.has(path))) return [];
    const telling = inside.filter(({ name, value }) => looksSecretByName(name) && isLiteral(value));
    const meant = inside.length === 1 ? inside : telling;
    if (meant.length === 0) return [{ property: mark, found: "marked as secret", expected: EXPECTED }];
    return meant.map((one) => finding(one, `marked as secret (${String(one.text.length)} characters)`));
  });
}

interface Variable {
  readonly path: string;
  /** Name of the property, or of the variable. */
  readonly name: string;
  readonly value: string;
  /** The whole text. */
  readonly text: string;
  readonly isNamed: boolean;
}

function textsAt({ properties }: Resource, place: readonly string[]): NamedText[] {
  return place.reduce((inside, one) => inside.object(one), properties).everyText(place.at(-1) ?? "");
}

/** `NAME=value` of an environment list, else the property's own name. */
function variableOf({ path, name, value }: NamedText): Variable {
  const sign = /^(?:envs|build\.buildArg)\./.test(path) ? value.indexOf("=") : -1;
  const known = { path, text: value, isNamed: sign >= 1 };
  return sign < 1 ? { ...known, name, value } : { ...known, name: value.slice(0, sign), value: value.slice(sign + 1) };
}

function finding({ path, name, isNamed }: Variable, what: string): Finding {
  return { property: path, found: isNamed ? `${name}: ${what}` : what, expected: EXPECTED };
}

function namesFile({ name, value }: Variable): boolean {
  return /_(?:FILE|PATH|DIR)$/i.test(name) && /^(?:file:)?\.{0,2}\/[\w./@-]*$/.test(value);
}
