import { createHash } from "node:crypto";
import { execa } from "execa";
import { z } from "zod";
import { tableOf } from "#components/firewall/render-rules.ts";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { problem } from "#helpers/terminal/report.ts";
import { doctorFor } from "./choice.ts";
import { outputsOf, runRecorded } from "./recorded-commands.ts";
import type { EngineState } from "./state.ts";

const firewallType = "garrison:firewall:HostFirewall";
const outputs = z.object({ table: z.string(), fingerprint: z.string() });

/**
 * How the kernel's table differs from the one that was loaded, in words; undefined when it does not, or none was. Of a
 * table that another version of nft loaded, only whether it is there can be told.
 */
export async function findFirewallDrift(state: EngineState): Promise<string | undefined> {
  const [loaded] = outputsOf(state, firewallType, outputs);
  if (loaded === undefined) return undefined;
  const { table, fingerprint } = loaded;
  const nft = await firstExecutable(systemPath(), "nft");
  if (nft === undefined) return "nft is not installed, so nothing is known of them";
  const listed = await execa(nft, ["-s", "list", "table", "inet", table], { reject: false, stripFinalNewline: false });
  if (listed.exitCode !== 0) return `the table ${table} is gone`;
  const [version, hash] = fingerprint.split(" ");
  if ((await execa(nft, ["--version"])).stdout.split(" ")[1] !== version) return undefined;
  const now = createHash("sha256").update(listed.stdout).digest("hex");
  return now === hash ? undefined : `the table ${table} was changed`;
}

/** Whether the kernel has rules of an estate, by its id. */
export async function hasFirewall(estate: string): Promise<boolean> {
  const nft = await firstExecutable(systemPath(), "nft");
  if (nft === undefined) return false;
  return (await execa(nft, ["list", "table", "inet", tableOf(estate)], { reject: false })).exitCode === 0;
}

/** Loads the estate's rules again where the kernel has others or none. Returns whether it had to. */
export async function restoreFirewall(state: EngineState, again: string): Promise<boolean> {
  if ((await findFirewallDrift(state)) === undefined) return false;
  const title = "The host's rules cannot be loaded again";
  await runRecorded(state, firewallType, { title, expected: "rules as the estate has them", again });
  const left = await findFirewallDrift(state);
  if (left === undefined) return true;
  throw problem(title, {
    property: "nftables",
    found: left,
    expected: "the table as it was first loaded",
    fix: `${doctorFor(again)}, then ${again}`,
  });
}
