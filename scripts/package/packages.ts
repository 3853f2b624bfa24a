/** One npm package that is made from a directory of the checkout. */
export interface PublishedPackage {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** Directory of the sources, beside `containment`; the package has the same layout, and a `containment` of its own. */
  readonly sources: string;
  /** Entry points below `sources`. What they import comes along, and nothing else. */
  readonly entries: readonly string[];
  /** Whether anybody imports it, and so needs its types. */
  readonly declarations: boolean;
  /** Files that are taken as they are: name in the package to path in the checkout. */
  readonly files: Readonly<Record<string, string>>;
  /** Packages that it needs without importing them. */
  readonly alsoNeeds: readonly string[];
  /** Pulumi's packages that only some of its users need. */
  readonly optional: readonly string[];
  /** How others find what is in it. */
  readonly entryPoints: Readonly<Record<string, unknown>>;
}

/** What `npm run package` makes. */
export const publishedPackages: readonly PublishedPackage[] = [
  {
    name: "garrison",
    description: "Hardened Docker containers, isolated networks and whole machines of them, as Pulumi components.",
    keywords: ["pulumi", "docker", "hardening", "containment", "ai-agents"],
    sources: "components",
    entries: ["index.ts", "estate/cli.ts"],
    declarations: true,
    files: { LICENSE: "LICENSE", "README.md": "scripts/package/readme/garrison.md" },
    alsoNeeds: [],
    // For machines that a stack makes in Azure: it is loaded by them alone.
    optional: ["@pulumi/azure-native"],
    entryPoints: {
      bin: { garrison: "estate/cli.js" },
      // For resolvers that do not read `exports`: TypeScript's "node", Pulumi's own look-up of packages.
      main: "./index.js",
      types: "./index.d.ts",
      exports: {
        ".": { types: "./index.d.ts", default: "./index.js" },
        "./package.json": "./package.json",
      },
    },
  },
  {
    name: "garrison-policies",
    description: "Containment rules for any Pulumi program that runs Docker containers: a policy pack.",
    keywords: ["pulumi", "policy-pack", "docker", "hardening", "containment"],
    sources: "policies",
    entries: ["index.cjs", "explain.cjs"],
    declarations: false,
    files: {
      LICENSE: "LICENSE",
      "PulumiPolicy.yaml": "policies/PulumiPolicy.yaml",
      "config/baseline.json": "policies/config/baseline.json",
      "config/strict.json": "policies/config/strict.json",
      "README.md": "scripts/package/readme/garrison-policies.md",
      "declarations.schema.json": "policies/declarations.schema.json",
    },
    // The engine looks for the SDK's pack runner from the pack's own directory.
    alsoNeeds: ["@pulumi/pulumi"],
    optional: [],
    entryPoints: { main: "./index.cjs" },
  },
];
