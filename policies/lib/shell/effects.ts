import { posix } from "node:path";

import { checkedBy } from "./checksums.ts";
import { fetchingOf, isLoopbackUrl } from "./fetching.ts";
import { installedBy } from "./installs.ts";
import { readOptions, words } from "./options.ts";
import type { Call, Fetch, Stream, Word } from "./script.ts";
import { joined, nothing, unchecked } from "./script.ts";
import { cloned } from "./clones.ts";
import { copied, unseenThere } from "./remote-copies.ts";
import { innerOf, SHELLS } from "./wrappers.ts";

/** What the commands of a script may do to its files. */
export interface Desk {
  readonly script: {
    readonly unread: { how: string }[];
    readonly code: { language: string; text: string; stdin: Stream }[];
    readonly unseen: string[];
  };
  /** What was copied to other machines; the files of a process that runs there. */
  readonly remote: Map<string, Stream>;
  readonly files: ReadonlyMap<string, Stream>;
  readonly directory: string | undefined;
  readonly path: (path: string) => string;
  readonly fileAt: (path: string) => Stream | undefined;
  readonly write: (path: string, stream: Stream, append?: boolean) => void;
  readonly run: (text: string, stdin: Stream) => Stream;
  readonly runApart: (text: string, stdin: Stream, args?: readonly string[]) => Stream;
}

const INTERPRETER =
  /^(python|pypy|perl|ruby|node|nodejs|deno|bun|php|lua|pwsh|powershell|Rscript|osascript)[0-9.]*(\.exe)?$/;
/** Options of interpreters with a value that is no program. */
const INTERPRETER_VALUED = words("W X r require loader import I O M");
const CODE = /^(-\w*[ceEr]|--eval|--print|-p|-Command|--command|-EncodedCommand|-enc|-ec?)$/i;

const ARCHIVE = /\.(tar|tgz|tbz2?|txz|zip|7z|jar|tar\.\w+)$/i;
/** What is in these files is run without anybody's doing. */
const RUN_BY_ITSELF =
  /^\/etc\/(cron[^/]*|systemd\/system|profile(\.d)?|init\.d|rc\.local|rc\d?\.d|sudoers(\.d)?|ld\.so\.preload|update-motd\.d|bash\.bashrc|network\/if-\w+\.d)(\/|$)|^\/var\/spool\/cron|\/\.(bashrc|profile|bash_profile|zshrc|zprofile|bash_login)$|\/\.ssh\/authorized_keys2?$/;

const A_SHELL = "a download that a shell runs unread";

/** What a command does to files and downloads, and what it prints where that is not by its text; undefined elsewhere. */
export function effectsOf(call: Call, desk: Desk): Stream | undefined {
  const { name, argv } = call;
  const fetching = fetchingOf(name, argv, call.environment);
  if (fetching !== undefined) {
    if (
      argv.some((word) => /^-\w*[ec]$|^--(sh-)?exec$|^(exec|system):/i.test(word)) &&
      /^(nc|ncat|netcat|socat)$/.test(name)
    ) {
      desk.script.unread.push({ how: "a shell that is handed to the network" });
    }
    const fetched = fetching.loopback ? [] : [fetchOf(fetching.file ?? fetching.urls[0])];
    if (fetching.file === undefined) return written(call, { fetched }, desk);
    desk.write(fetching.file, { fetched });
    return placed(fetching.file, { fetched }, desk);
  }
  checkedBy(call, desk);
  const how = installedBy(call, desk);
  if (how !== undefined) desk.script.unread.push({ how });
  // Of fish, which reads what comes on stdin.
  if (name === "source" && argv.length === 1) return runStream(call.stdin, [], desk, nothing, "here");
  if (name === "source" || name === ".") return runFile(call.words[1], argv.slice(1), desk, call.stdin, "here");
  if (SHELLS.has(name) || ["eval", "ssh", "su", "xargs", "watch", "sudo"].includes(name)) return ofShell(call, desk);
  if (INTERPRETER.test(name)) return ofInterpreter(call, desk);
  if (/^[gmn]?awk$/.test(name)) ofAwk(argv, desk);
  if (/^g?make$/.test(name) && argv.includes("-")) ofMake(call.stdin, desk);
  if (/^(?:vim?|nvim|ex)$/.test(name)) ofEditor(argv, desk);
  moved(call, desk);
  copied(call, desk);
  if (call.argv[0]?.includes("/") === true || desk.fileAt(name) !== undefined) {
    const own = contentOf(call.argv[0] ?? "", desk);
    if (own !== undefined) return runStream(own, argv, desk, call.stdin, "apart");
  }
  written(call, undefined, desk);
}

