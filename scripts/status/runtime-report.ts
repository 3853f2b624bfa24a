import { execa } from "execa";
import { z } from "zod";
import { runtimeProgram } from "#components/host/runtime-floor/program.ts";

/** One program that runs containers here, against the oldest version without a known hole. */
interface JudgedProgram {
  readonly program: string;
  readonly version: string;
  readonly verdict: "good" | "below" | "absent";
  readonly cves: string;
  readonly why: string;
  /** What helps; empty where nothing is wrong. */
  readonly next: string;
}

/** A security update that nothing installs by itself. */
interface WaitingUpdate {
  readonly update: string;
  readonly installed: string;
  readonly offered: string;
  /** Day on which this machine first saw it; "today" where nothing wrote it down. */
  readonly since: string;
  readonly next: string;
}

export interface RuntimeReport {
  readonly programs: readonly JudgedProgram[];
  readonly updates: readonly WaitingUpdate[];
}

const line = z.union([
  z.object({
    program: z.string(),
    version: z.string(),
    verdict: z.enum(["good", "below", "absent"]),
    cves: z.string(),
    why: z.string(),
    next: z.string(),
  }),
  z.object({
    update: z.string(),
    installed: z.string(),
    offered: z.string(),
    since: z.string(),
    next: z.string(),
  }),
]);

/** Judges this machine; undefined where it is not Debian's or Ubuntu's kind and nothing can be said. */
export async function runtimeReport(): Promise<RuntimeReport | undefined> {
  const ended = await execa("sh", ["-s", "--", "--json"], { input: runtimeProgram(), reject: false, timeout: 60_000 });
  if (ended.exitCode !== 0) return undefined;
  const lines = ended.stdout
    .split("\n")
    .filter(Boolean)
    .map((text) => line.parse(JSON.parse(text)));
  return {
    programs: lines.filter((found) => "program" in found),
    updates: lines.filter((found) => "update" in found),
  };
}

/** CVEs as people read them; a floor may ask for a fix that has none. */
export function holesOf(cves: string): string {
  return cves === "" ? "what is asked for" : cves.replaceAll(" ", ", ");
}

/** What a person has to know of it, a line each; none where all is well. */
export function runtimeLines({ programs, updates }: RuntimeReport): string[] {
  return [
    ...programs
      .filter(({ verdict }) => verdict === "below")
      .map(
        ({ program, version, cves, next }) =>
          `${program} ${version} is not known to have the fix of ${holesOf(cves)}; next: ${next}`,
      ),
    ...updates.map(
      ({ update, installed, offered, since, next }) =>
        `a security update of ${update} waits since ${since} (${installed} -> ${offered}); next: ${next}`,
    ),
  ];
}
