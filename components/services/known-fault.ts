/** What keeps a program from becoming healthy, as its log tells it. */
export interface KnownFault {
  /** Found in the last lines of the container's log. */
  readonly says: RegExp;
  /** What it means, in a line. */
  readonly cause: string;
  /** What to do before the deployment is completed by its own command; `match` is what `says` found. */
  readonly first: (match: RegExpMatchArray) => string;
}
