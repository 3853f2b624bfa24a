import { contentOf } from "./effects.ts";
import type { Desk } from "./effects.ts";
import { isLoopbackUrl } from "./fetching.ts";
import type { Call } from "./script.ts";
import { unchecked } from "./script.ts";

/** Which words of a package manager's command line ask it to install something that is named by file or address. */
const INSTALLS: ReadonlyMap<string, RegExp> = new Map([
  ["dpkg", /^(-\w{0,20}i\w{0,20}|--install|--unpack|-\w{0,20}R)$/],
  ["gdebi", /./],
  ["rpm", /^(-\w{0,20}[iUF]\w{0,20}|--install|--upgrade|--freshen)$/],
  ["apt", /^(install|reinstall)$/],
  ["apt-get", /^(install|reinstall)$/],
  ["aptitude", /^install$/],
  ["yum", /^(install|localinstall|upgrade|update)$/],
  ["dnf", /^(install|localinstall|upgrade)$/],
  ["microdnf", /^install$/],
  ["tdnf", /^install$/],
  ["zypper", /^(in|install)$/],
  ["apk", /^add$/],
  ["pacman", /^-\w{0,20}U\w{0,20}$/],
  ["snap", /^(install|--dangerous)$/],
  ["pip", /^install$/],
  ["pip3", /^install$/],
  ["pipx", /^(install|run)$/],
  ["uv", /^(install|add|run)$/],
  ["uvx", /./],
  ["cargo", /^install$/],
  ["npm", /^(i|install|add)$/],
  ["yarn", /^(add|global)$/],
  ["pnpm", /^(add|install|i)$/],
  ["gem", /^install$/],
  ["java", /^-jar$/],
  ["helm", /^plugin$/],
  ["insmod", /./],
  ["installer", /^-pkg$/],
  ["docker", /^(load|import)$/],
  ["podman", /^(load|import)$/],
  ["crontab", /./],
  ["at", /^-f$/],
  ["alien", /^-\w*i/],
]);

/** Programs that build or run what lies in a directory, by the words that ask for it. */
const BUILDS: ReadonlyMap<string, RegExp> = new Map([
  ...["make", "gmake", "ninja", "rake", "just", "ant", "mvn", "gradle", "gradlew", "tox", "scons"].map(
    (name) => [name, /^/] as const,
  ),
  ["cmake", /^--build$|^--install$/],
  ["meson", /^(?:setup|compile|install)$/],
  ["cargo", /^(?:build|install|run|test|bench)$/],
  ["go", /^(?:build|install|run|test|generate)$/],
  ["npm", /^(?:ci|i|install|run|start|test|exec)$/],
  ["pnpm", /^(?:i|install|run|start|test|exec)$/],
  ["yarn", /^(?:install|run|start|test)$/],
  ["bundle", /^(?:install|exec)$/],
  ["composer", /^(?:install|update)$/],
  ["poetry", /^(?:install|run|build)$/],
  ["bazel", /^(?:build|run|test)$/],
  ["ansible-playbook", /^/],
]);
/** Options by which such a program is told where. */
const WHERE = /^(?:-C|--directory|--prefix|--manifest-path|--build|--install|-S|-B|-f|--file|--cwd|--source-dir)$/;

const PINNED = /@[0-9a-f]{40}\b|#sha(256|512)=|sha512-/i;

/** Says how a command puts an unread download to use, or undefined. */
export function installedBy(call: Call, desk: Desk): string | undefined {
  const { name, argv, stdin } = call;
  const operands = argv.slice(1).filter((word) => !word.startsWith("-"));
  const isUnread = (path: string) => unchecked(contentOf(path, desk) ?? { fetched: [] }).length > 0;
  if (name === "chmod" && isExecutable(operands[0] ?? "")) {
    return operands.slice(1).some((path) => isUnread(path) && !isDirectory(path, desk))
      ? "a download that is made a program unread"
      : undefined;
  }
  if (name === "install" && !argv.includes("-d") && isExecutable(modeOf(argv) ?? "755")) {
    return operands.some(isUnread) ? "a download that is made a program unread" : undefined;
  }
  const builds = BUILDS.get(name);
  if (builds !== undefined && (argv.length === 1 ? builds.test("") : argv.slice(1).some((word) => builds.test(word)))) {
    const named = argv.filter((_, index) => WHERE.test(argv[index - 1] ?? ""));
    const places = [".", ...named, ...operands];
    if (places.some((place) => isUnread(`${place}/x`))) return "a download that is built and run unread";
  }
  if (/^(?:bsd)?tar$|^unzip$|^7z$|^cpio$/.test(name)) {
    const source = operands.some(isUnread) || unchecked(stdin).length > 0;
    return source && OF_SYSTEM.test(unpackedInto(argv, desk))
      ? "a download that is unpacked among the system's programs unread"
      : undefined;
  }
  const asks = INSTALLS.get(name);
  if (asks === undefined || !argv.slice(1).some((word) => asks.test(word))) return undefined;
  if (name === "crontab")
    return unchecked(stdin).length > 0 || operands.some(isUnread) ? "a download that cron runs unread" : undefined;
  const addressed = operands.filter(
    (word) =>
      /^(git\+)?(https?|ftp|git):\/\//i.test(word) && !PINNED.test(word) && !isLoopbackUrl(word.replace(/^git\+/, "")),
  );
  // A commit that stands beside the address.
  const isPinned = argv.some(
    (word, index) => /^--rev(=|$)/.test(word) && /[0-9a-f]{40}/.test(word + (argv[index + 1] ?? "")),
  );
  const isFlagValue = (word: string) =>
    /^(-i|--index-url|--extra-index-url|--registry|--proxy|-f|--find-links|--trusted-host|--repo|-r|--source|--server|-s)$/.test(
      argv[argv.indexOf(word) - 1] ?? "",
    );
  const installed = isPinned ? [] : addressed.filter((word) => !isFlagValue(word));
  const isPiped = /^(docker|podman)$/.test(name) && unchecked(stdin).length > 0;
  return installed.length > 0 || isPiped || operands.some((path) => isUnread(path) || isUnread(`${path}/x`))
    ? "a download that is installed unread"
    : undefined;
}

/** Where the system finds programs by their names, and what lies around it. */
const OF_SYSTEM = /^\/(?:(?:usr|usr\/local|etc)(?:\/|$)|s?bin(?:\/|$)|lib(?:64)?(?:\/|$)|$)/;

function unpackedInto(argv: readonly string[], desk: Desk): string {
  const at = argv.findIndex((word) => /^(?:-C|--directory|-d)$/.test(word));
  const joined = argv.find((word) => /^(?:-C.|--directory=)/.test(word))?.replace(/^(?:-C|--directory=)/, "");
  return desk.path(joined ?? (at > 0 ? argv[at + 1] : undefined) ?? ".");
}

function isDirectory(path: string, desk: Desk): boolean {
  return desk.files.has(`${desk.path(path)}/**`);
}

function modeOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => /^(-m|--mode)$/.test(word));
  return at > 0 ? argv[at + 1] : argv.find((word) => /^(-m.|--mode=)/.test(word))?.replace(/^(-m|--mode=)/, "");
}

/** Whether a mode lets somebody run the file. */
function isExecutable(mode: string): boolean {
  if (/^[0-7]+$/.test(mode)) return /[1357]/.test(mode.slice(-3));
  return /[+=][rwst]*x/i.test(mode);
}
