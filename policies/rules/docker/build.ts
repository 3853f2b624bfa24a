import { flawsOfDockerfile, isUnpinnedRemote } from "#lib/dockerfile.ts";
import { buildOf } from "#lib/image-builds.ts";
import { show } from "#lib/properties.ts";
import type { Properties } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { dangerOf } from "../../../containment/host-path.ts";
import { isSystemCgroup } from "../../../containment/limits.ts";
import { flawOfHost } from "../../../containment/name-owners.ts";

/** Flags and settings of BuildKit that let a build out. */
const ENTITLED = /security\.insecure|network\.host|oci-worker-net[=\s]+host|no-process-sandbox/i;
const UNCHECKED_REGISTRY = /^[ \t\f\v]*(?:insecure|http)\s*=\s*true\b/im;

export const rule: Rule = {
  id: "docker.build",
  title: "An image is built from known files, and its build stays in its container.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.9", "OWASP ASI04", "OWASP ASI05"],
  why: "A build runs other people's commands: on the host's network it reaches what the host reaches, and files from somewhere else are whatever lies there that day.",
  fix: "Build from a local directory, or from a repository with its commit behind `#`; leave the network and the entitlements at their defaults.",
  waivable: "by-label",
  types: [type.remoteImage, type.registryImage, type.image, type.buildImage, type.builder],
  check: (resource) => (resource.type === type.builder ? ofBuilder(resource.properties) : ofBuild(resource)),
  examples: {
    good: [
      build("A local directory", { context: "./app", dockerfile: "Dockerfile" }),
      build("A commit", { context: `https://git.example/team/app.git#${"0123456789".repeat(4)}:server` }),
      build("No network", { context: ".", networkMode: "none", extraHosts: ["db.internal:10.0.0.5"] }),
      buildx("A Dockerfile in the program", {
        context: { location: "." },
        dockerfile: { inline: "FROM alpine:3.22\nRUN apk add --no-cache curl\nCOPY app /app\n" },
      }),
      builder("A plain builder", { driver: "docker-container", bootstrap: true }),
    ],
    bad: [
      build("On the host's network", { context: ".", networkMode: "host" }),
      build("An archive from somewhere", { context: ".", remoteContext: "http://192.0.2.9/ctx.tar" }),
      build("A repository, whatever its branch holds", { context: "https://git.example/somebody/else.git#main" }),
      build("A directory of an image, by its tag", { additionalContexts: ["base=docker-image://example/base:1"] }),
      build("A name led elsewhere", { context: ".", extraHosts: ["codeload.github.com:192.0.2.9"] }),
      build("Without its profile", { context: ".", securityOpts: ["seccomp=unconfined"] }),
      build("Among the system's own processes", { context: ".", cgroupParent: "/system.slice" }),
      buildx("On the host's network, by buildx", { context: { location: "." }, network: "host" }),
      buildx("A Dockerfile that adds a file unchecked", {
        dockerfile: { inline: "FROM alpine:3.22\nADD https://example.org/tool /usr/local/bin/tool\n" },
      }),
      builder("A builder with insecure entitlements", {
        buildkitFlags: "--allow-insecure-entitlement security.insecure",
      }),
      builder("A builder on the host's network", { driverOptions: { network: "host" } }),
    ],
  },
};

function ofBuild(resource: Resource): Finding[] {
  const own = buildOf(resource);
  if (own === undefined) return [];
  return [
    ...own.networks
      .filter(({ value }) => /^(?:host$|container:)/i.test(value.trim()))
      .map(({ path, value }) => finding(path, show(value), '"none", or not set')),
    ...own.contexts
      .filter(({ value }) => isUnpinnedRemote(value))
      .map(({ path, value }) =>
        finding(path, `${show(withoutLogin(value))}, which can be other files tomorrow`, SOURCE),
      ),
    ...own.contexts
      .filter(({ value }) => value.startsWith("/") && dangerOf(value, { readOnly: true }) !== undefined)
      .map(({ path, value }) => finding(path, `${show(value)}, the host's own files`, "the program's own directory")),
    ...own.hosts.flatMap(({ path, value }) => {
      const [, name = "", address = ""] = /^([^:=]*)[:=](.*)$/.exec(value) ?? [];
      const flaw = flawOfHost(name, address);
      return flaw === undefined ? [] : [finding(path, `${show(value)}: ${flaw}`, "the name's own address")];
    }),
    ...own.securityOpts
      .filter(({ value }) => /[=:](?:unconfined|insecure|disable)$/i.test(value.trim()))
      .map(({ path, value }) => finding(path, show(value), "the option left out")),
    ...own.cgroupParents
      .filter(({ value }) => isSystemCgroup(value))
      .map(({ path, value }) => finding(path, `${show(value)}, a control group of the system`, "the option left out")),
    ...own.dockerfiles.flatMap(({ path, value }) =>
      flawsOfDockerfile(value).map((flaw) => finding(path, flaw, "a line without it")),
    ),
    ...own.exports
      .filter(({ value }) => value.startsWith("/") && dangerOf(value, { readOnly: false }) !== undefined)
      .map(({ path, value }) => finding(path, `${show(value)}, a directory of this machine`, "a directory of its own")),
  ];
}

const SOURCE = "a local directory, or a repository with its commit behind #";

function ofBuilder(properties: Properties): Finding[] {
  const flags = ["buildkitFlags", "buildkitConfig"].flatMap((name) => {
    const value = properties.text(name) ?? "";
    const found = ENTITLED.exec(value)?.[0] ?? UNCHECKED_REGISTRY.exec(value)?.[0].trim();
    return found === undefined ? [] : [finding(properties.path(name), found, "no such entitlement or registry")];
  });
  const networks = ["driverOptions", "dockerContainer"]
    .map((name) => properties.object(name))
    .filter((holder) => /^(?:host$|container:)/i.test((holder.text("network") ?? "").trim()))
    .map((holder) => finding(holder.path("network"), show(holder.text("network")), "a network of its own"));
  return [...flags, ...networks, ...unencrypted(properties)];
}

function unencrypted(properties: Properties): Finding[] {
  const endpoint = properties.text("endpoint") ?? "";
  const isCertified = ["cert", "key"].every((name) => (properties.object("remote").text(name) ?? "") !== "");
  if (!/^(?:tcp|http):\/\//i.test(endpoint) || isCertified || properties.isUnknown("remote")) return [];
  return [finding("endpoint", `${show(endpoint)}, without a certificate`, "ssh://, or a client certificate")];
}

function withoutLogin(address: string): string {
  return address.replace(/\/\/[^@/]*@/, "//");
}

function finding(property: string, found: string, expected: string): Finding {
  return { property, found, expected };
}

function build(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return example(title, type.remoteImage, { name: "example:1", build: properties });
}

function buildx(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return example(title, type.buildImage, { tags: ["registry.example/app:1"], ...properties });
}

function builder(title: string, properties: Readonly<Record<string, unknown>>): Example {
  return example(title, type.builder, { name: "builder", ...properties });
}

function example(title: string, token: string, properties: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [{ type: token, name: "built", properties }] };
}
