import { readFileSync } from "node:fs";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import { describe, expect, it } from "vitest";
import { allPlugins } from "../plugins/all.ts";
import { dockerProvider } from "../plugins/docker/provider.ts";
import { typeLabel } from "../provider/definition.ts";
import { loadSchema, type PropertySchema, type ProviderSchema } from "../provider/schema.ts";
import { asked } from "./provider/calls.ts";
import { nestedTypes, resourceArguments } from "./sdk-types.ts";

const resources = allPlugins.flatMap((provider) =>
  Object.keys(provider.resources).map((token) => ({ label: typeLabel(token), provider, token })),
);

/** Optional in the SDK because of an alternative (`…Wo`) that our plugin refuses. */
const requiredWithoutAlternative: Readonly<Record<string, readonly string[]>> = {
  "tls:index/certRequest:CertRequest": ["privateKeyPem"],
  "tls:index/selfSignedCert:SelfSignedCert": ["privateKeyPem"],
  "tls:index/locallySignedCert:LocallySignedCert": ["caPrivateKeyPem"],
};

describe.each(allPlugins)("plugin $name", (provider) => {
  it("answers with the version of the SDK package that the project pins", () => {
    const text = readFileSync(`node_modules/@pulumi/${provider.name}/package.json`, "utf8");
    const { version } = JSON.parse(text) as { version: string };
    expect(provider.version).toBe(version);
    expect(Object.entries(pluginVersions)).toContainEqual([provider.name, version]);
  });

  it("knows every member of the SDK's nested input types, and requires the same", () => {
    for (const [token, type] of Object.entries(provider.schema.types)) {
      const [, module = "", name = ""] = token.split(":");
      const namespace = module.startsWith("index") ? "" : `${module}.`;
      const types = nestedTypes(provider.name);
      const sdk = types.get(`${namespace}${name}`) ?? types.get(`${namespace}${name}Args`);
      // Types of outputs and of configuration have no input of their own.
      if (!sdk || !type.properties) continue;
      expect({ token, inputs: Object.keys(type.properties).sort() }).toEqual({ token, inputs: sdk.inputs });
      expect({ token, required: [...(type.required ?? [])].sort() }).toEqual({ token, required: sdk.required });
    }
  });

  it("refuses the resource types that it does not cover, by name", () => {
    const others = Object.keys(provider.schema.resources).filter((token) => !(token in provider.resources));
    for (const token of others) {
      expect(() => asked(provider, token).check({})).toThrow(
        `${typeLabel(token)} is not implemented by the lab plugin`,
      );
    }
  });
});

describe.each(resources)("$label", ({ provider, token }) => {
  const schema = provider.schema.resources[token];
  if (!schema) throw new Error(`${token} is in no schema`);
  const sdk = resourceArguments(token);
  const samples = Object.fromEntries(
    Object.entries(schema.inputs).map(([name, property]) => [name, sample(provider.schema, property)]),
  );

  it("has exactly the inputs and required inputs of the SDK's arguments", () => {
    expect(Object.keys(schema.inputs).sort()).toEqual(sdk.inputs);
    expect([...schema.requiredInputs].sort()).toEqual(
      [...sdk.required, ...(requiredWithoutAlternative[token] ?? [])].sort(),
    );
  });

  it("asks for every required input", () => {
    const failures = asked(provider, token).check({});
    for (const name of sdk.required) expect(failures.map(({ property }) => property)).toContain(name);
  });

  it("knows every input, and refuses every other name", () => {
    for (const name of sdk.inputs) {
      const reasons = asked(provider, token)
        .check({ [name]: samples[name] })
        .map(({ reason }) => reason);
      expect(reasons.filter((reason) => reason.includes("has no property"))).toEqual([]);
    }
    const failures = asked(provider, token).check({ notOfThisWorld: 1 });
    expect(failures.map(({ property }) => property)).toContain("notOfThisWorld");
  });

  it("refuses a wrong type for every input", () => {
    for (const [name, property] of Object.entries(schema.inputs)) {
      if (property.$ref === "pulumi.json#/Any") continue;
      const wrong = property.type === "string" ? 7 : property.type === undefined ? 7 : "text";
      const failures = asked(provider, token).check({ [name]: wrong });
      // The reason: a failure of a secret does not name the property, as the engine would show the value beside it.
      expect(failures.map(({ reason }) => reason.split(" is ")[0])).toContain(`${typeLabel(token)}.${name}`);
    }
  });

  it("marks the schema's secrets, among the inputs and the outputs", () => {
    const secretInputs = Object.entries(schema.inputs).flatMap(([name, property]) => (property.secret ? [name] : []));
    const sealed = asked(provider, token).sealedByCheck(
      Object.fromEntries(secretInputs.map((name) => [name, samples[name]])),
    );
    expect(sealed).toEqual(expect.arrayContaining(secretInputs));
  });
});

