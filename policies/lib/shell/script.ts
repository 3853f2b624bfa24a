/** Something that a text fetches from elsewhere. */
export interface Fetch {
  /** Name of the file it is compared by, where there is one. */
  file: string | undefined;
  /** A checksum or a signature of it has been compared. */
  checked: boolean;
  /** It is many files in one, of which any may be run later. */
  readonly archive: boolean;
}

/** What flows out of a command, through a pipe or into a file. */
export interface Stream {
  /** The text itself, where the script shows it. */
  readonly text?: string | undefined;
  /** The downloads that are in it. */
  readonly fetched: readonly Fetch[];
  /** It comes from a file or a program of ours that the text does not show. */
  readonly isUnseen?: boolean;
  /** The files of the host that are in it, as they were named. */
  readonly paths?: readonly string[];
}

/** A word of a command after the shell has read it. What cannot be known stays as it is written. */
export interface Word {
  readonly text: string;
  /** What its substitutions bring. */
  readonly from: readonly Stream[];
  /** `<(…)`: a file with this content. */
  readonly input?: Stream;
}

/** One command as it is run: behind sudo, ssh, xargs and their like each once more on its own. */
export interface Call {
  /** The program's name without its directory; empty where only variables are set. */
  readonly name: string;
  /** Every word as text, the program first. */
  readonly argv: readonly string[];
  readonly words: readonly Word[];
  readonly stdin: Stream;
  /** Variables that it is given or that were exported, as far as they are known. */
  readonly environment: ReadonlyMap<string, string>;
  readonly directory: string | undefined;
  /** The files that it writes by redirection. */
  readonly writes: readonly string[];
}

/** A file that a script writes with a text that it shows. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** A download that is used before anything compares it. */
interface Unread {
  readonly how: string;
}

/** A text in another language than the shell's. */
export interface Code {
  readonly language: string;
  readonly text: string;
  readonly stdin: Stream;
}

/** What a text has run, as far as the text shows it. */
export interface Script {
  readonly calls: Call[];
  readonly unread: Unread[];
  readonly files: WrittenFile[];
  readonly code: Code[];
  /** Scripts that are brought to another machine and run there, and that no text shows. */
  readonly unseen: string[];
  /** It is so long or so deep that not all of it was read. */
  isCut: boolean;
}

export function emptyScript(): Script {
  return { calls: [], unread: [], files: [], code: [], unseen: [], isCut: false };
}

export const nothing: Stream = { fetched: [] };

/** Several streams one after the other; of the text as much as is known. */
export function joined(streams: readonly Stream[], between = ""): Stream {
  const texts = streams.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const paths = streams.flatMap((stream) => stream.paths ?? []);
  return {
    text: texts.length === 0 ? undefined : texts.join(between),
    fetched: streams.flatMap(({ fetched }) => fetched),
    ...(streams.some(({ isUnseen }) => isUnseen) && { isUnseen: true }),
    ...(paths.length > 0 && { paths }),
  };
}

/** The downloads in a stream that nothing has compared. */
export function unchecked({ fetched }: Stream): readonly Fetch[] {
  return fetched.filter(({ checked }) => !checked);
}
