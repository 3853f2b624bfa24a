import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { buildPackages } from "../package/build.ts";
import type { Tarball } from "../package/build.ts";

interface PackageOptions {
  readonly out: string;
  readonly json?: true;
}

/** `npm run package [-- --out <dir>] [--json]`: components and policies as npm packages for other programs. */
export function register(program: Command): void {
  program
    .command("package")
    .description("make the npm packages garrison and garrison-policies, for other Pulumi programs to install")
    .option("--out <dir>", "where the tarballs go", resolve(checkout, "dist"))
    .option("--json", "print paths, sizes and versions as JSON")
    .action(async ({ out, json }: PackageOptions) => {
      const tarballs = await withProgress("Making packages", (progress) =>
        buildPackages(checkout, resolve(out), (name) => {
          progress.update(name);
        }),
      );
      if (json === true) console.log(JSON.stringify(tarballs, null, 2));
      else report(tarballs);
    });
}

function report(tarballs: readonly Tarball[]): void {
  const width = Math.max(...tarballs.map(({ name }) => name.length));
  for (const { name, version, file, bytes } of tarballs) {
    console.log(`${name.padEnd(width)}  ${version}  ${String(Math.ceil(bytes / 1024))} KiB  ${shown(file)}`);
  }
  console.log(`To use them in a Pulumi program: npm install ${tarballs.map(({ file }) => file).join(" ")}`);
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}