describe("replacement", () => {
  it("follows the marks of the docker and command schemas, nested ones included", () => {
    for (const { provider, token } of resources.filter(
      ({ provider: { name } }) => name === "docker" || name === "command",
    )) {
      for (const [name, property] of Object.entries(rawSchema(provider.name).resources[token]?.inputs ?? {})) {
        if (name in (provider.resources[token]?.unsupported ?? {})) continue; // never gets as far as a diff
        const marked = property.willReplaceOnChanges ?? property.replaceOnChanges ?? false;
        const { replaces } = asked(provider, token).diff({}, { [name]: sample(provider.schema, property) });
        expect({ token, name, replaced: replaces.includes(name) }).toEqual({ token, name, replaced: marked });
      }
    }
  });

  it("leaves a container in place for exactly these inputs", () => {
    const token = "docker:index/container:Container";
    const inputs = dockerProvider.schema.resources[token]?.inputs ?? {};
    const inPlace = Object.entries(inputs).flatMap(([name, property]) => {
      const { replaces } = asked(dockerProvider, token).diff({}, { [name]: sample(dockerProvider.schema, property) });
      return replaces.length === 0 ? [name] : [];
    });
    expect(inPlace.sort()).toEqual(
      "attach containerReadRefreshTimeoutMilliseconds cpuPeriod cpuQuota cpuSet cpuShares destroyGraceSeconds deviceReadBps deviceReadIops deviceWriteBps deviceWriteIops healthcheck init logs maxRetryCount memory memoryReservation memorySwap mustRun removeVolumes restart rm start tmpfs wait waitTimeout".split(
        " ",
      ),
    );
  });

  it("sees a replacing member inside a property that itself does not replace", () => {
    const { replaces } = asked(dockerProvider, "docker:index/volume:Volume").diff(
      { cluster: { group: "a" } },
      { cluster: { group: "b" } },
    );
    expect(replaces).toEqual(["cluster"]);
    const kept = asked(dockerProvider, "docker:index/volume:Volume").diff(
      { cluster: { availability: "active" } },
      { cluster: { availability: "pause" } },
    );
    expect(kept).toMatchObject({ replaces: [], changed: true });
  });
});

/** The extract as it lies on disk, without what the SDK adds. */
function rawSchema(name: string): ProviderSchema {
  return JSON.parse(readFileSync(`lab/engine/schemas/${name}.json`, "utf8")) as ProviderSchema;
}

/** Types refer to themselves: below this many of them a sample has what is required only. */
const wholeDepth = 2;

/** A value of the right type. */
function sample(schema: ProviderSchema, property: PropertySchema, depth = 0): unknown {
  if (property.$ref?.startsWith("#/types/")) {
    const type = schema.types[property.$ref.slice("#/types/".length)];
    if (type?.enum) return type.enum[0]?.value;
    const members = Object.entries(type?.properties ?? {}).filter(
      ([name]) => depth < wholeDepth || type?.required?.includes(name),
    );
    return Object.fromEntries(members.map(([name, member]) => [name, sample(schema, member, depth + 1)]));
  }
  switch (property.type) {
    case "boolean":
      return true;
    case "integer":
    case "number":
      return 1;
    case "array":
      return [sample(schema, property.items ?? {}, depth)];
    case "object":
      return { key: "text" };
    default:
      return "text";
  }
}

describe("what the SDK has beyond the extract", () => {
  it("is recorded, and nothing that the extract has already", () => {
    const raw = rawSchema("docker");
    expect(raw.resources["docker:index/container:Container"]?.inputs).not.toHaveProperty("deviceCgroupRules");
    expect(loadSchema("docker").resources["docker:index/container:Container"]?.inputs).toHaveProperty(
      "deviceCgroupRules",
    );
  });
});
