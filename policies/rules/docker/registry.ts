import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

/** Names under which the resources hold the address of a registry. */
const ADDRESSES = new Set(["address", "server", "serverAddress", "hostName"]);
const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/]|$)/i;

export const rule: Rule = {
  id: "docker.registry",
  title: "Images and registry passwords travel to a registry that proves who it is.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 2.5", "OWASP ASI04"],
  why: "Whoever is between reads the password and can push or hand out another image in its place.",
  fix: "Leave `insecureSkipVerify` out and name the registry by https; give the machine the registry's certificate.",
  waivable: "by-configuration",
  types: [
    type.registryImage,
    type.remoteImage,
    type.image,
    type.buildImage,
    type.buildIndex,
    type.service,
    type.dockerProvider,
  ],
  check: ({ properties }): Finding[] => [
    ...(properties.flag("insecureSkipVerify") === true
      ? [{ property: "insecureSkipVerify", found: "true", expected: "false, or not set" }]
      : []),
    ...["authConfig", "auth", "build", "registry", "registries", "registryAuth"].flatMap((name) =>
      addressesIn(properties.get(name), properties.path(name)),
    ),
  ],
  examples: {
    good: [
      image("A checked certificate", { insecureSkipVerify: false }),
      image("By its name", { authConfig: { address: "registry.example", username: "deploy" } }),
      image("On the loopback", { authConfig: { address: "http://127.0.0.1:5000", username: "deploy" } }),
    ],
    bad: [
      image("Any certificate", { insecureSkipVerify: true }),
      image("In clear", { authConfig: { address: "http://registry.example", username: "deploy" } }),
      {
        title: "In clear, by buildx",
        resources: [
          {
            type: type.buildImage,
            name: "image",
            properties: { registries: [{ address: "http://registry.example:5000", username: "deploy" }] },
          },
        ],
      },
    ],
  },
};

/** The engine hands a provider's lists over as JSON text, in which the address stands like in any other. */
function addressesIn(value: unknown, path: string, name = "", depth = 0): Finding[] {
  if (typeof value === "string") {
    const address = ADDRESSES.has(name) ? value.trim() : /"address"\s*:\s*"(http:[^"]*)"/i.exec(value)?.[1];
    if (address === undefined || !/^http:\/\//i.test(address) || LOOPBACK.test(address)) return [];
    return [{ property: path, found: show(address), expected: "https://, or the registry's plain name" }];
  }
  if (typeof value !== "object" || value === null || depth > 4) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    addressesIn(inner, `${path}.${key}`, Array.isArray(value) ? name : key, depth + 1),
  );
}

function image(title: string, properties: Readonly<Record<string, unknown>>): Example {
  const all = { name: "registry.example/app:1", ...properties };
  return { title, resources: [{ type: type.registryImage, name: "image", properties: all }] };
}
