import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { ServerWritableStream } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type {
  InstallDependenciesRequest,
  InstallDependenciesResponse,
  RunPluginRequest,
  RunPluginResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { firstFilled, nodeArguments, runnerArguments } from "./arguments.ts";
import { endChild, exitOf, startChild } from "./children.ts";
import { programDirectory, programEnvironment, resolveRunner, runtimeOptions } from "./runtime.ts";

type PluginCall = ServerWritableStream<RunPluginRequest, RunPluginResponse>;
type InstallCall = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** Runs a policy pack or a provider that is a Node program, until it ends or the engine cancels the call. */
export async function runPlugin(call: PluginCall): Promise<void> {
  const start = pluginCommand(call.request);
  if (start instanceof Error) {
    // Said on the plugin's own stderr: there the engine looks for the reason why a pack did not start.
    call.write(new language.RunPluginResponse().setStderr(Buffer.from(`${start.message}\n`)));
    call.write(new language.RunPluginResponse().setExitcode(1));
    call.end();
    return;
  }
  const child = startChild(process.execPath, start.argv, {
    cwd: start.cwd,
    env: start.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  relay(child.stdout, call, (bytes) => new language.RunPluginResponse().setStdout(bytes));
  relay(child.stderr, call, (bytes) => new language.RunPluginResponse().setStderr(bytes));
  call.on("cancelled", () => {
    endChild(child);
  });
  const { code } = await exitOf(child);
  if (call.cancelled) return;
  call.write(new language.RunPluginResponse().setExitcode(code < 0 ? 1 : code));
  call.end();
}

/** Installs a program's or a policy pack's npm dependencies. */
export async function installDependencies(call: InstallCall): Promise<void> {
  const info = call.request.getInfo();
  const directory = info ? programDirectory(info) : call.request.getDirectory();
  const child = startChild("npm", ["install"], { cwd: directory, env: process.env, stdio: ["ignore", "pipe", "pipe"] });
  relay(child.stdout, call, (bytes) => new language.InstallDependenciesResponse().setStdout(bytes));
  relay(child.stderr, call, (bytes) => new language.InstallDependenciesResponse().setStderr(bytes));
  call.on("cancelled", () => {
    endChild(child);
  });
  const { code } = await exitOf(child);
  if (code !== 0) throw new Error(`npm install in ${directory} ended with exit code ${code}`);
  call.end();
}

interface PluginCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

function pluginCommand(request: RunPluginRequest): PluginCommand | Error {
  const info = request.getInfo();
  const directory = info ? programDirectory(info) : request.getProgram();
  const entry = firstFilled(info?.getEntryPoint(), ".");
  const options = runtimeOptions(info);
  const argv = runnerArguments(request.getArgsList());
  const isPack = request.getKind() === "analyzer";
  try {
    const runner = resolveRunner(directory, isPack ? "run-policy-pack" : "run-plugin");
    return {
      argv: [
        ...nodeArguments(options.nodeargs, process.env),
        runner,
        ...(isPack ? [...argv, entry] : [resolve(directory, entry), ...argv]),
      ],
      // The policy SDK reads the pack's name and version from the package.json of its working directory.
      cwd: isPack ? directory : firstFilled(request.getPwd(), directory),
      env: programEnvironment(options, environmentOf(request.getEnvList())),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function environmentOf(assignments: readonly string[]): Record<string, string> {
  const pairs = assignments.map((assignment) => {
    const at = assignment.indexOf("=");
    return [assignment.slice(0, at), assignment.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

function relay<Response>(
  stream: Readable | null,
  call: ServerWritableStream<unknown, Response>,
  message: (bytes: Uint8Array) => Response,
): void {
  stream?.on("data", (chunk: Buffer) => {
    if (!call.cancelled) call.write(message(new Uint8Array(chunk)));
  });
}
