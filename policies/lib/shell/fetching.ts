import { posix } from "node:path";

import { isLoopbackName } from "../loopback.ts";
import { readAnywhere, words } from "./options.ts";
import type { Grammar } from "./options.ts";

/** What a command line fetches, and where it is put. */
interface Fetching {
  /** A path, relative where the command says so; undefined when it goes to the output. */
  readonly file: string | undefined;
  /** From the machine itself. */
  readonly loopback: boolean;
  /** The option by which it does not look at the certificate. */
  readonly unverified: string | undefined;
  readonly urls: readonly string[];
}

const CURL: Grammar = {
  valued: words(
    "abstract-unix-socket alt-svc A user-agent b cookie c cookie-jar C continue-at cacert capath cert E cert-type ciphers config K connect-timeout " +
      "connect-to crlfile curves d data data-ascii data-binary data-raw data-urlencode delegation D dump-header dns-servers doh-url e referer engine " +
      "F form form-string ftp-port P h2-window happy-eyeballs-timeout-ms H header hostpubmd5 hostpubsha256 hsts interface ip-tos json keepalive-time " +
      "key key-type krb limit-rate local-port login-options mail-from mail-rcpt max-filesize max-redirs m max-time netrc-file noproxy o output " +
      "output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir x proxy proxy-header proxy-user U pubkey Q quote r range " +
      "rate X request request-target resolve retry retry-delay retry-max-time sasl-authzid service-name socks4 socks5 socks5-hostname Y " +
      "speed-limit y speed-time stderr t telnet-option tftp-blksize z time-cond tls-max tlsuser tlspassword T upload-file trace trace-ascii " +
      "unix-socket url u user variable w write-out",
  ),
};
const WGET: Grammar = {
  valued: words(
    "O output-document o output-file a append-output P directory-prefix U user-agent e execute i input-file B base t tries T timeout w wait Q quota " +
      "l level A accept R reject D domains I X header user password http-user http-password referer post-data post-file method body-data body-file " +
      "ca-certificate ca-directory certificate private-key limit-rate waitretry bind-address load-cookies save-cookies secure-protocol",
  ),
};
const ARIA: Grammar = { valued: words("d dir o out i input-file j x s k header ca-certificate max-tries timeout") };

/** Programs whose output comes over the network, whatever their words. */
const RAW = words(
  "nc ncat netcat socat telnet ftp tftp lynx w3m links elinks http https xh GET lwp-request lwp-download axel fetch hurl",
);

export function fetchingOf(
  name: string,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): Fetching | undefined {
  if (name === "curl") return ofCurl(argv);
  if (name === "wget" || name === "wget2") return ofWget(argv);
  if (name === "aria2c") return ofAria(argv);
  if (name === "openssl") return argv[1] === "s_client" ? ofOpenssl(argv) : undefined;
  if (!RAW.has(name)) return undefined;
  return ofOther(name, argv, environment);
}

/** A connection whose other end says what is printed; with nothing to send it is asked for its certificate. */
function ofOpenssl(argv: readonly string[]): Fetching | undefined {
  const at = argv.findIndex((word) => /^-(?:connect|host)$/.test(word));
  const address = argv[at + 1];
  if (at < 0 || address === undefined || !argv.includes("-quiet")) return undefined;
  return { urls: [address], file: undefined, loopback: isLoopbackUrl(address), unverified: undefined };
}

function ofCurl(argv: readonly string[]): Fetching | undefined {
  const { options, operands } = readAnywhere(argv, CURL, 1);
  const last = (...names: string[]) =>
    names.map((name) => options.get(name)?.at(-1)).find((value) => value !== undefined);
  const urls = [...operands, ...(options.get("url") ?? [])];
  const unverified = [...options.keys()].find(
    (name) =>
      name === "k" ||
      (name.length > 3 &&
        /^(insecure|proxy-insecure|doh-insecure)$/.test(completed(name, ["insecure", "proxy-insecure"]))),
  );
  if (urls.length === 0 && !options.has("K") && !options.has("config")) return undefined;
  const local =
    options.has("unix-socket") ||
    options.has("abstract-unix-socket") ||
    (options.get("connect-to") ?? options.get("resolve") ?? []).some((to) => isLoopbackName(hostIn(to)));
  const named = last("o", "output");
  const remote = options.has("O") || options.has("remote-name") || options.has("remote-name-all");
  const file = named ?? (remote ? lastSegment(urls[0]) : undefined);
  return {
    urls,
    file: file === undefined || file === "-" ? undefined : posix.join(last("output-dir") ?? "", file),
    loopback: local || (urls.length > 0 && urls.every(isLoopbackUrl)),
    unverified: unverified === undefined ? undefined : unverified.length === 1 ? `-${unverified}` : `--${unverified}`,
  };
}

