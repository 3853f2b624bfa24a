import { join, relative } from "node:path";
import ts from "typescript";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { withPublishedNames } from "./declarations.ts";
import type { PublishedPackage } from "./packages.ts";
import { scopeOf, withoutSubpaths } from "./subpaths.ts";

/** Nothing is written there: the compiler wants a name to put in front of what it hands out. */
const outDir = "/package";

/**
 * Compiles what the entries of a package reach to CommonJS, with declarations where somebody imports it.
 *
 * @returns text by path in the package
 * @throws {ProblemReport} with everything that the compiler says
 */
export function compilePackage(checkout: string, wanted: PublishedPackage): ReadonlyMap<string, string> {
  const options = compilerOptions(checkout, wanted);
  const host = publishedHost(options, join(checkout, wanted.sources), scopeOf(checkout, wanted.sources));
  const entries = wanted.entries.map((entry) => join(checkout, wanted.sources, entry));
  const program = ts.createProgram(entries, options, host);
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(
    undefined,
    (file, text) => files.set(relative(outDir, file), text),
    undefined,
    false,
    { afterDeclarations: [withPublishedNames] },
  );
  // The compiler tells the same thing from each side.
  const problems = ts
    .sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics])
    .map((diagnostic) => problemOf(diagnostic, checkout));
  if (problems.length > 0) throw new ProblemReport(`The package ${wanted.name} does not compile`, problems);
  return files;
}

/** Those of the checkout, and what makes them write files. */
function compilerOptions(checkout: string, wanted: PublishedPackage): ts.CompilerOptions {
  const file = join(checkout, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
  return {
    ...ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, checkout, {}, file).options,
    noEmit: false,
    noEmitOnError: true,
    declaration: wanted.declarations,
    outDir,
    rootDir: join(checkout, wanted.sources),
    rewriteRelativeImportExtensions: true,
    // `import` becomes `require`, which this option is there to forbid.
    verbatimModuleSyntax: false,
    // A pack's entry is plain JavaScript.
    allowJs: true,
    newLine: ts.NewLineKind.LineFeed,
  };
}

/** The folder below components and policies, of which each package has its own copy. */
const SHARED = "containment";

/**
 * The module format of a file follows from the manifest above it: here the published one, which is CommonJS, where a
 * module's own directory has another name. The shared folder lies inside the sources, as it does in the package.
 */
function publishedHost(options: ts.CompilerOptions, sources: string, scope: string): ts.CompilerHost {
  const manifest = join(sources, "package.json");
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const readFile = host.readFile.bind(host);
  const directoryExists = ts.sys.directoryExists.bind(ts.sys);
  const shared = join(sources, SHARED);
  const real = (file: string) =>
    file === shared || file.startsWith(`${shared}/`) ? join(sources, "..", relative(sources, file)) : file;
  // Changed in place, because the compiler reads sources through the host that it made.
  host.fileExists = (file) => file === manifest || fileExists(real(file));
  host.directoryExists = (path) => directoryExists(real(path));
  host.readFile = (file) => {
    if (file === manifest) return JSON.stringify({ type: "commonjs" });
    const text = readFile(real(file));
    if (text === undefined || !file.startsWith(sources)) return text;
    // One step less leads there from the same file of the package.
    return withoutSubpaths(text, file, scope)
      .replaceAll("import.meta.dirname", "__dirname")
      .replaceAll(new RegExp(`"\\.\\./(?=${SHARED}/)`, "g"), '"./')
      .replaceAll(new RegExp(`"\\.\\./(?=(?:\\.\\./)+${SHARED}/)`, "g"), '"');
  };
  return host;
}

function problemOf(diagnostic: ts.Diagnostic, checkout: string): Problem {
  const { file, start = 0 } = diagnostic;
  return {
    property: file === undefined ? "tsconfig.json" : `${relative(checkout, file.fileName)}:${placeOf(file, start)}`,
    found: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    expected: "code that compiles to CommonJS, from its own directory and the packages of package.json",
    fix: "npx tsc --noEmit",
  };
}

function placeOf(file: ts.SourceFile, start: number): string {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${String(line + 1)}:${String(character + 1)}`;
}
