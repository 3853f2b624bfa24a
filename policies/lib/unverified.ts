import { believesAnybody } from "../../containment/certificates.ts";
import { fetchingOf, isLoopbackUrl } from "./shell/fetching.ts";
import type { Call, WrittenFile } from "./shell/script.ts";

/** How a program is told not to look at who sends: by an option, and where it stands. */
interface Way {
  readonly programs: RegExp;
  readonly option: RegExp;
  /** Words that must be there too. */
  readonly among?: RegExp;
}

const NO = "(?:false|0|no|off)";

const WAYS: readonly Way[] = [
  { programs: /^git$/, option: new RegExp(`^http(?:\\..+)?\\.sslverify(?:=${NO})$`, "i") },
  { programs: /^git$/, option: /^http(?:\..+)?\.sslverify$/i, among: new RegExp(`^config\\b.*\\s${NO}$`, "i") },
  {
    programs: /^(apt|apt-get|aptitude)$/,
    option: /^--allow-unauthenticated$|^--force-yes$|^--allow-insecure-repositories$/,
  },
  {
    programs: /^(apt|apt-get|aptitude)$/,
    option:
      /(AllowInsecureRepositories|AllowUnauthenticated)=(true|1|yes)|Verify-Peer=(false|0|no)|Verify-Host=(false|0|no)/i,
  },
  { programs: /^(yum|dnf|microdnf|tdnf)$/, option: /^--nogpgcheck$|^--no-gpgchecks?$|sslverify=(0|false|no)/i },
  { programs: /^snap$/, option: /^--dangerous$/ },
  {
    programs: /^gem$/,
    option: /^(-s|--(?:clear-)?sources?)(=|$)/,
    among: /(?:-s|--(?:clear-)?sources?)[= ]http:\/\/(?!localhost|127\.)/,
  },
  { programs: /^zypper$/, option: /^--no-gpg-checks$/ },
  { programs: /^rpm$/, option: /^--nosignature$|^--nodigest$/ },
  { programs: /^apk$/, option: /^--allow-untrusted$|^--no-verify$/ },
  { programs: /^(pip3?(\.\d+)?|python[\d.]*|pipx|uv)$/, option: /^--trusted-host(=|$)|^--allow-insecure-host(=|$)/ },
  {
    programs: /^(pip3?(\.\d+)?|python[\d.]*|pipx|uv)$/,
    option: /^(-i|-f|--((extra|default)-)?index(-url)?|--find-links)(=|$)/,
    among: /(?:^|\s)(-i|-f|--((extra|default)-)?index(-url)?|--find-links)[= ]http:\/\/(?!localhost|127\.)/,
  },
  {
    programs: /^(npm|npx|yarn|pnpm|bun)$/,
    option: /^--registry(=|$)/,
    among: /--registry[= ]http:\/\/(?!localhost|127\.)/,
  },
  { programs: /^(npm|yarn|pnpm|bower)$/, option: /^--(no-strict-ssl|strict-ssl=(false|0))$/ },
  { programs: /^(npm|yarn|pnpm)$/, option: /^strict-ssl(=false)?$/, among: /\bconfig\b.*\bset\b.*false$/ },
  { programs: /^(npm|yarn|pnpm)$/, option: /^strict-ssl=false$/ },
  { programs: /^composer$/, option: /^(--disable-tls|disable-tls|secure-http)$/, among: /.*/ },
  { programs: /^conda$/, option: /^ssl_verify$/, among: /false$/i },
  {
    programs: /^(skopeo|podman|buildah|crictl)$/,
    option: /^--(src-|dest-)?tls-verify=(false|0|f)$|^--(src-|dest-)?tls-verify$/,
    among: /tls-verify(=|\s+)(false|0|f)\b/,
  },
  {
    programs: /^(nerdctl|crane|ctr|oras|helm)$/,
    option:
      /^--(insecure-registry|insecure|skip-verify|plain-http|insecure-skip-tls-verify|tls-skip-verify|k)(=true)?$/,
  },
  { programs: /^(kubectl|oc|helm|argocd|k3s)$/, option: /^--insecure-skip-tls-verify(=true|=1)?$/ },
  { programs: /^(dockerd|containerd)$/, option: /^--insecure-registry(=|$)/ },
  { programs: /^(aws)$/, option: /^--no-verify-ssl$/ },
  { programs: /^(vault|consul|nomad)$/, option: /^-?-tls-skip-verify(=true)?$/ },
  { programs: /^(rclone|restic|mc|gsutil|s3cmd)$/, option: /^--(no-check-certificate|insecure-tls|insecure)(=true)?$/ },
  { programs: /^(ansible-galaxy)$/, option: /^(-c|--ignore-certs)$/ },
  { programs: /^(lftp)$/, option: /ssl:verify-certificate\s+(no|false)/ },
  { programs: /^(gem)$/, option: /ssl_verify_mode:?\s*0/ },
  { programs: /^openssl$/, option: /^-verify_return_error=0$/ },
  { programs: /^(http|https|xh)$/, option: /^--verify=(no|false)$/ },
  { programs: /^(iwr|irm|invoke-webrequest|invoke-restmethod)$/i, option: /^-SkipCertificateCheck$/i },
];

