import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import type Docker from "dockerode";
import { execa } from "execa";
import { pulumiVersion } from "../helpers/pulumi/versions.ts";
import { checkout } from "../helpers/files/directories.ts";
import { composeVersion } from "./compose-tool.ts";
import type { SeriesResult } from "./series.ts";
import type { Summary } from "./statistics.ts";

/** Where and with what something was measured. */
export interface Circumstances {
  readonly date: string;
  readonly commit: string;
  readonly processors: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly docker: string;
  readonly node: string;
  readonly pulumi: string;
  readonly compose: string;
  /** One-minute load average before the first run: what else the machine had to do. */
  readonly loadBefore: number;
}

export interface BenchmarkResult {
  readonly circumstances: Circumstances;
  readonly series: readonly SeriesResult[];
}

/** @param load average of a minute, before anything was measured */
export async function observeCircumstances(
  docker: Docker | undefined,
  engine: string,
  [load = 0] = loadavg(),
): Promise<Circumstances> {
  const git = await execa("git", ["describe", "--always", "--dirty", "--abbrev=10"], { cwd: checkout, reject: false });
  const version = docker === undefined ? undefined : await docker.version();
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git.exitCode === 0 ? git.stdout.trim() : "unknown",
    processors: `${String(cpus().length)} x ${first?.model.trim() ?? "unknown"}`,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${distribution()}, Linux ${release()}`,
    docker: version === undefined ? "no daemon" : version.Version,
    node: process.version,
    pulumi: `${pulumiVersion} (${engine})`,
    compose: composeVersion,
    loadBefore: Math.round(load * 10) / 10,
  };
}

/** The result as the Markdown of `docs/reference/benchmarks.md`, which is also readable on a terminal. */
export function renderResult({ circumstances, series }: BenchmarkResult): string {
  return [renderCircumstances(circumstances), ...series.flatMap(renderSeries)].join("\n");
}

/** Of what is measured by the clock alone and compared with nothing. */
export function renderMeasurements(
  circumstances: Circumstances,
  title: string,
  measured: readonly { readonly title: string; readonly seconds: Summary }[],
): string {
  const rows = measured.map((row) => [row.title, format(row.seconds)]);
  return [renderCircumstances(circumstances), "", `### ${title}`, "", ...table(["measured", "seconds"], rows)].join(
    "\n",
  );
}

function renderCircumstances(circumstances: Circumstances): string {
  const { date, commit, processors, memoryGiB, system, docker, node, pulumi, compose, loadBefore } = circumstances;
  return (
    `${date}, commit ${commit}: ${processors}, ${String(memoryGiB)} GiB, ${system}, Docker ${docker}, Node ${node}, ` +
    `Pulumi ${pulumi}, Docker Compose ${compose}; load average before the first run ${String(loadBefore)}.`
  );
}

function renderSeries({ title, rounds, notes, measured, ratios }: SeriesResult): string[] {
  return [
    "",
    `### ${title}: ${String(rounds)} rounds, median (least to most)`,
    "",
    ...table(
      ["measured", "seconds", "processor seconds"],
      measured.map((row) => [row.title, format(row.seconds), format(row.cpuSeconds)]),
    ),
    "",
    ...table(
      ["ratio", "by the clock", "by processor time", "aim"],
      ratios.map(({ title: name, seconds, cpuSeconds, aim, met }) => [
        name,
        format(seconds),
        format(cpuSeconds),
        aim === undefined ? "" : `<= ${String(aim)}: ${met === true ? "met" : "missed"}`,
      ]),
    ),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `- ${note}`)]),
  ];
}

function format({ median, least, most }: Summary): string {
  // What nobody measured has no ratio.
  if (Number.isNaN(median)) return "-";
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function distribution(): string {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1] ?? "unknown";
  } catch {
    return process.platform;
  }
}
