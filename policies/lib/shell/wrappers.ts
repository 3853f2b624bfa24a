import { readOptions, words } from "./options.ts";
import type { Word } from "./script.ts";

/** What a program runs that was handed to it: another command, or a text for a shell. */
type Inner =
  | { readonly kind: "command"; readonly words: readonly Word[] }
  /** `elsewhere`: on another machine or in another root, where our files and directory are not. */
  | { readonly kind: "text"; readonly texts: readonly Word[]; readonly elsewhere?: true }
  /** A shell that reads what it runs from its input. */
  | { readonly kind: "stdin"; readonly elsewhere?: true }
  /** A command that gets words from its input too. */
  | { readonly kind: "xargs"; readonly words: readonly Word[] };

/** Programs that run the command behind their options: which of these take a value, and how many words come first. */
const SIMPLE: ReadonlyMap<string, { valued: ReadonlySet<string>; first?: number; long?: true }> = new Map(
  Object.entries({
    sudo: {
      valued: words(
        "u user g group h host p prompt C close-from r role t type T command-timeout U other-user R chroot D chdir a",
      ),
    },
    doas: { valued: words("u C a") },
    pkexec: { valued: words("user") },
    env: { valued: words("u unset C chdir") },
    nohup: { valued: words("") },
    setsid: { valued: words("") },
    exec: { valued: words("a") },
    command: { valued: words("") },
    builtin: { valued: words("") },
    nice: { valued: words("n adjustment") },
    ionice: { valued: words("c class n classdata p") },
    chrt: { valued: words("T P D"), first: 1 },
    taskset: { valued: words(""), first: 1 },
    time: { valued: words("o output f format") },
    timeout: { valued: words("s signal k kill-after"), first: 1 },
    stdbuf: { valued: words("i input o output e error") },
    unbuffer: { valued: words("") },
    strace: { valued: words("e o s p u E a I O S P") },
    ltrace: { valued: words("e o s p u") },
    chroot: { valued: words("userspec groups"), first: 1 },
    nsenter: { valued: words("t target S setuid G setgid N") },
    unshare: { valued: words("R root w wd S setuid G setgid") },
    setpriv: {
      valued: words("reuid regid groups inh-caps ambient-caps bounding-set securebits selinux-label apparmor-profile"),
    },
    "systemd-run": {
      valued: words(
        "p property u unit H host M machine slice description uid gid nice E setenv working-directory on-active on-boot on-calendar t service-type",
      ),
    },
    "systemd-inhibit": { valued: words("what who why mode") },
    busybox: { valued: words("") },
    toybox: { valued: words("") },
    "dbus-run-session": { valued: words("config-file dbus-daemon") },
    caffeinate: { valued: words("t w") },
    proot: { valued: words("r R b w") },
    firejail: { valued: words("") },
    tini: { valued: words("p") },
    "dumb-init": { valued: words("r rewrite") },
    gosu: { valued: words(""), first: 1 },
    "su-exec": { valued: words(""), first: 1 },
    chpst: { valued: words("u U b e n P m o p c") },
    fakeroot: { valued: words("l f u i s b") },
    faketime: { valued: words(""), first: 1 },
    daemonize: { valued: words("a c e l o p u E") },
    eatmydata: { valued: words("") },
    retry: { valued: words("t times d delay m") },
    torsocks: { valued: words("") },
    proxychains4: { valued: words("f") },
  }),
);

export const SHELLS = words("sh bash dash zsh ksh ksh93 mksh ash fish rbash posh yash");
const SHELL_VALUED = words("o O init-file rcfile");
/** Options of ssh with a value. */
const SSH_VALUED = words("B b c D E e F I i J L l m O o P p Q R S W w");

