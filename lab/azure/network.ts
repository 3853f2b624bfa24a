import { ProblemReport } from "#helpers/terminal/report.ts";
import { cableGroup } from "../internet/layout.ts";
import { ensureBridges, listBridges, removeBridge } from "../machines/bridges.ts";
import { ensureDockerRules, readOutwardLinks } from "../machines/firewall.ts";
import type { DockerRule } from "../machines/firewall.ts";
import { runHost } from "../machines/host-command.ts";
import type { PreparedLab } from "../machines/lab.ts";
import { azureNames } from "../machines/layout.ts";
import type { NetworkFacts } from "../fabric/fabric.ts";
import { bridgeOf } from "./layout.ts";
import { judgeNeighbours } from "./neighbours.ts";
import { networkProblems, readHostNetwork } from "./network-problems.ts";
import { renderAzureTable } from "./table.ts";

/** @throws ProblemReport when this host has no room for such networks */
export async function checkNetworkFacts(lab: PreparedLab, facts: NetworkFacts): Promise<void> {
  const problems = networkProblems(facts, await readHostNetwork(lab.facts.id));
  if (problems.length > 0) throw new ProblemReport("This host cannot have such an Azure network", problems);
}

/**
 * Makes links and rules of this host be what the facts say.
 *
 * @returns the names of the bridges whose link had to be made again
 */
export async function applyNetworkFacts(lab: PreparedLab, facts: NetworkFacts): Promise<readonly string[]> {
  const { id } = lab.facts;
  const names = azureNames(id);
  const bridges = facts.networks.flatMap(({ subnets }) => subnets).map((subnet) => bridgeOf(id, subnet));
  // Rules first: nothing hangs on a link before it is judged what may pass.
  const links = { outward: await readOutwardLinks(), cables: cableGroup };
  await runHost("nft", ["-f", "-"], renderAzureTable(id, facts, links));
  await ensureDockerRules(dockerRules(id));
  const wanted = new Set(bridges.map(({ name }) => name));
  const there = (await listBridges(lab.incus)).filter((name) => name.startsWith(names.bridges));
  for (const name of there.filter((one) => !wanted.has(one))) await removeBridge(lab.incus, name);
  const lost = await ensureBridges(lab, bridges);
  for (const { name } of bridges) await judgeNeighbours(name);
  return lost;
}

/** What passes has been judged by the lab's own table, which comes before Docker's chains. */
function dockerRules(lab: string): readonly DockerRule[] {
  const { bridges, tag } = azureNames(lab);
  const mark = ["-m", "comment", "--comment", tag];
  return [
    ["-i", `${bridges}+`, ...mark, "-j", "ACCEPT"],
    ["-o", `${bridges}+`, ...mark, "-j", "ACCEPT"],
  ];
}
