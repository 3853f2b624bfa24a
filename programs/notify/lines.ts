import { LONGEST_LINE } from "@garrison/programs-lib/events/read-event.ts";

/** Bytes into lines. Of a line that is too long only its beginning is kept, enough to be refused. */
export class Lines {
  #rest = Buffer.alloc(0);
  #skipped = 0;

  /** Bytes that came and belong to no line yet. */
  get pending(): number {
    return this.#rest.length + this.#skipped;
  }

  /** The lines that `chunk` ends, without empty ones. */
  add(chunk: Buffer): string[] {
    const whole = Buffer.concat([this.#rest, chunk]);
    const lines: string[] = [];
    let from = 0;
    for (let end = whole.indexOf(10, from); end !== -1; end = whole.indexOf(10, from)) {
      lines.push(whole.toString("utf8", from, end));
      from = end + 1;
      this.#skipped = 0;
    }
    const rest = whole.subarray(from);
    // A character has at most four bytes.
    const kept = Math.min(rest.length, 4 * LONGEST_LINE + 4);
    this.#skipped += rest.length - kept;
    this.#rest = Buffer.from(rest.subarray(0, kept));
    return lines.filter((line) => line.trim() !== "");
  }

  /** The last line, which nothing ended. */
  end(): string[] {
    const line = this.#rest.toString("utf8");
    this.#rest = Buffer.alloc(0);
    return line.trim() === "" ? [] : [line];
  }
}