export function innerOf(name: string, argv: readonly Word[]): Inner | undefined {
  const texts = argv.map(({ text }) => text);
  const simple = SIMPLE.get(name);
  if (simple !== undefined) return behindOptions(name, argv, texts, simple);
  if (SHELLS.has(name)) return ofShell(argv, texts);
  switch (name) {
    case "eval":
    case "trap":
      return { kind: "text", texts: name === "eval" ? argv.slice(1) : argv.slice(1, 2) };
    case "su":
    case "sg":
    case "runuser":
    case "script":
    case "capsh":
      return ofSwitch(name, argv, texts);
    case "ssh":
    case "dbclient":
    case "autossh":
    case "mosh":
      return ofSsh(argv, texts);
    case "sshpass":
      return command(argv, readOptions(texts, { valued: words("p f d P") }, 1).next);
    case "ansible":
      return ofAnsible(argv, texts);
    case "flock":
      return ofFlock(argv, texts);
    case "watch":
      return { kind: "text", texts: argv.slice(readOptions(texts, { valued: words("n interval q equexit") }, 1).next) };
    case "xargs":
    case "parallel":
      return {
        kind: "xargs",
        words: argv.slice(
          readOptions(
            texts,
            {
              valued: words(
                "a arg-file d delimiter E I L max-lines n max-args P max-procs s max-chars j jobs S sshlogin",
              ),
            },
            1,
          ).next,
        ),
      };
    case "find":
    case "fdfind":
      return ofFind(argv, texts);
    case "ip":
      return texts[1] === "netns" && texts[2] === "exec" ? command(argv, 4) : undefined;
    case "start-stop-daemon":
      return ofDaemon(argv, texts);
    case "tmux":
    case "screen":
      return ofTerminal(argv, texts);
    case "at":
    case "batch":
      return { kind: "stdin" };
    case "az":
    case "gcloud":
    case "vagrant":
    case "aws":
      return ofCloud(argv, texts);
    default:
      return undefined;
  }
}

function command(argv: readonly Word[], from: number): Inner | undefined {
  return from < argv.length ? { kind: "command", words: argv.slice(from) } : undefined;
}

function behindOptions(
  name: string,
  argv: readonly Word[],
  texts: readonly string[],
  how: { valued: ReadonlySet<string>; first?: number },
): Inner | undefined {
  const split = name === "env" ? texts.findIndex((text) => /^(-S|--split-string)/.test(text)) : -1;
  if (split > 0) {
    const joined = (texts[split] ?? "").replace(/^(-S|--split-string=?)/, "");
    return { kind: "text", texts: [{ text: joined, from: [] }, ...argv.slice(split + 1)] };
  }
  const read = readOptions(texts, how, 1);
  if (name === "command" && (read.options.has("v") || read.options.has("V"))) return undefined;
  let next = read.next + (how.first ?? 0);
  if (texts[next] === "--") next += 1;
  while (/^\w+\+?=/.test(texts[next] ?? "")) next += 1;
  if (next < argv.length) return { kind: "command", words: argv.slice(next) };
  const isShell =
    /^(nsenter|chroot|unshare)$/.test(name) ||
    read.options.has("s") ||
    read.options.has("i") ||
    read.options.has("login") ||
    read.options.has("shell");
  return isShell ? { kind: "stdin" } : undefined;
}

function ofShell(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const read = readOptions(texts, { valued: SHELL_VALUED }, 1);
  if (read.options.has("c") || read.options.has("command"))
    return { kind: "text", texts: argv.slice(read.next, read.next + 1) };
  const file = texts[read.next];
  const isInput =
    file === undefined || read.options.has("s") || /^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(file);
  return isInput ? { kind: "stdin" } : undefined;
}

/** `su user -c text`, `su - -c text`, `runuser -u user -- command`, `script -c text`, `capsh -- -c text`. */
function ofSwitch(name: string, argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const at = texts.findIndex((text) => /^(-\w*c|--command)$/.test(text));
  if (at > 0) return { kind: "text", texts: argv.slice(at + 1, at + 2) };
  const inline = texts.findIndex((text) => text.startsWith("--command="));
  if (inline > 0)
    return {
      kind: "text",
      texts: [{ text: (texts[inline] ?? "").slice("--command=".length), from: argv[inline]?.from ?? [] }],
    };
  if (name === "runuser" && texts.includes("-u")) {
    const read = readOptions(texts, { valued: words("u user g group G") }, 1);
    return command(argv, texts[read.next] === "--" ? read.next + 1 : read.next);
  }
  return name === "script" ? undefined : { kind: "stdin" };
}

