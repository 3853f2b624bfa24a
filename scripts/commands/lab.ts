import { Argument, Command } from "commander";
import { MACHINES } from "#stacks/machines.ts";
import type { MachineRole } from "#stacks/machines.ts";
import { checkout } from "#helpers/files/directories.ts";
import { withLock } from "#helpers/files/lock.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";
import { restoreAzure } from "#lab/azure/restore.ts";
import { isMachineWell, virtualMachines } from "#lab/azure/status.ts";
import type { LabDaemon } from "#lab/estate/prepare.ts";
import { readLabFacts } from "#lab/machines/facts.ts";
import { labOf } from "#lab/machines/lab-of.ts";
import type { Lab } from "#lab/machines/lab-of.ts";
import { bringUp, prepareLab, reportingIncus } from "#lab/machines/lab.ts";
import { describeScale, machineSpecs, scaleMachines } from "#lab/machines/machine-spec.ts";
import { labFiles } from "#lab/machines/paths.ts";
import { azureMachine, bareMachine } from "#lab/machines/rehearsal.ts";
import { isWell, labStatus } from "#lab/machines/status.ts";
import { takeDown, takeDownMachines } from "#lab/machines/take-down.ts";
import { deployTo, destroyOn, forgetRehearsal, requireRehearsal } from "../lab/deploy.ts";
import { openShell } from "../lab/shell.ts";
import { showMachines, showVirtualMachines } from "../lab/show.ts";

type Choice = MachineRole | "all";

/** `npm run lab -- up|down|deploy|destroy|status|ssh`: the estate's machines as system containers on this host. */
export function register(program: Command): void {
  program.addCommand(
    new Command("lab")
      .description("the estate's machines on this host: system containers with systemd, sshd and a Docker of their own")
      .helpCommand(false)
      .enablePositionalOptions()
      .addCommand(upCommand())
      .addCommand(downCommand())
      .addCommand(deployCommand())
      .addCommand(destroyCommand())
      .addCommand(statusCommand())
      .addCommand(sshCommand()),
  );
}

function upCommand(): Command {
  return new Command("up")
    .description("bring machines up; what is there and whole is left alone")
    .addArgument(machineArgument("office"))
    .action(async (choice: Choice) => {
      requireRoot("up");
      await alone(() => up(choice));
    });
}

function downCommand(): Command {
  return new Command("down")
    .description("remove machines with their disks, or with `all` the whole lab; the cached image stays")
    .addArgument(machineArgument("all"))
    .action(async (choice: Choice) => {
      requireRoot("down");
      await alone(() => down(choice));
    });
}

function deployCommand(): Command {
  return new Command("deploy")
    .description(
      "deploy a stack as for real: office to a bare machine over ssh, the others with machines that they make in the simulated Azure",
    )
    .addArgument(stackArgument())
    .option("--json", "print the result as JSON")
    .action(async (role: MachineRole, { json }: { json?: true }) => {
      requireRoot("deploy");
      const changes = await deployTo(role, await readyFor(role));
      if (json === true) console.log(JSON.stringify({ changes }, undefined, 2));
      else console.error(`  ${role}: ${changes}; npm run lab -- status`);
    });
}

function destroyCommand(): Command {
  return new Command("destroy")
    .description("remove what `deploy` made; office's bare machine stays, and its data volumes")
    .addArgument(stackArgument())
    .action(async (role: MachineRole) => {
      requireRoot("destroy");
      await requireRehearsal(role);
      await destroyOn(role, await readyFor(role));
      console.error(
        role === "office" ? "  The machine stays: npm run lab -- down office removes it." : "  Nothing of it is left.",
      );
    });
}

function stackArgument(): Argument {
  return new Argument("<stack>").choices(MACHINES);
}

function statusCommand(): Command {
  return new Command("status")
    .description("how the machines are doing; exit code 1 when one that was made is unwell")
    .addArgument(machineArgument("all"))
    .option("--json", "print JSON instead of a table")
    .action(async (choice: Choice, { json }: { json?: true }) => {
      process.exitCode = await status(choice, json === true);
    });
}

function sshCommand(): Command {
  return new Command("ssh")
    .description(
      "open a shell on a machine, or run a command there: by ssh with its pinned host key only, and on one of the simulated Azure as root by way of Incus, since the lab has no key to it",
    )
    .addArgument(new Argument("<machine>", `${MACHINES.join(", ")}, or the name of a virtual machine`))
    .argument("[command...]", "what to run in the place of a shell")
    .passThroughOptions()
    .action(async (name: string, words: string[]) => {
      process.exitCode = await openShell(await openLab(), name, words);
    });
}

