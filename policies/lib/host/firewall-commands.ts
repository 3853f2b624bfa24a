import { readAnywhere, words } from "../shell/options.ts";
import type { Call } from "../shell/script.ts";

const IPTABLES = /^(ip6?|eb|arp)tables(-legacy|-nft)?$/;
const OPEN_CHAIN = /^(INPUT|FORWARD|DOCKER-USER)$/;

/** How a script opens the host's firewall. What is emptied and filled again is not open in the end. */
export function openedBy(calls: readonly Call[]): string[] {
  return calls.flatMap((call, index) => {
    const opened = openings(call);
    return opened.length > 0 && isClosedAgain(call, calls.slice(index + 1)) ? [] : opened;
  });
}

function openings(call: Call): string[] {
  const { name, argv } = call;
  const line = `${name} ${argv.slice(1).join(" ")}`.slice(0, 120);
  if (IPTABLES.test(name)) return opensIptables(argv) ? [line] : [];
  switch (name) {
    case "nft":
      return opensNft(call) ? [line] : [];
    case "ufw": {
      const said = argv
        .slice(1)
        .filter((word) => !word.startsWith("-"))
        .join(" ");
      return /^(disable|reset)$|^default allow( (incoming|routed|in))?$|^allow (in )?(from any( to any)?|0\.0\.0\.0\/0|any)$/.test(
        said,
      )
        ? [line]
        : [];
    }
    case "firewall-cmd":
      return argv.some((word) => word === "--set-default-zone=trusted") ||
        argv.includes("--set-target=ACCEPT") ||
        /--set-target[= ]ACCEPT/.test(line) ||
        /--zone=trusted.*--(add|change)-(interface|source)=(?!lo\b|127\.)/.test(line)
        ? [line]
        : [];
    case "ipset":
      return /^(flush|destroy|-F|-X)$/.test(argv[1] ?? "") ? [line] : [];
    case "pfctl":
      return argv.some((word) => /^-d$|^-F$/.test(word)) ? [line] : [];
    case "netsh":
      return /advfirewall.*\bstate\s+off\b/i.test(line) ? [line] : [];
    case "Set-NetFirewallProfile":
      return /-Enabled\s+(False|0)/i.test(line) ? [line] : [];
    default:
      return [];
  }
}

function opensIptables(argv: readonly string[]): boolean {
  const { options } = readAnywhere(
    argv,
    {
      valued: words(
        "t table A append I insert P policy j jump i in-interface o out-interface s source d destination p protocol m match dport sport D delete C check w c",
      ),
    },
    1,
  );
  const one = (...names: string[]) =>
    names.map((name) => options.get(name)?.at(-1)).find((value) => value !== undefined);
  const table = one("t", "table") ?? "filter";
  if (table !== "filter" && table !== "raw") return false;
  const policy = one("P", "policy");
  if (policy !== undefined) return OPEN_CHAIN.test(policy) && argv.at(-1)?.toUpperCase() === "ACCEPT";
  if (options.has("F") || options.has("flush")) {
    const chain = argv[argv.findIndex((word) => /^-\w*F$|^--flush$/.test(word)) + 1];
    return (
      chain === undefined || chain.startsWith("-") || OPEN_CHAIN.test(chain) || /^(DOCKER|ufw-|GARRISON)/i.test(chain)
    );
  }
  const chain = one("A", "append", "I", "insert");
  if (chain === undefined || !OPEN_CHAIN.test(chain) || one("j", "jump") !== "ACCEPT") return false;
  const matches = [
    "i",
    "in-interface",
    "o",
    "out-interface",
    "s",
    "source",
    "d",
    "destination",
    "p",
    "protocol",
    "m",
    "match",
    "dport",
    "sport",
  ];
  const meant = matches.filter((name) => options.has(name) && !/^(0\.0\.0\.0\/0|::\/0|all)$/.test(one(name) ?? ""));
  return meant.length === 0;
}

/** A file or an input that holds rules is a firewall; one that only empties is none. */
function opensNft({ argv, stdin }: Call): boolean {
  const said = argv
    .slice(1)
    .filter((word) => !/^-[a-zA-Z]$/.test(word))
    .join(" ");
  const file = argv.some((word) => /^(-\w*f|--file)$/.test(word));
  if (file)
    return (
      stdin.text !== undefined &&
      /\bflush\s+(ruleset|table|chain)/.test(stdin.text) &&
      !/\b(drop|reject)\b/.test(stdin.text)
    );
  // A table with a name of its own belongs to whoever made it, and goes with that.
  const empties =
    /\bflush\s+ruleset\b|\bflush\s+(table|chain)\s+(?!\w+\s+\S*nat\b)|\b(delete|destroy)\s+(table|chain)\s+(\w+\s+)?(filter|firewalld|ufw\S*)\b/.test(
      said,
    );
  const opens =
    /\bpolicy\s+accept\b/.test(said) && /hook\s+(input|forward)|chain\s+\w+\s+\S+\s+(input|forward)/i.test(said);
  return (empties || opens) && !/\b(drop|reject)\b/.test(said);
}

function isClosedAgain(call: Call, later: readonly Call[]): boolean {
  const empties = call.argv.some((word) => /^-\w*F$|^--flush$|^flush$|^delete$|^reset$|^destroy$/.test(word));
  const chain = call.argv[call.argv.findIndex((word) => /^(-P|--policy)$/.test(word)) + 1] ?? "";
  return later.some(({ name, argv, stdin }) => {
    if (/^ip6?tables-restore/.test(name) || (name === "ufw" && argv.includes("enable"))) return true;
    if (name === "nft")
      return argv.some((word) => /^(-\w*f|--file)$/.test(word))
        ? stdin.text === undefined || /\b(drop|reject)\b/.test(stdin.text)
        : empties && /\b(drop|reject)\b/.test(argv.join(" "));
    if (!IPTABLES.test(name)) return false;
    const closes = argv.some((word) => /^(DROP|REJECT)$/.test(word));
    return (
      closes &&
      (empties
        ? argv.some((word) => /^(-P|--policy|-A|--append|-I|--insert)$/.test(word))
        : argv.includes(chain) && argv.some((word) => /^(-P|--policy)$/.test(word)))
    );
  });
}
