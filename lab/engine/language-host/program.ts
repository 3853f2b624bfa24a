import language from "@pulumi/pulumi/proto/language_pb.js";
import type { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { firstFilled, nodeArguments } from "./arguments.ts";
import type { HostArguments } from "./arguments.ts";
import { endChild, exitOf, startChild } from "./children.ts";
import { programDirectory, programEnvironment, resolveRunner, runtimeOptions } from "./runtime.ts";

/** The SDK's runner leaves with this code when it has shown the error to the user already. */
const alreadyReported = 32;

/** Runs a Pulumi program to its end. Its output is the host's: the engine shows what follows the port line. */
export async function runProgram(
  request: RunRequest,
  host: HostArguments,
  onCancelled: (listener: () => void) => void,
): Promise<RunResponse> {
  const info = request.getInfo();
  const directory = info ? programDirectory(info) : request.getPwd();
  const options = runtimeOptions(info);
  const child = startChild(
    process.execPath,
    [
      ...nodeArguments(options.nodeargs, process.env),
      resolveRunner(directory, "run"),
      ...runnerFlags(request, host),
      firstFilled(info?.getEntryPoint(), request.getProgram(), "."),
      ...request.getArgsList(),
    ],
    {
      cwd: directory,
      env: programEnvironment(options, {
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      }),
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  onCancelled(() => {
    endChild(child);
  });
  return response(await exitOf(child));
}

function runnerFlags(request: RunRequest, host: HostArguments): string[] {
  const root = request.getInfo()?.getRootDirectory();
  return [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${host.engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(root ? [`--root-directory=${root}`] : []),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...(host.tracing ? [`--tracing=${host.tracing}`] : []),
  ];
}

function response(exit: { code: number; signal: NodeJS.Signals | null }): RunResponse {
  const answer = new language.RunResponse();
  if (exit.code === alreadyReported) answer.setBail(true);
  else if (exit.signal) answer.setError(`the program was ended by ${exit.signal}`);
  else if (exit.code !== 0) answer.setError(`the program ended with exit code ${exit.code}`);
  return answer;
}