function fetchOf(file: string | undefined): Fetch {
  return {
    file: file === undefined ? undefined : posix.basename(file),
    checked: false,
    archive: ARCHIVE.test(file ?? ""),
  };
}

/** Redirections come after the command; where they lead is looked at here. */
function written<T extends Stream | undefined>(call: Call, stream: T, desk: Desk): T {
  const source = stream ?? call.stdin;
  for (const path of call.writes) placed(path, source, desk);
  if (call.name === "tee") for (const path of call.argv.slice(1)) placed(path, call.stdin, desk);
  return stream;
}

function placed(path: string, stream: Stream, desk: Desk): Stream {
  if (unchecked(stream).length > 0 && RUN_BY_ITSELF.test(desk.path(path))) {
    desk.script.unread.push({ how: `a download that ${desk.path(path)} has run unread` });
  }
  return nothing;
}

/** A file, or what lies in an archive that was unpacked around it. */
export function contentOf(path: string, desk: Desk): Stream | undefined {
  const known = desk.fileAt(path);
  if (known !== undefined) return known;
  for (let at = posix.dirname(desk.path(path)); ; at = posix.dirname(at)) {
    const around = desk.files.get(`${at}/**`);
    if (around !== undefined) return { fetched: around.fetched, ...(around.isUnseen && { isUnseen: true }) };
    if (/^(\/|\.\.?)$/.test(at)) return undefined;
  }
}