/** Settings in files, by the files' names. */
const SETTINGS: readonly (readonly [RegExp, RegExp])[] = [
  [/(^|\/)\.?curlrc$/, /^[ \t\f\v]*-{0,2}(insecure|k)\s*$/m],
  [/(^|\/)(\.?wgetrc|wget2?rc)$/, /check_?certificate\s*=\s*off/i],
  [/(^|\/)(\.gitconfig|gitconfig|\.git\/config)$/, /sslverify\s*=\s*(false|0|no|off)/i],
  [/(^|\/)(pip\.conf|pip\.ini)$/, /trusted-host\s*=/],
  [/(^|\/)\.?npmrc$/, /strict-ssl\s*=\s*false/],
  [
    /apt\/.*sources.*|\.list$|\.sources$/,
    /\[[^\]]*trusted=yes[^\]]*\]\s+(?!file:|https?:\/\/(localhost|127\.))|^Trusted:\s*yes/m,
  ],
  [
    /apt\/apt\.conf/,
    /(AllowUnauthenticated|AllowInsecureRepositories)["']?\s+["']?(true|1|yes)|Verify-Peer["']?\s+["']?(false|0)/i,
  ],
  [
    /yum\.repos\.d|(yum|dnf)\.conf$/,
    /sslverify\s*=\s*(0|false|no)|(?=[^]*gpgcheck\s*=\s*(0|false|no))[^]*baseurl\s*=\s*http:/i,
  ],
  [/docker\/daemon\.json$/, /"insecure-registries"\s*:\s*\[\s*"(?!localhost|127\.)/],
  [/registries\.conf/, /insecure\s*=\s*true/],
];

const CHANGING = /^(echo|printf|grep|cat|sed|awk|true|:|test|\[|man|help|logger)$/;

/** The options by which a command is told not to look at who sends what it fetches. */
export function unverifiedBy(call: Call): string[] {
  const { name, argv, environment } = call;
  const fetching = fetchingOf(name, argv, environment);
  if (fetching?.unverified !== undefined && !fetching.loopback) return [`${name} without a look at the certificate`];
  const assigned = name === "" || name === "export" ? argv.flatMap(pairIn) : [...environment];
  const variable = CHANGING.test(name) ? undefined : assigned.find(([key, value]) => believesAnybody(key, value));
  const line = argv.slice(1).join(" ");
  const way = WAYS.find(
    ({ programs, option, among }) =>
      programs.test(name) && argv.slice(1).some((word) => option.test(word)) && (among?.test(line) ?? true),
  );
  const isLocal =
    argv.some((word) => /^[a-z+]+:\/\//i.test(word)) &&
    argv.filter((word) => /^[a-z+]+:\/\//i.test(word)).every(isLoopbackUrl);
  return [
    ...(way !== undefined && !isLocal ? [`${name} without a look at who sends`] : []),
    ...(variable !== undefined ? [`${variable[0]}=${variable[1]}, which looks at no certificate`] : []),
  ];
}

/** The settings that do the same from a file. */
export function unverifiedIn({ path, text }: WrittenFile): string[] {
  return SETTINGS.some(([name, setting]) => name.test(path) && setting.test(text))
    ? [`${path} that has nobody look at who sends`]
    : [];
}

function pairIn(word: string): [string, string][] {
  const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}
