import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { User } from "../container/facts.ts";
import type { Problem } from "../lib/problems.ts";
import { referencesIn } from "../secrets/reference.ts";
import { userOf } from "../services/service.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { FileContext } from "./service-files.ts";

/** A directory of files of one service: on the host in memory, in the container mounted read-only. */
export interface FileDirectory {
  /** Path on the host, below {@link filesRoot}. */
  readonly source: string;
  /** Path in the container. */
  readonly target: string;
  /** Text by file name, with references for secrets. */
  readonly files: Readonly<Record<string, string>>;
}

/** Everything that a service finds as files. */
export interface ServiceFiles {
  readonly service: string;
  /** Owner of the files; the directories belong to root. */
  readonly user: User;
  readonly directories: readonly FileDirectory[];
  /** Names of the secrets in the files, sorted. */
  readonly secrets: readonly string[];
}

/** Where an estate's files lie on its host: memory that a reboot empties. */
export function filesRoot(estate: string): string {
  return `/run/garrison/${estate}`;
}

/** Renders the files of every service that has some. */
export function planFiles(services: readonly ServiceSpec[], context: FileContext): ServiceFiles[] {
  return services.flatMap((service) => {
    const files = Object.entries(service.files?.(context) ?? {});
    if (files.length === 0) return [];
    const targets = [...new Set(files.map(([path]) => posix.dirname(path)))].sort();
    const directories = targets.map((target) => ({
      source: `${filesRoot(context.settings.estate)}/${service.name}/${target.slice(1).replaceAll("/", "-")}`,
      target,
      files: Object.fromEntries(
        files.filter(([path]) => posix.dirname(path) === target).map(([path, text]) => [posix.basename(path), text]),
      ),
    }));
    const references = files.flatMap(([, text]) => referencesIn(text));
    const secrets = [...new Set(references.map(({ name }) => name))].sort();
    return [{ service: service.name, user: userOf(service), directories, secrets }];
  });
}

/** What cannot be delivered: every directory is a mount of its own, and lies on the host under a name made from its path. */
export function fileProblems(files: readonly ServiceFiles[]): Problem[] {
  return files.flatMap(({ service, directories }) =>
    directories.flatMap(({ source, target, files: texts }) => {
      const blank = Object.keys(texts)
        .map((name) => `${target}/${name}`)
        .find((path) => /\s/.test(path));
      const outer = directories.find((other) => target.startsWith(`${other.target}/`));
      const twin = directories.find((other) => other.source === source && other.target < target);
      const property = `services.${service}.files.${target}`;
      return [
        ...(blank === undefined
          ? []
          : [{ property: `services.${service}.files.${blank}`, found: "a blank", expected: "a path without any" }]),
        ...(outer === undefined
          ? []
          : [
              {
                property,
                found: `inside ${outer.target}, which is mounted read-only`,
                expected: "a directory beside it",
              },
            ]),
        ...(twin === undefined
          ? []
          : [
              {
                property,
                found: `the same name on the host as ${twin.target}`,
                expected: "a path that differs in more than / and -",
              },
            ]),
      ];
    }),
  );
}

/**
 * Changes when a file does or when one of its secrets is rotated, and tells nothing of a secret's value: it goes into a
 * label, so that a container whose files change is replaced, and no other.
 */
export function fingerprint({ directories, secrets }: ServiceFiles, versionOf: (secret: string) => string): string {
  const facts = [directories, secrets.map((name) => [name, versionOf(name)])];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}
