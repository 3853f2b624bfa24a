import { describe, expect, test } from "vitest";
import { planFiles } from "#components/files/plan-files.ts";
import type { FileContext } from "#components/files/service-files.ts";
import { planSecrets } from "#components/secrets/plan-secrets.ts";
import { fillIn, referencesIn, secret } from "#components/secrets/reference.ts";
import { authority, bytes, certificate, external, password } from "#components/secrets/secret.ts";
import type { SecretSpec } from "#components/secrets/secret.ts";
import type { Settings } from "#components/settings/settings.ts";
import { aService, settings } from "../machine/example.ts";

const token = password("token", "a test");

function plan(
  specs: readonly SecretSpec[],
  text: string,
  {
    changes = {},
    given = {},
  }: { changes?: Partial<Settings>; given?: Readonly<Record<string, "secret" | "plain">> } = {},
) {
  const own = { ...settings, ...changes };
  const context: FileContext = { settings: own, networks: [], flows: [], allowed: [] };
  const files = planFiles([aService("page", 1, { files: () => ({ "/etc/page/conf": text }) })], context);
  return planSecrets(specs, files, own, new Map(Object.entries(given)));
}

function problems(...args: Parameters<typeof plan>): string[] {
  return plan(...args).problems.map(
    ({ property, found, expected, fix }) => `${property}: ${found}; ${expected}${fix === undefined ? "" : ` | ${fix}`}`,
  );
}

describe("a machine's secrets", () => {
  test("are read by those whose files name them, and minted unless somebody else issues them", () => {
    const specs = [token, external("openai-api-key", "for a test"), external("anthropic-api-key", "for a test")];
    const text = specs.map(({ name }) => secret(name)).join("");
    const lab = { changes: { lab: true }, given: { anthropicApiKey: "secret" } } as const;
    expect(problems(specs, text, lab)).toEqual([]);
    expect(
      plan(specs, text, lab).secrets.map(({ name, value, readers, generation }) => [name, value, readers, generation]),
    ).toEqual([
      ["token", "minted", ["page"], 1],
      ["openai-api-key", "stand-in", ["page"], 1],
      ["anthropic-api-key", "setting", ["page"], 1],
    ]);
  });

  test("have a version that a rotation changes, a certificate's authority's too", () => {
    const specs = [
      token,
      authority("ca", "a test"),
      certificate("page", "a test", { authority: "ca", names: ["page"] }),
    ];
    const rotated = { changes: { secrets: { ca: { generation: 4 }, token: { generation: 2 } } } };
    const versions = (options = {}) => specs.map(({ name }) => plan(specs, "", options).versionOf(name));
    expect(versions()).toEqual(["1", "1", "1/1"]);
    expect(versions(rotated)).toEqual(["2", "4", "1/4"]);
  });

  test("are refused when nobody reads them; an authority is read by what it signs", () => {
    const signed = certificate("page", "a test", { authority: "ca", names: ["page"] });
    const text = secret("page", { field: "certificate" });
    expect(problems([token, authority("ca", "a test"), signed], text)).toEqual([
      'secrets.token: read by nobody; a file of a service that holds secret("token"), or no such secret',
    ]);
  });

  test("are refused when a file names one that is not there, or a part that it does not have", () => {
    const text = [secret("tokne"), secret("tokne"), secret("signed"), secret("token", { field: "private" })].join();
    const signed = certificate("signed", "a test", { authority: "ca", names: ["page"] });
    expect(problems([token, authority("ca", "a test"), signed], text)).toEqual([
      "services.page.files./etc/page/conf: the secret tokne; one of ca, signed, token",
      "services.page.files./etc/page/conf: value of the secret signed; private or certificate of a secret of the kind certificate",
      "services.page.files./etc/page/conf: private of the secret token; value of a secret of the kind password",
    ]);
    expect(problems([], secret("token"))).toEqual([
      "services.page.files./etc/page/conf: the secret token; none: the machine has no secrets",
    ]);
  });

  test("never hand out the key of an authority", () => {
    const text = secret("ca", { field: "private" }) + secret("ca", { field: "certificate" });
    expect(problems([authority("ca", "a test")], text)).toEqual([
      "services.page.files./etc/page/conf: private of the secret ca; certificate of a secret of the kind authority",
    ]);
  });

  test("are signed by an authority of the machine", () => {
    const signed = certificate("page", "a test", { authority: "token", names: ["page"] });
    const text = secret("page", { field: "private" }) + secret("token");
    expect(problems([token, signed], text)).toEqual(["secrets.page.authority: token; an authority of this machine"]);
  });

  test("that others issue have to be there outside the lab, and encrypted everywhere", () => {
    const specs = [
      external("anthropic-api-key", "the gateway calls Anthropic's models"),
      external("openai-api-key", "for a test"),
    ];
    const text = specs.map(({ name }) => secret(name)).join("");
    expect(problems(specs, text, { given: { openaiApiKey: "secret" } })).toEqual([
      "garrison:anthropicApiKey: nothing; a value: the gateway calls Anthropic's models | pulumi config set --secret garrison:anthropicApiKey",
    ]);
    const plainly = { changes: { lab: true }, given: { openaiApiKey: "plain", telegramBotToken: "plain" } } as const;
    expect(problems(specs, text, plainly).map((problem) => problem.slice(0, 60))).toEqual([
      "garrison:openaiApiKey: a value in plain text; an encrypted o",
      "garrison:telegramBotToken: a value in plain text; an encrypt",
    ]);
  });

  test("are declared once", () => {
    expect(problems([token, bytes("token", "another")], secret("token"))).toEqual([
      "secrets.token: declared 2 times; one declaration",
    ]);
  });

  test("can be rotated only if they are there; that others issue may be counted too", () => {
    const changes = {
      lab: true,
      secrets: { token: { generation: 3 }, tokne: { generation: 2 }, "openai-api-key": { generation: 2 } },
    };
    expect(
      problems([token, external("openai-api-key", "for a test")], secret("token") + secret("openai-api-key"), {
        changes,
      }),
    ).toEqual([
      "garrison:secrets.tokne: the rotation of a secret that this machine does not have; one of openai-api-key, token | pulumi config rm --path garrison:secrets.tokne",
    ]);
  });

  test("are all wrong in one report", () => {
    const specs = [
      token,
      external("openai-api-key", "for a test"),
      certificate("page", "a test", { authority: "ca", names: ["page"] }),
    ];
    const options = {
      changes: { secrets: { other: { generation: 2 } } },
      given: { anthropicApiKey: "plain" },
    } as const;
    expect(plan(specs, secret("page"), options).problems.map(({ property }) => property)).toEqual([
      "secrets.token",
      "secrets.openai-api-key",
      "secrets.page.authority",
      "services.page.files./etc/page/conf",
      "garrison:openaiApiKey",
      "garrison:anthropicApiKey",
      "garrison:secrets.other",
    ]);
  });
});

test("a reference says which value, which part and how it is written", () => {
  const text = `a ${secret("token")} b ${secret("pair", { slot: "previous", field: "private", as: "json" })}`;
  expect(referencesIn(text)).toEqual([
    { name: "token", slot: "current", field: "value", as: "raw" },
    { name: "pair", slot: "previous", field: "private", as: "json" },
  ]);
  // A value that looks like a reference, or like a pattern of replacement, stays as it is.
  expect(fillIn(text, ({ name }) => `$&${secret(name)}`)).toBe(`a $&${secret("token")} b $&${secret("pair")}`);
});
