import { ARGUMENTS, commandType, RUNNING } from "#lib/command-texts.ts";
import type { NamedText } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { secretArguments } from "#lib/secret-arguments.ts";
import { describeSecret, secretUnderName } from "#lib/secret-patterns.ts";
import { isMarkedSecret, isNotSecret, OF_COMMANDS } from "#lib/secret-places.ts";
import type { Settings } from "#lib/settings.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");

export const rule: Rule = {
  id: "secret.in-command",
  title: "A command gets its secrets on stdin, marked as secret.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "The text of a command is an argument of a shell, which every user of the host can list while it runs; what is not marked as secret is in the state as well.",
  fix: "Hand the secret over in `stdin`, marked as secret, and read it there.",
  waivable: "by-configuration",
  types: [...RUNNING],
  check: (resource, { settings }) =>
    resource.properties.everyText().flatMap((text) => judgeText(resource, settings, text)),
  examples: {
    good: [
      example("On stdin, marked as secret", { create: "cat > /etc/example/token", stdin: token }, ["stdin"]),
      example(
        "In the environment of this machine's shell, marked as secret",
        {
          create: "login --token-stdin < /run/token",
          environment: { TOKEN: token },
        },
        ["environment.TOKEN"],
      ),
      example("The place of a secret", { create: "login --password-file /run/secrets/password" }),
    ],
    bad: [
      example("In the text", { create: `login --token ${token}` }),
      example("In the text, marked as secret", { create: `login --token ${token}` }, ["create"]),
      example("Whatever is marked as secret is an argument all the same", { delete: "remove it" }, ["delete"]),
      example("On stdin, not marked", { create: "cat > /etc/example/token", stdin: token }),
      example("In the environment, not marked", { create: "login", environment: { APP_PASSWORD: "Summer-2024!" } }),
      example("Behind an option of a program", { create: "mysqladmin -uroot -pSummer-2024! ping" }),
      example("Among the triggers", { create: "reload", triggers: [token] }),
    ],
  },
};

function judgeText(resource: Resource, settings: Settings, { path, name, value }: NamedText): Finding[] {
  const [top = ""] = path.split(".", 1);
  if (!(OF_COMMANDS as readonly string[]).includes(top) || value === "") return [];
  const marked = isMarkedSecret(resource, path);
  const isArgument = top === "interpreter" || (ARGUMENTS as readonly string[]).includes(top);
  if (marked && isArgument) {
    const found = `marked as secret (${String(value.length)} characters), and an argument of a shell`;
    return [{ property: path, found, expected: "the secret in `stdin`" }];
  }
  if (marked || isNotSecret(settings, resource, path, value)) return [];
  const secret = secretUnderName(name, value);
  const [password] = secret === undefined && isArgument ? secretArguments([{ path, value }]) : [];
  const found = secret === undefined ? password?.kind : describeSecret(secret);
  return found === undefined ? [] : [{ property: path, found, expected: expectedAt(top, isArgument) }];
}

function expectedAt(top: string, isArgument: boolean): string {
  return isArgument ? "the secret in `stdin`, marked as secret" : `\`${top}\` marked as secret`;
}

function example(
  title: string,
  properties: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Example {
  return { title, resources: [{ type: commandType.local, name: "command", properties, secrets }] };
}