function ofWget(argv: readonly string[]): Fetching | undefined {
  const { options, operands } = readAnywhere(argv, WGET, 1);
  if (operands.length === 0 && !options.has("i") && !options.has("input-file")) return undefined;
  const unverified = [...options].find(
    ([name, values]) =>
      ("no-check-certificate".startsWith(name) && name.length > "no-c".length) ||
      (name === "check-certificate" && /^(off|no|quiet)$/.test(values.at(-1) ?? "")),
  );
  const execute = (options.get("e") ?? options.get("execute") ?? []).find((text) =>
    /check_?certificate\s*=\s*off/i.test(text),
  );
  const named = options.get("O")?.at(-1) ?? options.get("output-document")?.at(-1);
  const directory = options.get("P")?.at(-1) ?? options.get("directory-prefix")?.at(-1) ?? "";
  return {
    urls: operands,
    file:
      named === "-" || named === "/dev/stdout"
        ? undefined
        : posix.join(named === undefined ? directory : "", named ?? lastSegment(operands[0]) ?? "index.html"),
    loopback: operands.length > 0 && operands.every(isLoopbackUrl),
    unverified: unverified !== undefined ? `--${unverified[0]}` : execute,
  };
}

function ofAria(argv: readonly string[]): Fetching | undefined {
  const { options, operands } = readAnywhere(argv, ARIA, 1);
  if (operands.length === 0 && !options.has("i")) return undefined;
  const named = options.get("o")?.at(-1) ?? options.get("out")?.at(-1) ?? lastSegment(operands[0]) ?? "";
  return {
    urls: operands,
    file: posix.join(options.get("d")?.at(-1) ?? options.get("dir")?.at(-1) ?? "", named),
    loopback: operands.length > 0 && operands.every(isLoopbackUrl),
    unverified: options.get("check-certificate")?.at(-1) === "false" ? "--check-certificate=false" : undefined,
  };
}

function ofOther(
  name: string,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): Fetching | undefined {
  const operands = argv.slice(1).filter((word) => !word.startsWith("-"));
  // A listener, or a socket of the machine's own.
  const isListening =
    /^(nc|ncat|netcat|socat)$/.test(name) && argv.some((word) => /^-\w*[lU]|LISTEN|^UNIX/i.test(word));
  if (operands.length === 0 || isListening) return undefined;
  const unverified =
    argv.find((word) => /^--verify=(no|false)$|^--insecure$/.test(word)) ??
    (environment.get("HTTPIE_INSECURE") === undefined ? undefined : "HTTPIE_INSECURE");
  const output = argv.findIndex((word) => /^(-o|--output)$/.test(word));
  return {
    urls: operands,
    file: output > 0 && argv[output + 1] !== "-" ? argv[output + 1] : undefined,
    loopback: operands.some((word) => isLoopbackUrl(word)),
    unverified: /^(https?|xh)$/.test(name) ? unverified : undefined,
  };
}

/** An option in full of which a beginning was given. */
function completed(name: string, all: readonly string[]): string {
  return all.find((one) => one.startsWith(name)) ?? name;
}

function lastSegment(url: string | undefined): string | undefined {
  const path = url?.replace(/^[a-z+]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  const segment = path?.split("/").findLast((one) => one !== "");
  return segment;
}

function hostIn(connectTo: string): string {
  const parts = connectTo.split(":");
  return parts.at(-2) === undefined || parts.length < 3
    ? ""
    : /^\d+$/.test(parts.at(-1) ?? "")
      ? (parts.at(-2) ?? "")
      : (parts.at(-1) ?? "");
}

export function isLoopbackUrl(url: string): boolean {
  if (/^(file|unix):/i.test(url)) return true;
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? "";
  return isLoopbackName(host);
}
