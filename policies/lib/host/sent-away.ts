import { isLoopbackUrl } from "../shell/fetching.ts";
import { readAnywhere, words } from "../shell/options.ts";
import type { Call } from "../shell/script.ts";

/** Files that open a host, or what its users reach, to whoever has a copy. */
const SECRET =
  /^\/(?:etc\/(?:shadow|gshadow|sudoers|ssl\/private|wireguard|kubernetes)(?:[-/]|$)|etc\/ssh(?:\/ssh_host_\w+_key)?$|root\/?$|run\/secrets(?:\/|$)|run\/garrison(?:\/|$)|proc\/[^/]+\/environ$)|(?:^~?|\/)\.(?:ssh(?:\/(?:id_\w+)?$|$)|aws(?:\/|$)|kube(?:\/|$)|gnupg(?:\/|$)|netrc$|docker\/config\.json$)/;

const CURL = {
  valued: words("T upload-file d data data-binary data-ascii data-urlencode F form H header X request o output u user"),
};
const WGET = { valued: words("post-file body-file method header O output-document") };
const RAW = /^(?:nc|ncat|netcat|socat|telnet)$/;

/** How a command sends a secret file of the host to somebody else. */
export function sentAwayBy(call: Call): string[] {
  const files = sentBy(call).filter((path) => SECRET.test(path));
  return files.map((path) => `${path}, which ${call.name} sends away`);
}

/** The files whose content a command sends over the network. */
function sentBy({ name, argv, stdin }: Call): readonly string[] {
  const piped = stdin.paths ?? [];
  const isLocal = argv.some((word) => /^[a-z]+:\/\//i.test(word) && isLoopbackUrl(word));
  if (isLocal) return [];
  if (name === "curl") {
    const { options } = readAnywhere(argv, CURL, 1);
    const given = (names: string) => names.split(" ").flatMap((option) => options.get(option) ?? []);
    const bodies = given("d data data-binary data-ascii data-urlencode F form").flatMap((text) => {
      const at = text.indexOf("@");
      return at < 0 ? [] : [text.slice(at + 1).replace(/;.*$/, "")];
    });
    return [...bodies, ...given("T upload-file")].flatMap((path) => (/^[-.]$/.test(path) ? piped : [path]));
  }
  if (name === "wget" || name === "wget2") {
    const { options } = readAnywhere(argv, WGET, 1);
    const given = [...(options.get("post-file") ?? []), ...(options.get("body-file") ?? [])];
    return given.flatMap((path) => (/^(?:-|\/dev\/stdin)$/.test(path) ? piped : [path]));
  }
  return RAW.test(name) ? piped : [];
}
