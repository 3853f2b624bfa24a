/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `note`: nothing is wrong, but somebody may want to know. */
  readonly verdict: "ok" | "wrong" | "note";
  readonly found: string;
  /** What to type; every wrong finding has it. */
  readonly next?: string;
}

export function ok(name: string, found: string): Finding {
  return { name, verdict: "ok", found };
}

export function note(name: string, found: string): Finding {
  return { name, verdict: "note", found };
}

export function wrong(name: string, found: string, next: string): Finding {
  return { name, verdict: "wrong", found, next };
}