function machineArgument(preset: Choice): Argument {
  return new Argument("[machine]").choices([...MACHINES, "all"]).default(preset);
}

async function up(choice: Choice): Promise<void> {
  const specs = await machineSpecs(checkout);
  const roles = rolesOf(choice);
  const { scale, machines } = await withProgress("Bringing the lab's machines up", async (progress) => {
    const brought = await bringUp(specs, roles, (detail) => {
      progress.update(detail);
    });
    progress.update("the simulated Azure");
    await restoreAzure(brought.lab);
    return brought;
  });
  for (const spec of specs.filter(({ role }) => roles.includes(role))) {
    console.error(`  ${describeScale(spec.role, spec, scale[spec.role])}`);
  }
  for (const { role, change } of machines) {
    console.error(`  ${role}: ${change}${change === "unchanged" ? "" : `; npm run lab -- ssh ${role}`}`);
  }
}

/** What the stack is deployed to is there: a bare machine, or a lab in which it can make one. */
async function readyFor(role: MachineRole): Promise<LabDaemon> {
  if (role === "office") {
    await alone(() => up(role));
    const lab = await openLab();
    if (lab === undefined) throw new Error("the lab that was brought up is gone");
    return bareMachine(lab, role);
  }
  const lab = await alone(() =>
    withProgress("Preparing the lab", (progress) =>
      prepareLab((detail) => {
        progress.update(detail);
      }),
    ),
  );
  return azureMachine(lab, role, scaleMachines(await machineSpecs(checkout), lab.facts.capacity)[role]);
}

async function down(choice: Choice): Promise<void> {
  const lab = await openLab();
  if (lab === undefined) {
    console.error("  There is no lab of machines on this host: nothing to remove.");
    return;
  }
  if (choice !== "all") {
    await withProgress(`Removing ${choice}`, () => takeDownMachines(lab, [choice]));
    await forgetRehearsal(choice);
    return;
  }
  const left = await withProgress("Removing the lab's machines", () => takeDown(lab));
  for (const role of MACHINES) await forgetRehearsal(role);
  if (left.length > 0) {
    throw new ProblemReport(
      "Something of the lab is left",
      left.map(({ what, next }) => ({
        property: what,
        found: "still there",
        expected: "removed with the lab",
        fix: next,
      })),
    );
  }
  console.error("  Nothing of it is left: no machine, no bridge, no rule, no mount, no process, no disk.");
}

async function status(choice: Choice, json: boolean): Promise<number> {
  const lab = await openLab();
  const machines = lab === undefined ? [] : await labStatus(lab, rolesOf(choice));
  const azure = lab === undefined || choice !== "all" ? [] : await virtualMachines(lab);
  if (json) console.log(JSON.stringify({ lab: lab?.facts.id ?? null, machines, azure }, undefined, 2));
  else if (lab === undefined) console.log("There is no lab of machines on this host: npm run lab -- up");
  else console.log([showMachines(machines), ...showVirtualMachines(azure)].join("\n"));
  const made = machines.filter(({ state }) => state !== "absent");
  const well = made.every(isWell) && azure.every(isMachineWell);
  return well && (choice === "all" || made.length > 0) ? 0 : 1;
}

async function openLab(): Promise<Lab | undefined> {
  const facts = await readLabFacts(labFiles());
  return facts === undefined ? undefined : labOf(facts);
}

function rolesOf(choice: Choice): readonly MachineRole[] {
  return choice === "all" ? MACHINES : [choice];
}

function alone<T>(work: () => Promise<T>): Promise<T> {
  return withLock(labFiles().lock, () => reportingIncus(work), {
    onWait: ({ pid }) => {
      throw problem("Another command is changing the lab's machines", {
        property: "lab",
        found: `process ${String(pid)} is at work on it`,
        expected: "one at a time",
        fix: "wait for it, then run the same command again",
      });
    },
  });
}

function requireRoot(command: string): void {
  if (process.getuid?.() === 0) return;
  throw problem("Machines can be made by root only", {
    property: `npm run lab -- ${command}`,
    found: "a user without those rights",
    expected: "root on Linux: mounts, a bridge and users of other machines are made",
    fix: `sudo npm run lab -- ${command}`,
  });
}
