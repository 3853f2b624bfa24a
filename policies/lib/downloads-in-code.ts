import { oneBlank } from "../../containment/blanks.ts";
import { isLoopbackUrl } from "./shell/fetching.ts";
import type { Code } from "./shell/script.ts";
import { unchecked } from "./shell/script.ts";

const FETCHES =
  /urlopen|urlretrieve|requests\.(?:get|post)|httpx\.get|https?\.get\s*\(|require\(\s*["'](?:node:)?(?:https?|net|tls)["']|\bget\s{0,9}\(?\s{0,9}["']https?:|\bfetch\s*\(|axios|\bgot\s*\(|LWP|HTTP::Tiny|open-uri|URI\.open|Net::HTTP|file_get_contents\s*\(\s*["']http|curl_exec|http\.client|DownloadString|DownloadFile|DownloadData|Invoke-WebRequest|Invoke-RestMethod|Start-BitsTransfer|\b(?:iwr|irm|wget|curl)\b|socket\.(?:socket|create_connection)|net\.connect|TCPSocket|IO::Socket|TcpClient/i;
const RUNS =
  /\bexec(?:file|Sync|FileSync)?\s*\(|\bexecfile\b|\beval\b|os\.(?:system|popen|exec\w+)|subprocess|child_process|new Function|vm\.run|\bsystem\b|Invoke-Expression|\biex\b|Start-Process|instance_eval|compile\s*\(|pty\.spawn|runpy|\bspawn\b|__import__|import_module|&\s*["'.\\]|msiexec|\.\\[\w.-]+\.(?:ps1|exe|msi)|importlib|marshal\.loads|pickle\.loads/i;
const COMPARES = /hashlib|sha(?:1|256|384|512)|Digest::|createHash|Get-FileHash|Get-AuthenticodeSignature/i;
const UNVERIFIED =
  /_create_unverified_context|CERT_NONE|verify\s*=\s*False|rejectUnauthorized["']?\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED["'\]]*\s*=\s*["']?0|SSL_VERIFY_NONE|VERIFY_NONE|verify_hostname\s*=>\s*0|-SkipCertificateCheck|ServerCertificateValidationCallback|InsecureSkipVerify/;

/** A line or two, in which what is fetched is what is run; a longer program may do both for reasons of its own. */
const SHORT = 700;

export function downloadsIn({ text: given, stdin }: Code): string[] {
  const text = oneBlank(given);
  const urls = [...text.matchAll(/\b(?:https?|ftp):\/\/[^\s'"`)<>]+/gi)].map(([url]) => url);
  const isLocal = urls.length > 0 && urls.every(isLoopbackUrl);
  if (isLocal) return [];
  const near = text.length <= SHORT || nested(text);
  const runs = near && FETCHES.test(text) && RUNS.test(text) && !COMPARES.test(text);
  const runsInput =
    /\b(?:exec|eval)\b[^]{0,80}(?:stdin|STDIN|readFileSync\(0)/.test(text) && unchecked(stdin).length > 0;
  return [
    ...(runs || runsInput ? ["a download that a program runs unread"] : []),
    ...(text.length <= SHORT && UNVERIFIED.test(text) && FETCHES.test(text)
      ? ["a program that looks at no certificate"]
      : []),
  ];
}

/** `exec(urlopen(…))` and its like, on one line. */
function nested(text: string): boolean {
  return text
    .split("\n")
    .some(
      (line) =>
        line.length < 2000 && FETCHES.test(line) && /\b(?:exec|eval|iex|Invoke-Expression|system)\b/i.test(line),
    );
}
