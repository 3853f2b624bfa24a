import { oneBlank } from "./blanks.ts";

const BEFORE = "(?:^|[\\s;&|/\"'(])";
const AFTER = "(?=$|[\\s;&|\"')])";

const SERVERS = new RegExp(
  `${BEFORE}(sshd|dropbear|tinysshd|telnetd|in\\.telnetd|rshd|in\\.rshd|rlogind|ttyd|gotty|wetty|shellinaboxd|wssh|webssh|tmate|upterm|sshx|gs-netcat|gdbserver)${AFTER}`,
);

/** An address that others reach: none, a star, or one that is not the loopback. */
const OPEN = "(?:\\*|0\\.0\\.0\\.0|\\[?::\\]?|(?!127\\.|localhost|\\[?::1)[\\w.-]*[a-z.][\\w.-]*(?=:))";

/** Debuggers run what their client says. */
const DEBUGGERS: readonly (readonly [pattern: RegExp, found: string])[] = [
  [new RegExp(`--inspect(?:-brk|-wait)?=${OPEN}(?::\\d+)?${AFTER}`), "the debugger of Node.js, open to others"],
  [
    /-(?:agentlib:jdwp|Xrunjdwp)[=:][^\s"']{0,200}\baddress=(?:\*|0\.0\.0\.0|\[?::\]?):\d+/,
    "the debugger of Java, open to others",
  ],
  [/\bdebugpy\b.{0,100}--listen\s+(?:0\.0\.0\.0|\*|\[?::\]?)?:?\d+(?!\.)/, "the debugger of Python, open to others"],
  [/\bdlv\b.{0,200}--listen[=\s](?:0\.0\.0\.0|\[?::\]?)?:\d+/, "the debugger of Go, open to others"],
  [/\brdbg\b.{0,200}--host[=\s](?:0\.0\.0\.0|\[?::\]?)/, "the debugger of Ruby, open to others"],
];

const SSH_WORDS = "(?:\\s{1,9}(?!-[a-zA-Z]{0,8}[RDg])[^\\s;|&]{1,200}){0,20}";

/** Ways by which others reach into a network through one of its machines, or past whatever guards it. */
const TUNNELS: readonly (readonly [pattern: RegExp, found: string])[] = [
  [new RegExp(`\\b(?:ssh|autossh)${SSH_WORDS}\\s{1,9}-[a-zA-Z]{0,8}[RDg]`), "ssh that lets others in through a tunnel"],
  [
    /\bssh\b.{0,200}-o\s{0,9}["']?(?:RemoteForward|DynamicForward|GatewayPorts)\b/i,
    "ssh that lets others in through a tunnel",
  ],
  [
    /\bchisel\s{1,9}(?:client\b.{0,200}\sR:|server\b.{0,200}--(?:reverse|socks5)\b)/,
    "a tunnel by which others reach in",
  ],
  [
    /(?:^|[\s/;&|"'])(?:frpc|gost|microsocks|3proxy|danted|sockd|iodined?|dnscat2?|ligolo-ng|rathole|sish|pagekite)(?=$|[\s"';&|])/,
    "a tunnel or a proxy by which others reach in",
  ],
  [/\bngrok\s{1,9}(?:tcp|http|tls|tunnel|start)\b/, "a tunnel by which others reach in"],
  [
    /\bbore\s{1,9}local\b|\bcloudflared\b.{0,100}\s--url\b|\btailscale\s{1,9}funnel\b/,
    "a tunnel by which others reach in",
  ],
  [/\b(?:lt|localtunnel)\s{1,9}--port\b/, "a tunnel by which others reach in"],
];

const WAYS: readonly (readonly [pattern: RegExp, found: string])[] = [
  [/\bsocat\b.{0,400}\b(?:EXEC|SYSTEM|SHELL):/i, "socat that runs a program for who connects"],
  [
    /\b(?:nc|ncat|netcat)(?:\.\w{1,12})?\b[^|;&]{0,300}\s(?:-[a-zA-Z]{0,8}[ec]\s{1,9}["']?\S{0,60}(?:sh|cmd|python\d?|perl)\b|--(?:sh-|lua-)?exec\b)/,
    "netcat that runs a program for who connects",
  ],
  [/\bsh\s{1,9}-i\b[^;\n]{0,200}\/dev\/(?:tcp|udp)\//, "a shell on a connection"],
  [/\/dev\/(?:tcp|udp)\/[^;\n]{0,200}(?:0[<>]&|\|\s{0,9}(?:\/bin\/)?(?:ba)?sh\b)/, "a shell on a connection"],
  [
    /\bexec\s{1,9}\d{1,3}<>\s{0,9}\/dev\/(?:tcp|udp)\/[\s\S]{0,200}\|\s{0,9}(?:\/bin\/)?(?:ba)?sh\b/,
    "a shell on a connection",
  ],
  [/\bmkfifo\b[\s\S]{0,300}\b(?:nc|ncat|netcat|telnet|openssl)\b/, "a shell on a connection"],
  [/\bopenssl\s{1,9}s_client\b[^;\n]{0,300}\|\s{0,9}(?:\/bin\/)?(?:ba)?sh\b/, "a shell on a connection"],
  [/\b(?:fsockopen|TCPSocket)\b[\s\S]{0,300}(?:\/bin\/(?:ba)?sh\b|\bpopen\b|\bproc_open\b)/, "a shell on a connection"],
  [/\bwebsocketd\b.{0,200}\s(?:\/bin\/)?(?:ba)?sh\b/, "a shell for who connects"],
  [/\bpty\.spawn\(/, "a shell on a connection"],
  [
    /\b(?:python[\d.]{0,4}|perl|ruby|php|node|lua)\b.{0,40}\s-[cer]\b[\s\S]{0,400}socket[\s\S]{0,600}(?:dup2|pty|\/bin\/(?:ba)?sh|subprocess|child_process)/i,
    "a shell on a connection",
  ],
  [/--(?:\w{1,20}App|IdentityProvider)\.token(?:=|\s{1,9})(?:''|"")?(?=\s|$)/, "a notebook without a token"],
  [/--(?:ServerApp\.allow_unauthenticated_access|NotebookApp\.disable_login)=True\b/i, "a notebook without a login"],
  [/\bcode-server\b.{0,300}--auth[=\s]["']?none\b/, "an editor with a terminal and no login"],
  [/--without-connection-token\b/, "an editor with a terminal and no login"],
  ...TUNNELS,
  ...DEBUGGERS,
];
/** On a host a server for shells and a debugger are what they are on any machine. */
const ON_HOST = WAYS.filter(([, found]) => /connection|connects|tunnel/.test(found));

/** The way in which one command of a host gives out a shell, or leads others into its network. */
export function remoteAccessIn(command: string): string | undefined {
  return ON_HOST.find(([pattern]) => pattern.test(oneBlank(command).slice(0, 10_000)))?.[1];
}

/** The way in which a command line gives out a shell, or what is as good as one. */
export function remoteShellIn(commandLine: string): string | undefined {
  const known = oneBlank(commandLine).slice(0, 10_000);
  const server = SERVERS.exec(known)?.[1];
  return server === undefined ? WAYS.find(([pattern]) => pattern.test(known))?.[1] : `the server ${server}`;
}

/** The same of the value of a variable, by which many runtimes are told to open their debugger. */
export function debuggerIn(value: string): string | undefined {
  return DEBUGGERS.find(([pattern]) => pattern.test(oneBlank(value).slice(0, 10_000)))?.[1];
}
