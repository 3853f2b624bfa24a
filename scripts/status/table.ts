import Table from "cli-table3";
import pc from "picocolors";
import type { MissingService } from "#components/machine/present-services.ts";
import type { Health, Row } from "./rows.ts";

const signs: Record<Health, (text: string) => string> = {
  healthy: pc.green,
  running: pc.green,
  starting: pc.yellow,
  unhealthy: pc.red,
  stopped: pc.red,
  missing: pc.red,
};

/** The table that `up` and `status` end with. */
export function renderTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ["service", "health", "networks", "memory (MiB)", "program"].map(pc.bold),
    // The table's own colours do not ask whether there is a terminal; picocolors does.
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [27, 11, 42, 14, 17],
  });
  for (const row of rows) {
    table.push([row.service, signs[row.health](row.health), networks(row), memory(row), program(row)]);
  }
  return table.toString();
}

/**
 * The lines below the table: the count, what to do about containers that do not run, addresses to open.
 *
 * @param up the command that brings the estate up
 */
export function renderFooter(rows: readonly Row[], scale: number | undefined, up: string): string {
  const pages = rows.filter(({ address }) => address !== undefined);
  const well = rows.filter(({ health }) => health === "healthy" || health === "running").length;
  const standIns = rows.filter(({ program: kind }) => kind === "stand-in").length;
  const width = Math.max(0, ...pages.map(({ service }) => service.length));
  return [
    `${String(well)} of ${String(rows.length)} containers are well; ${String(standIns)} are stand-ins.`,
    ...notRunning(rows, up),
    ...(scale === undefined ? [] : [scaleLine(scale)]),
    ...(pages.length === 0 ? [] : ["To open on this host:"]),
    ...pages.map(({ service, address }) => `  ${service.padEnd(width)}  ${address ?? ""}`),
  ].join("\n");
}

function notRunning(rows: readonly Row[], up: string): string[] {
  const [stopped, missing] = (["stopped", "missing"] as const).map((wanted) =>
    rows.filter(({ health }) => health === wanted).map(({ container }) => container),
  );
  return [
    ...(stopped?.[0] === undefined
      ? []
      : [`Stopped: ${stopped.join(", ")}. See why (docker logs ${stopped[0]}), then ${up} (starts them again).`]),
    ...(missing?.[0] === undefined ? [] : [`Missing: ${missing.join(", ")}; ${up} (makes them again).`]),
  ];
}

/** What a deployment goes without, by reason. */
export function renderMissing(title: string, missing: readonly MissingService[]): string {
  const reasons = [...Map.groupBy(missing, ({ why }) => why)];
  const lines = reasons.map(([why, services]) => `  ${services.map(({ service }) => service).join(", ")}: ${why}`);
  return [title, ...lines].join("\n");
}

function scaleLine(scale: number): string {
  if (scale === 1) return "Memory limits are those of the real machine.";
  return `Memory limits are scaled to this host: ${String(Math.round(scale * 100))} % of the real machine's, with a floor per service.`;
}

function networks(row: Row): string {
  const named = row.networks.filter((name) => name !== "none");
  return named.length === 0 ? pc.dim(row.health === "missing" ? "-" : "none") : named.join(", ");
}

function memory({ memoryUsedMiB, memoryLimitMiB }: Row): string {
  if (memoryLimitMiB === undefined) return "-";
  return `${memoryUsedMiB === undefined ? "-" : String(memoryUsedMiB)} / ${String(memoryLimitMiB)}`;
}

function program(row: Row): string {
  if (row.program === "unknown") return "-";
  return row.idle === undefined ? row.program : `${row.program}, idle`;
}
