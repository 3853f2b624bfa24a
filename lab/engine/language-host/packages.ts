import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";

const manifestSchema = z.object({
  name: z.string(),
  version: z.string().default(""),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  pulumi: z
    .object({
      resource: z.boolean().default(false),
      name: z.string().optional(),
      version: z.string().optional(),
      server: z.string().optional(),
    })
    .optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

interface RequiredPlugin {
  readonly name: string;
  readonly version: string;
  readonly server: string;
}

interface Dependency {
  readonly name: string;
  readonly version: string;
}

/**
 * The provider plugins that the program's packages ask for and that are not in the engine's home. The engine
 * downloads what is returned here, which is right for an official plugin and wrong for one of the lab's.
 */
export function missingPlugins(directory: string, home: string | undefined): RequiredPlugin[] {
  return installedPackages(directory)
    .flatMap((manifest) => requiredPlugin(manifest) ?? [])
    .filter((plugin) => home === undefined || !existsSync(pluginDirectory(home, plugin)));
}

/** The program's npm dependencies for `pulumi about`: the direct ones, or all. */
export function programDependencies(directory: string, transitive: boolean): Dependency[] {
  const own = readManifest(join(directory, "package.json"));
  const direct = new Set(Object.keys({ ...own?.devDependencies, ...own?.dependencies }));
  return installedPackages(directory).filter(({ name }) => transitive || direct.has(name));
}

function pluginDirectory(home: string, plugin: RequiredPlugin): string {
  return join(home, "plugins", `resource-${plugin.name}-${plugin.version}`);
}

function requiredPlugin({ name, version, pulumi }: Manifest): RequiredPlugin | undefined {
  if (pulumi?.resource !== true) return undefined;
  const tag = pulumi.version ?? version;
  return {
    name: pulumi.name ?? name.replace(/^@[^/]+\//, ""),
    version: tag.startsWith("v") ? tag : `v${tag}`,
    server: pulumi.server ?? "",
  };
}

/** Every package that the program can see: the node_modules of its directory and of those above, without nested ones. */
function installedPackages(directory: string): Manifest[] {
  const seen = new Set<string>();
  return ancestors(resolve(directory))
    .flatMap((parent) => packageDirectories(join(parent, "node_modules")))
    .flatMap((location) => {
      const real = realpathSync(location);
      if (seen.has(real)) return [];
      seen.add(real);
      return readManifest(join(real, "package.json")) ?? [];
    });
}

function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

function packageDirectories(modules: string): string[] {
  return list(modules).flatMap((name) => {
    const location = join(modules, name);
    return name.startsWith("@") ? list(location).map((scoped) => join(location, scoped)) : [location];
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith("."));
  } catch {
    return []; // no such directory, or a file: nothing is installed there
  }
}

function readManifest(file: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined; // not a package
  }
}
