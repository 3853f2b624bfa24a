import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Files below it are summed up. */
const shownFromMs = 1000;

/** How long a file took: to load what it stands on, and to run. */
interface FileTime {
  readonly file: string;
  readonly loadMs: number;
  readonly runMs: number;
}

/** A reporter of vitest that closes a run with the time of each file, the slowest first. */
export default class FileTimes implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const times = modules.map((module) => {
      const { collectDuration, duration } = module.diagnostic();
      return { file: relative(process.cwd(), module.moduleId), loadMs: collectDuration, runMs: duration };
    });
    console.log(renderTimes(times));
  }
}

/** A line for each file that took a second or more, and one for all the others. */
export function renderTimes(times: readonly FileTime[]): string {
  const total = ({ loadMs, runMs }: FileTime): number => loadMs + runMs;
  const sorted = [...times].sort((a, b) => total(b) - total(a));
  const shown = sorted.filter((time) => total(time) >= shownFromMs);
  const rest = sorted.slice(shown.length);
  const lines = shown.map(
    (time) => `  ${seconds(total(time)).padStart(7)} s  ${time.file} (${seconds(time.loadMs)} s to load)`,
  );
  const restMs = rest.reduce((sum, time) => sum + total(time), 0);
  return [
    "Time of each file:",
    ...lines,
    ...(rest.length > 0 ? [`  ${seconds(restMs).padStart(7)} s  ${String(rest.length)} files under a second`] : []),
  ].join("\n");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
