import { readFileSync } from "node:fs";
import { z } from "zod";

const absolute = z.string().startsWith("/", "expected an absolute path");
const address = z.string().regex(/^[^\s<>@]+@[A-Za-z0-9.-]+$/, "expected an address such as operator@govgpt.example");
const loopback = ["127.0.0.1", "::1", "localhost"];

const mail = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
    tls: z.enum(["implicit", "starttls", "none"]).default("starttls"),
    login: z.strictObject({ user: z.string().min(1), passwordFile: absolute }).optional(),
    from: address,
    to: address,
  })
  .refine(({ tls, host }) => tls !== "none" || loopback.includes(host), {
    path: ["tls"],
    message: "none; expected implicit or starttls to another machine",
  });

const api = z
  .url()
  .refine((url) => url.startsWith("https://") || loopback.includes(new URL(url).hostname), "expected https")
  .refine((url) => !url.endsWith("/"), "expected no slash at its end");

const settingsSchema = z
  .strictObject({
    machine: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a name such as office"),
    spool: absolute,
    mail: mail.optional(),
    telegram: z.strictObject({ tokenFile: absolute, chat: z.int(), api: api.optional() }).optional(),
    limits: z
      .strictObject({
        windowMinutes: z.number().positive().max(1440).default(15),
        messagesPerMinute: z.number().positive().max(600).default(20),
        digestHours: z.number().positive().max(168).default(24),
        digestFrom: z.int().min(0).max(10).default(3),
        spoolMiB: z.int().min(1).max(4096).default(256),
      })
      .prefault({}),
  })
  .refine(
    ({ mail: post, telegram }) => post !== undefined || telegram !== undefined,
    "expected mail, telegram or both",
  );

/** What the notifier is told. Credentials are files; none is a setting. */
export type Settings = z.infer<typeof settingsSchema>;

/** Settings cannot be used; the message has every problem, a line each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Reads a settings file (JSON). Throws a {@link SettingsError}. */
export function readSettings(file: string): Settings {
  const { data, error } = settingsSchema.safeParse(read(file));
  if (data) return data;
  const problems = error.issues.map(({ path, message }) => `  ${path.map(String).join(".") || "settings"}: ${message}`);
  throw new SettingsError([`${file}:`, ...problems].join("\n"));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    const what = error instanceof Error && "code" in error ? String(error.code) : "not JSON";
    throw new SettingsError(`${file}: ${what}; expected a file of settings, see programs/notify/README.md`);
  }
}
