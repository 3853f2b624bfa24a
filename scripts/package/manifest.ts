import { isBuiltin } from "node:module";
import ts from "typescript";
import { z } from "zod";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { PublishedPackage } from "./packages.ts";

const repositorySchema = z.object({
  version: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

/** What a package takes over from the checkout's package.json. */
export type RepositoryManifest = z.infer<typeof repositorySchema>;

export function parseRepositoryManifest(json: string): RepositoryManifest {
  return repositorySchema.parse(JSON.parse(json));
}

/** The published package.json. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * The manifest of a package whose files are compiled.
 *
 * Its dependencies are what the files import. Pulumi's own are peers, because a program and its components must share one
 * SDK: from the version that the checkout was tested with to the next major one. Everything else is the checkout's pin.
 *
 * @throws {ProblemReport} naming every import that the checkout's package.json does not bring at run time
 */
export function publishedManifest(
  wanted: PublishedPackage,
  repository: RepositoryManifest,
  files: ReadonlyMap<string, string>,
): PublishedManifest {
  const needed = [...new Set([...importedPackages(files), ...wanted.alsoNeeds])].sort();
  refuseUnknown(wanted, repository, needed);
  const pins = needed.map((name) => [name, repository.dependencies[name] ?? ""] as const);
  const peers = pins.filter(([name]) => isPulumi(name)).map(([name, version]) => [name, `^${version}`] as const);
  const own = pins.filter(([name]) => !isPulumi(name));
  const optional = wanted.optional.filter((name) => needed.includes(name));
  return {
    name: wanted.name,
    version: repository.version,
    description: wanted.description,
    keywords: wanted.keywords,
    license: repository.license,
    type: "commonjs",
    ...wanted.entryPoints,
    engines: repository.engines,
    ...(own.length > 0 && { dependencies: Object.fromEntries(own) }),
    ...(peers.length > 0 && { peerDependencies: Object.fromEntries(peers) }),
    ...(optional.length > 0 && {
      peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
    }),
  };
}

/** Every package that the files name, in code or in types. */
export function importedPackages(files: ReadonlyMap<string, string>): string[] {
  const specifiers = [...files.values()].flatMap((text) =>
    ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
  );
  const packages = specifiers
    .filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(packages)].sort();
}

function isPulumi(name: string): boolean {
  return name.startsWith("@pulumi/");
}

function refuseUnknown(wanted: PublishedPackage, repository: RepositoryManifest, needed: readonly string[]): void {
  const unknown = needed.filter((name) => !Object.hasOwn(repository.dependencies, name));
  if (unknown.length === 0) return;
  throw new ProblemReport(
    `The package ${wanted.name} imports what its users would not get`,
    unknown.map((name) => ({
      property: `${wanted.sources}: import of ${name}`,
      found: "no such entry in the dependencies of package.json",
      expected: "a pinned dependency, no development dependency",
      fix: `npm install --save-exact ${name}`,
    })),
  );
}
