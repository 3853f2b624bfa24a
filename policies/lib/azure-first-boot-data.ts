import type { FirstBootSecret, FirstBootTexts } from "./cloud-init-secrets.ts";
import { secretsInTexts, textsInFirstBootData } from "./cloud-init-secrets.ts";
import { profileOf } from "./azure-resources.ts";
import { azure } from "./azure-types.ts";
import { Properties, Unknowns } from "./properties.ts";
import type { Resource } from "./resource.ts";
import { secretArguments } from "./secret-arguments.ts";

/** The tag by which a machine declares that the host key in its custom data is used once and then removed. */
const TAG = "garrison.birth-key";

const SECRET_NAME = /passw(or)?d|passwd|secret|token|api_?key|accountkey|storageaccountkey|connectionstring/i;
const MOST = 1000;

/** Every secret in what a machine, an extension or a command is given, with the path of its property. */
export function firstBootSecretsOf(resource: Resource): readonly (FirstBootSecret & { readonly path: string })[] {
  const declared = resource.properties.object("tags").text(TAG)?.toLowerCase() === "one-use";
  return textsOf(resource).flatMap(({ path, value }) => {
    const unwrapped = textsInFirstBootData(value);
    const shown = secretsInTexts(unwrapped, declared);
    const secrets = (shown.length > 0 ? shown : passwordsOfCommands(unwrapped)).map((secret) => ({ ...secret, path }));
    const isNamedSo = SECRET_NAME.test(path.split(".").at(-1) ?? "") && value.length > 5;
    return secrets.length === 0 && isNamedSo
      ? [{ path, kind: "a value that is named like a secret", wrapping: "", oneUse: false }]
      : secrets;
  });
}

/** Passwords that only the program tells, such as that of `mysql -p…`. */
function passwordsOfCommands({ texts }: FirstBootTexts): FirstBootSecret[] {
  return texts.flatMap(({ text, wrapping }) =>
    secretArguments([{ path: "", value: text }]).map(({ kind }) => ({
      kind,
      wrapping: wrapping.join(", "),
      oneUse: false,
    })),
  );
}

/** What the machine's owner can read in clear later. Protected settings are so only where the program left them plain. */
function textsOf(resource: Resource): readonly { path: string; value: string }[] {
  const { type, properties, secrets } = resource;
  if (type === azure.machineExtension || type === azure.scaleSetExtension) {
    const plain = inside(properties, "protectedSettings").filter(({ path }) => !isMarked(path, secrets));
    return [...inside(properties, "settings"), ...plain];
  }
  if (type === azure.runCommand) {
    const parameters = properties.objects("parameters").flatMap((one) => inside(one, "value"));
    return [...inside(properties.object("source"), "script"), ...parameters];
  }
  return bornWith(resource);
}

/** The custom data and the user data of a machine. */
export function bornWith(resource: Resource): readonly { path: string; value: string }[] {
  const profile = profileOf(resource);
  return [...inside(profile.object("osProfile"), "customData"), ...inside(profile, "userData")];
}

function isMarked(path: string, secrets: ReadonlySet<string>): boolean {
  return [...secrets].some((secret) => path === secret || path.startsWith(`${secret}.`));
}

/** All texts at a name, whatever the shape of the value. */
function inside(properties: Properties, name: string, depth = 0): { path: string; value: string }[] {
  const value = properties.get(name);
  if (typeof value === "string")
    return textsInJson(value).map((text) => ({ path: properties.path(name), value: text }));
  if (typeof value !== "object" || value === null || depth > 8) return [];
  const inner = properties.object(name);
  return Object.keys(value)
    .slice(0, MOST)
    .flatMap((key) => inside(inner, key, depth + 1));
}

/** @pulumi/azure takes an extension's settings as JSON. */
function textsInJson(text: string): readonly string[] {
  if (!/^\s*\{/.test(text)) return [text];
  try {
    const texts = new Properties(JSON.parse(text), new Unknowns()).everyText();
    return texts.map(({ name, value }) => (SECRET_NAME.test(name) ? `${name}: ${value}` : value));
  } catch {
    return [text];
  }
}
