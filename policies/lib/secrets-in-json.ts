import { Properties, Unknowns } from "./properties.ts";
import type { FoundSecret } from "./secret-patterns.ts";
import { secretUnderName } from "./secret-patterns.ts";

const LONGEST = 262_144;
const BASE64 = /^[\w+/\s-]{16,}={0,2}$/;

/** A document within a text, such as the containers of a task, has names and values of its own; in base64 too. */
export function secretInJson(text: string): FoundSecret | undefined {
  return inDocument(text) ?? (BASE64.test(text) ? inDocument(decoded(text)) : undefined);
}

function inDocument(text: string): FoundSecret | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > LONGEST) return undefined;
  try {
    const inside = new Properties({ document: JSON.parse(text) as unknown }, new Unknowns()).everyText();
    return inside
      .map(({ name, value }) => secretUnderName(name, value) ?? login(name, value))
      .find((one) => one !== undefined);
  } catch {
    return undefined;
  }
}

/** What a registry's client keeps under `auth`: a user and a password in base64. */
function login(name: string, value: string): FoundSecret | undefined {
  if (name !== "auth" || !BASE64.test(value)) return undefined;
  const [, password = ""] = /^[\x21-\x7e]{1,100}?:([\x21-\x7e]{3,200})$/.exec(decoded(value)) ?? [];
  return password === "" ? undefined : { kind: "a password of a registry", offset: 0, length: value.length };
}

function decoded(value: string): string {
  return Buffer.from(value, "base64").toString("utf8");
}
