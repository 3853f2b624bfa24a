/**
 * How a statement about an image is known.
 *
 * - `tested`: a test runs the real program; `source` is the test's file
 * - `run`: somebody ran the real program by hand; `source` says which version
 * - `read`: read in the source or the documentation that `source` names, and run by nobody here
 * - `inferred`: follows from something else, as `source` says; neither run nor read
 */
export type HowKnown = "tested" | "run" | "read" | "inferred";

/** One statement that a service's declaration rests on. */
export interface Claim {
  readonly what: string;
  readonly how: HowKnown;
  /** With its version. */
  readonly source: string;
}

/** What the declaration of a service rests on. Tests run programs from packages, not published images. */
export interface Evidence {
  /** What runs in a lab in the image's place, and in the tests. */
  readonly lab: string;
  readonly claims: readonly Claim[];
  /** What does not work today, or nobody has found out. */
  readonly open: readonly string[];
}

export const tested = (what: string, ...files: readonly string[]): Claim => claim("tested", what, files.join(", "));
export const run = (what: string, source: string): Claim => claim("run", what, source);
export const read = (what: string, source: string): Claim => claim("read", what, source);
export const inferred = (what: string, source: string): Claim => claim("inferred", what, source);

function claim(how: HowKnown, what: string, source: string): Claim {
  return { what, how, source };
}
