/** Why a spool cannot be used, as a word for programs. */
export type SpoolTrouble = "disk-full" | "spool-full" | "in-use" | "newer" | "unusable";

/** A spool cannot be opened or written. What was to be stored is not: its sender has to keep it. */
export class SpoolError extends Error {
  override readonly name = "SpoolError";
  readonly code: SpoolTrouble;
  constructor(code: SpoolTrouble, file: string, words: string) {
    super(`spool ${file}: ${words}`);
    this.code = code;
  }
}

/** SQLite's primary result codes, sqlite.org/rescode.html. */
const codes = { busy: 5, readOnly: 8, inputOutput: 10, full: 13 };

/** What SQLite threw, in our words. `isAtLimit`: the file has as many pages as it may have. */
export function spoolError(error: unknown, file: string, isAtLimit: () => boolean): SpoolError {
  if (error instanceof SpoolError) return error;
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  if (code === codes.busy) return new SpoolError("in-use", file, "another process has it open; expected one notifier");
  if (code === codes.full && isAtLimit()) {
    return new SpoolError(
      "spool-full",
      file,
      "reached limits.spoolMiB; expected channels that work, or a higher limit",
    );
  }
  if (code === codes.full) return new SpoolError("disk-full", file, "the disk is full; next: df -h, and make room");
  const what = error instanceof Error ? error.message : String(error);
  return new SpoolError("unusable", file, what);
}
