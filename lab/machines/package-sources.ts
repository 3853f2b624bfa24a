import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { debianMirror } from "../images/host-tools.ts";

/** A package source of the host, as apt itself tells it. */
interface PackageSource {
  /** `bookworm`, `bookworm-security` … */
  readonly release: string;
  readonly component: string;
  readonly site: string;
}

/** The lines of `apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)'`. */
export function parseSources(text: string): PackageSource[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(" "))
    .flatMap(([release, component, site]) =>
      release === undefined || component === undefined || site === undefined ? [] : [{ release, component, site }],
    );
}

/**
 * apt's lines for the wanted suites of Debian: where the host takes each of them from, with only the suite changed.
 *
 * @param wanted suites, the main one first; one that is made of its name and `-updates` or `-security` is looked up
 *   under the same ending, and left out where the host has none
 * @param codename of the host's own Debian
 * @param mirror of the main suite
 */
export function debianLines(
  wanted: readonly string[],
  sources: readonly PackageSource[],
  codename: string,
  mirror: string,
): string[] {
  const [main = ""] = wanted;
  return wanted.flatMap((suite) => {
    if (suite === main || suite.endsWith("-backports")) return [`deb ${mirror} ${suite} main`];
    const ending = suite.slice(main.length);
    const found = sources.find(({ release, component }) => release === codename + ending && component === "main");
    return found === undefined ? [] : [`deb ${found.site} ${suite} main`];
  });
}

/** The same, of this host. */
export async function hostDebianLines(wanted: readonly string[]): Promise<string[]> {
  const format = "$(RELEASE) $(COMPONENT) $(SITE)";
  const listed = await execa("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    reject: false,
    stdin: "ignore",
  });
  return debianLines(wanted, parseSources(listed.stdout), await debianCodename(), await debianMirror());
}

/** `bookworm` on Debian 12; empty where this is not Debian. */
export async function debianCodename(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID=debian$/m.test(release)) return "";
  return /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1] ?? "";
}

/** Settings of the host's apt that another apt needs to reach the same places: its proxies. */
export async function aptProxies(): Promise<string[]> {
  const names = ["Acquire::http::Proxy", "Acquire::https::Proxy"];
  const listed = await execa("apt-config", ["dump", "--no-empty", "--format", '%f "%v";%n', ...names], {
    reject: false,
    stdin: "ignore",
  });
  return listed.stdout.split("\n").filter((line) => line !== "");
}