function ofShell(call: Call, desk: Desk): Stream | undefined {
  const inner = innerOf(call.name, call.words);
  const report = (streams: readonly Stream[]) => {
    if (unchecked(joined(streams)).length > 0) desk.script.unread.push({ how: A_SHELL });
  };
  if (inner?.kind === "text") report(inner.texts.flatMap(({ from }) => from));
  if (inner?.kind === "stdin") {
    report([call.stdin]);
    if (inner.elsewhere === true || desk.files === desk.remote)
      unseenThere(call.stdin, `what ${call.name} reads`, desk);
    if (call.writes.some((path) => /^\/dev\/(tcp|udp)\//.test(path)))
      desk.script.unread.push({ how: "a shell that is handed to the network" });
  }
  if (inner !== undefined || !SHELLS.has(call.name)) return undefined;
  const { next } = readOptions(call.argv, { valued: words("o O init-file rcfile") }, 1);
  return runFile(call.words[next], call.argv.slice(next), desk, call.stdin, "apart");
}

function runFile(
  file: Word | undefined,
  args: readonly string[],
  desk: Desk,
  stdin: Stream,
  where: "here" | "apart",
): Stream {
  if (file === undefined) return nothing;
  const isInput = /^(\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0|-)$/.test(file.text);
  const content = file.input ??
    (isInput ? stdin : contentOf(file.text, desk)) ?? { fetched: file.from.flatMap(({ fetched }) => fetched) };
  return runStream(content, args, desk, stdin, where);
}

function runStream(
  content: Stream,
  args: readonly string[],
  desk: Desk,
  stdin: Stream,
  where: "here" | "apart",
): Stream {
  if (unchecked(content).length > 0) desk.script.unread.push({ how: A_SHELL });
  if (desk.files === desk.remote) unseenThere(content, args[0] ?? "a script", desk);
  if (content.text === undefined) return nothing;
  const language = /^#!.*?\b(python|perl|ruby|node|php)/.exec(content.text)?.[1];
  if (language !== undefined) {
    desk.script.code.push({ language, text: content.text, stdin });
    return nothing;
  }
  return where === "here" ? desk.run(content.text, stdin) : desk.runApart(content.text, stdin, args);
}

/** What a program of awk hands to a shell. */
function ofAwk(argv: readonly string[], desk: Desk): void {
  for (const [, command = ""] of argv.join("\n").matchAll(/\bsystem\s*\(\s*"((?:[^"\\\n]|\\.)*)"/g))
    desk.runApart(command.replaceAll(/\\(.)/g, "$1"), nothing);
}

/** The recipes of a makefile that comes on the input. */
function ofMake({ text = "" }: Stream, desk: Desk): void {
  for (const [, command = ""] of text.matchAll(/^\t[@-]{0,3}(.+)$/gm)) desk.runApart(command, nothing);
}

/** `vim -c ':!command'`. */
function ofEditor(argv: readonly string[], desk: Desk): void {
  for (const word of argv) {
    const command = /^(?:\+|-c|--cmd)?\s*:?(?:silent!?\s+)?!(.+)$/.exec(word)?.[1];
    if (command !== undefined) desk.runApart(command, nothing);
  }
}

function ofInterpreter(call: Call, desk: Desk): Stream {
  const { name, argv, stdin } = call;
  const language = name.replace(/[0-9.]+$/, "");
  const at = argv.findIndex((word, index) => index > 0 && CODE.test(word));
  const fetched: Fetch[] = [];
  if (at > 0) {
    const word = call.words[at + 1];
    if (unchecked(joined(word?.from ?? [])).length > 0) desk.script.unread.push({ how: A_SHELL });
    const isEncoded = /^-e(nc\w*|c)$/i.test(argv[at] ?? "") && /^p(wsh|owershell)/i.test(name);
    const rest = /^p(wsh|owershell)/i.test(name) ? argv.slice(at + 1).join(" ") : (word?.text ?? "");
    // What it loads by an option is part of the program.
    const loaded = argv
      .slice(1, at)
      .filter((one) => /^-[Mr]/.test(one))
      .join(" ");
    const text = isEncoded ? Buffer.from(rest, "base64").toString("utf16le") : rest;
    desk.script.code.push({ language, text: loaded === "" ? text : `${loaded}\n${text}`, stdin });
    if (
      /urlopen|urllib|requests\.|https?\.get|fetch\(|LWP|open-uri|file_get_contents\(|socket/.test(word?.text ?? "")
    ) {
      const url = /https?:\/\/[^\s'"`)]+/.exec(word?.text ?? "")?.[0];
      if (url === undefined || !isLoopbackUrl(url)) fetched.push(fetchOf(undefined));
    }
    return { fetched };
  }
  const { next } = readOptions(argv, { valued: INTERPRETER_VALUED }, 1);
  const file = call.words[argv[next] === "run" ? next + 1 : next];
  if (file === undefined && argv.includes("-m")) return nothing;
  const content =
    file === undefined || file.text === "-" ? stdin : (file.input ?? contentOf(file.text, desk) ?? nothing);
  if (unchecked(content).length > 0) desk.script.unread.push({ how: A_SHELL });
  if (content.text !== undefined) desk.script.code.push({ language, text: content.text, stdin });
  return nothing;
}

/** Copies, links, unpacked archives and clones carry on what they are made from. */
function moved({ name, argv, stdin }: Call, desk: Desk): void {
  const operands = argv.slice(1).filter((word) => !word.startsWith("-"));
  const after = (...options: string[]) => argv[argv.findIndex((word) => options.includes(word)) + 1];
  const has = (...options: string[]) => options.some((option) => argv.includes(option));
  switch (name) {
    case "cp":
    case "mv":
    case "ln":
    case "install":
    case "rsync": {
      const target = operands.at(-1) ?? "";
      for (const source of operands.slice(0, -1)) {
        const stream = desk.fileAt(source);
        if (stream === undefined) continue;
        desk.write(target, stream);
        placed(target, stream, desk);
        desk.write(posix.join(target, posix.basename(source)), stream);
      }
      break;
    }
    case "tee":
      for (const path of operands)
        desk.write(
          path,
          stdin,
          argv.some((word) => /^-\w*a|^--append$/.test(word)),
        );
      break;
    case "dd": {
      const of = argv.find((word) => word.startsWith("of="))?.slice(3);
      if (of !== undefined) desk.write(of, stdin);
      break;
    }
    case "tar":
    case "bsdtar":
    case "unzip":
    case "7z":
    case "cpio":
    case "ar": {
      const source = operands.map((word) => desk.fileAt(word)).find((stream) => stream !== undefined) ?? stdin;
      const named = argv.find((word) => /^(--directory=|-C.)/.test(word))?.replace(/^(--directory=|-C)/, "");
      const to = named ?? (has("-C", "--directory", "-d") ? after("-C", "--directory", "-d") : undefined) ?? ".";
      if (source.fetched.length > 0 || source.isUnseen === true)
        (desk.files as Map<string, Stream>).set(`${desk.path(to).replace(/\/$/, "")}/**`, {
          fetched: source.fetched,
          ...(source.isUnseen && { isUnseen: true }),
        });
      break;
    }
    case "gunzip":
    case "gzip":
    case "xz":
    case "unxz":
    case "bunzip2":
    case "unzstd":
      for (const path of operands) {
        const stream = desk.fileAt(path);
        if (stream !== undefined) desk.write(path.replace(/\.\w+$/, ""), { fetched: stream.fetched });
      }
      break;
    case "git":
    case "hg":
    case "svn":
    case "bzr":
    case "fossil":
    case "gh":
      cloned(name, argv, desk);
      break;
    default:
  }
}
