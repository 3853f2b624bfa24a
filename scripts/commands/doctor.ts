import type { Command } from "commander";
import Docker from "dockerode";
import pc from "picocolors";
import { pingDocker } from "#helpers/docker/ping.ts";
import { stateDirectory } from "#helpers/files/directories.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { whatOnlyAPersonCanDo } from "../docker/ensure.ts";
import { checkEstateFiles, checkEstateInDocker } from "../doctor/estate.ts";
import { note, ok, wrong } from "../doctor/finding.ts";
import type { Finding } from "../doctor/finding.ts";
import { checkInternet } from "../doctor/internet.ts";
import { checkLab } from "../doctor/lab.ts";
import {
  checkDisk,
  checkMemory,
  checkNode,
  checkPidsController,
  checkPrograms,
  checkPulumi,
} from "../doctor/machine.ts";
import { checkRuntime } from "../doctor/runtime.ts";
import { commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { chosenEstate, chosenName } from "../engine/session.ts";
import { readState } from "../engine/state.ts";
import { runtimeReport } from "../status/runtime-report.ts";

interface DoctorOptions extends EstateChoice {
  readonly json?: true;
}

/** `npm run doctor`: looks at everything a deployment needs and changes nothing. */
export function register(program: Command): void {
  withEstateOptions(program.command("doctor"))
    .description("what is wrong on this host and with its estate, and what to type; changes nothing")
    .option("--json", "print JSON")
    .action(async (options: DoctorOptions) => {
      const findings = (await examine(options)).map((finding) => forEstate(finding, options));
      if (options.json === true) console.log(JSON.stringify(findings, undefined, 2));
      else console.log(findings.map(render).join("\n"));
      process.exitCode = findings.some(({ verdict }) => verdict === "wrong") ? 1 : 0;
    });
}

async function examine(choice: EstateChoice): Promise<Finding[]> {
  const estate = await chosenEstate(choice);
  const state = estate === undefined ? undefined : await readState(estate.files, estate.stack);
  const daemon = await pingDocker();
  const docker = daemon.version === undefined ? undefined : new Docker();
  const storage = docker === undefined ? [] : [((await docker.info()) as { DockerRootDir: string }).DockerRootDir];
  return [
    checkNode(),
    await checkPulumi(),
    docker === undefined
      ? wrong(
          "Docker",
          `no answer at ${daemon.address}: ${daemon.reason ?? "unknown"}`,
          whatOnlyAPersonCanDo(daemon) ?? "npm run up (brings and starts it)",
        )
      : ok("Docker", `${daemon.version ?? ""} at ${daemon.address}`),
    await checkPidsController(),
    await checkPrograms({ docker: "docker.io", iptables: "iptables", nft: "nftables" }),
    ...(await checkDisk([cacheDirectory(), stateDirectory(), ...storage])),
    checkMemory(estate),
    ...(estate === undefined || state === undefined
      ? [note("estate", `${chosenName(choice)} was not made yet; npm run up makes it`)]
      : [...(await checkEstateFiles(estate, state)), await checkInternet(estate, state.resources.length > 0)]),
    ...(estate === undefined || state === undefined || docker === undefined
      ? []
      : await checkEstateInDocker(estate, state, docker)),
    ...(await checkLab()),
    ...checkRuntime(await runtimeReport()),
  ];
}

/** What is to be typed names the estate that was looked at. */
function forEstate(finding: Finding, choice: EstateChoice): Finding {
  if (finding.next === undefined) return finding;
  const next = finding.next
    .replace("npm run up", commandLine("up", choice))
    .replace("npm run down -- --volumes", commandLine("down", choice, "--volumes"));
  return { ...finding, next };
}

function render({ name, verdict, found, next }: Finding): string {
  const sign = { ok: pc.green("✓"), wrong: pc.red("✗"), note: pc.dim("·") }[verdict];
  const line = `${sign} ${name}: ${found}`;
  return next === undefined ? line : `${line}\n    next: ${next}`;
}
