import { bornWith } from "#lib/azure-first-boot-data.ts";
import { machine, of, scaleSet } from "#lib/azure-examples.ts";
import { isWindows, profileOf } from "#lib/azure-resources.ts";
import { machineTypes } from "#lib/azure-types.ts";
import { passwordLoginsIn } from "#lib/password-logins.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

const NAMES = new Set(["root", "admin", "administrator", "guest", "test", "user"]);

const base64 = (text: string) => Buffer.from(text).toString("base64");

const keys = { adminUsername: "operator", linuxConfiguration: { disablePasswordAuthentication: true } };

export const rule: Rule = {
  id: "azure.password-login",
  title: "Nobody logs in to a Linux machine with a password.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A password can be guessed, reused and read in a state file; a key cannot be guessed.",
  fix: "Set `osProfile.linuxConfiguration.disablePasswordAuthentication` to true, give SSH keys, and remove `adminPassword`.",
  waivable: "by-configuration",
  types: machineTypes,
  check: (resource) => {
    const profile = profileOf(resource);
    const os = profile.object("osProfile");
    // A machine made from an existing disk has no such profile: who may log in is on the disk.
    if (profile.get("osProfile") === undefined || isWindows(profile)) return [];
    const linux = os.object("linuxConfiguration");
    const disabled = linux.get("disablePasswordAuthentication");
    const found: Finding[] = [];
    if (linux.flag("disablePasswordAuthentication") !== true) {
      found.push({ property: linux.path("disablePasswordAuthentication"), found: show(disabled), expected: "true" });
    }
    if (os.get("adminPassword") !== undefined) {
      found.push({ property: os.path("adminPassword"), found: "a password", expected: "SSH keys only" });
    }
    const name = os.text("adminUsername");
    if (name !== undefined && NAMES.has(name.toLowerCase())) {
      const expected = "a name that is not the first to be tried";
      found.push({ property: os.path("adminUsername"), found: show(name), expected });
    }
    const born = bornWith(resource).flatMap(({ path, value }) =>
      passwordLoginsIn(value).map((way) => ({ property: path, found: way, expected: "SSH keys only" })),
    );
    return [...found, ...born];
  },
  examples: {
    good: [
      of("Keys only", machine("pg-keys")),
      of(
        "Custom data that forbids passwords",
        machine("pg-born", { osProfile: { ...keys, customData: base64("#cloud-config\nssh_pwauth: false\n") } }),
      ),
      of("Keys only, in a scale set", scaleSet("pg-set")),
      of(
        "Windows has passwords",
        machine("pg-windows", { osProfile: { adminUsername: "operator", windowsConfiguration: {} } }),
      ),
      of("A machine made from a disk", machine("pg-disk", { osProfile: undefined })),
    ],
    bad: [
      of(
        "Passwords are allowed unless it says otherwise",
        machine("pb-missing", { osProfile: { adminUsername: "operator" } }),
      ),
      of(
        "Passwords allowed",
        machine("pb-allowed", { osProfile: { ...keys, linuxConfiguration: { disablePasswordAuthentication: false } } }),
      ),
      of("A password", machine("pb-given", { osProfile: { ...keys, adminPassword: "Example-Example-1" } })),
      of("A name that everybody tries", machine("pb-name", { osProfile: { ...keys, adminUsername: "admin" } })),
      of(
        "Custom data that allows passwords",
        machine("pb-born", { osProfile: { ...keys, customData: base64("#cloud-config\nssh_pwauth: true\n") } }),
      ),
      of(
        "Linux of a publisher that has Windows too",
        machine("pb-sql", {
          osProfile: { adminUsername: "operator" },
          storageProfile: {
            imageReference: { publisher: "MicrosoftSQLServer", offer: "sql2022-ubuntu2204", sku: "web" },
          },
        }),
      ),
      of("In a scale set", scaleSet("pb-set", { osProfile: { adminUsername: "operator" } })),
    ],
  },
};
