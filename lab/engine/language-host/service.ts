import { pulumiVersion } from "@garrison/helpers/pulumi/versions.ts";
import { status } from "@grpc/grpc-js";
import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { firstFilled } from "./arguments.ts";
import type { HostArguments } from "./arguments.ts";
import { endAllChildren } from "./children.ts";
import { missingPlugins, programDependencies } from "./packages.ts";
import { installDependencies, runPlugin } from "./plugin.ts";
import { runProgram } from "./program.ts";
import { programDirectory } from "./runtime.ts";

/** What is left out is code generation (`pulumi convert`, `pulumi package`): the host runs programs, no more. */
type LanguageService = Pick<
  ILanguageRuntimeServer,
  | "about"
  | "cancel"
  | "getPluginInfo"
  | "getProgramDependencies"
  | "getRequiredPackages"
  | "handshake"
  | "installDependencies"
  | "run"
  | "runPlugin"
  | "runtimeOptionsPrompts"
  | "template"
>;

/** The language runtime of Node.js, as the engine calls it. */
export function languageService(argv: HostArguments): LanguageService {
  let host = argv;
  return {
    handshake: unary((call) => {
      host = { ...host, engineAddress: firstFilled(call.request.getEngineAddress(), host.engineAddress) };
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(pulumiVersion)),
    about: unary(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    getRequiredPackages: unary((call) => {
      const info = call.request.getInfo();
      const missing = info ? missingPlugins(programDirectory(info), process.env.PULUMI_HOME) : [];
      return new language.GetRequiredPackagesResponse().setPackagesList(missing.map(packageDependency));
    }),
    getProgramDependencies: unary((call) => {
      const info = call.request.getInfo();
      const found = info ? programDependencies(programDirectory(info), call.request.getTransitivedependencies()) : [];
      return new language.GetProgramDependenciesResponse().setDependenciesList(
        found.map(({ name, version }) => new language.DependencyInfo().setName(name).setVersion(version)),
      );
    }),
    run: unary((call) =>
      runProgram(call.request, host, (listener) => {
        call.on("cancelled", listener);
      }),
    ),
    runPlugin: streaming(runPlugin),
    installDependencies: streaming(installDependencies),
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    template: unary(() => new language.TemplateResponse()),
    cancel: unary(() => {
      endAllChildren();
      return new empty.Empty();
    }),
  };
}

function packageDependency(missing: { name: string; version: string; server: string }) {
  return new plugin.PackageDependency()
    .setName(missing.name)
    .setKind("resource")
    .setVersion(missing.version)
    .setServer(missing.server);
}

function unary<Request, Response>(
  answer: (call: ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: messageOf(error) });
        },
      );
  };
}

function streaming<Request, Response>(
  run: (call: ServerWritableStream<Request, Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    run(call).catch((error: unknown) => {
      call.emit("error", { code: status.UNKNOWN, details: messageOf(error) });
    });
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