/** ssh hands its words to a shell on the other side, put together with blanks. */
function ofSsh(argv: readonly Word[], texts: readonly string[]): Inner {
  let { next } = readOptions(texts, { valued: SSH_VALUED }, 1);
  next += 1;
  // Options are read behind the host as well.
  next = readOptions(texts, { valued: SSH_VALUED }, next).next;
  return next < argv.length
    ? { kind: "text", texts: argv.slice(next), elsewhere: true }
    : { kind: "stdin", elsewhere: true };
}

/** `ansible all -m shell -a text`; the module is `command` where none is named. */
function ofAnsible(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const { options } = readOptions(texts, { valued: words("m module-name a args i inventory u user l limit e f t") }, 2);
  const module = options.get("m")?.at(-1) ?? options.get("module-name")?.at(-1) ?? "command";
  const at = texts.findIndex((text) => /^(-a|--args)$/.test(text));
  if (at < 0 || !/^(?:ansible\.builtin\.)?(shell|command|raw)$/.test(module)) return undefined;
  return { kind: "text", texts: argv.slice(at + 1, at + 2), elsewhere: true };
}

function ofFlock(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const { next } = readOptions(texts, { valued: words("w wait timeout E conflict-exit-code") }, 1);
  if (/^(-c|--command)$/.test(texts[next + 1] ?? "")) return { kind: "text", texts: argv.slice(next + 2, next + 3) };
  return command(argv, next + 1);
}

function ofFind(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const at = texts.findIndex((text) => /^-(exec|execdir|ok|okdir|x)$/.test(text));
  if (at < 0) return undefined;
  const end = texts.findIndex((text, index) => index > at && (text === ";" || text === "+"));
  return { kind: "xargs", words: argv.slice(at + 1, end < 0 ? undefined : end) };
}

function ofDaemon(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const at = texts.findIndex((text) => /^(-x|--exec|-a|--startas)$/.test(text));
  const end = texts.indexOf("--");
  const program = argv[at + 1];
  if (at < 0 || program === undefined) return undefined;
  return { kind: "command", words: [program, ...(end < 0 ? [] : argv.slice(end + 1))] };
}

function ofTerminal(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  if (texts[0]?.endsWith("screen") === true) {
    return command(argv, readOptions(texts, { valued: words("S c e h p s t T") }, 1).next);
  }
  const verb = texts.findIndex(
    (text, index) =>
      index > 0 &&
      /^(new|new-session|new-window|neww|split-window|respawn-pane|send-keys|send|run-shell|run)$/.test(text),
  );
  if (verb < 0) return undefined;
  const { next } = readOptions(texts, { valued: words("s n t c e x y F") }, verb + 1);
  return next < argv.length ? { kind: "text", texts: argv.slice(next) } : undefined;
}

/** `az vm run-command invoke --scripts …`, `gcloud compute ssh --command …`, `vagrant ssh -c …`. */
function ofCloud(argv: readonly Word[], texts: readonly string[]): Inner | undefined {
  const at = texts.findIndex((text) =>
    /^(--scripts|--script|--command|-c|--parameters|--command-string)(=|$)/.test(text),
  );
  if (at < 0 || !/\b(run-command|ssh|send-command|exec)\b/.test(texts.slice(0, at).join(" "))) return undefined;
  const inline = /=([^]*)$/.exec(texts[at] ?? "")?.[1];
  if (inline !== undefined)
    return {
      kind: "text",
      texts: [{ text: inline.replace(/^commands=/, ""), from: argv[at]?.from ?? [] }],
      elsewhere: true,
    };
  const end = texts.findIndex((text, index) => index > at && text.startsWith("--"));
  const given = argv.slice(at + 1, end < 0 ? undefined : end);
  return {
    kind: "text",
    texts: given.map((word) => ({ ...word, text: word.text.replace(/^commands=/, "") })),
    elsewhere: true,
  };
}
