/** A resource provider for the real engine, from a plugin's definition: the engine's raw protocol, nothing of the SDK. */
import { fromStruct, openSecrets, toStruct, type ValuePath } from "@garrison/helpers/pulumi/values.ts";
import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { checkConfig, decodeConfig, diffConfig } from "./config-rpcs.ts";
import type { Context, ProviderDefinition } from "./definition.ts";
import { engineLog } from "./engine-log.ts";
import { Cancelled, EngineGone, TimedOut, toServiceError } from "./errors.ts";
import { lifetime } from "./lifetime.ts";
import { check, create, diff, logicalName, read, remove, SealedInitFailed, update } from "./resource-rpcs.ts";

/** States grow with what programs put into them; the protocol's own default is 4 MiB. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Serves the plugin until the engine lets it go. Prints the port as the first line, as the engine expects. */
export function serve<S>(plugin: ProviderDefinition<S>): void {
  const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(services.ResourceProviderService, implementation(plugin, address));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`the lab's ${plugin.name} plugin cannot listen: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

type Unary<Request, Response> = (
  call: { request: Request },
  callback: (error: Partial<grpc.ServiceError> | null, response?: Response) => void,
) => void;

function implementation<S>(plugin: ProviderDefinition<S>, engineAddress: string): grpc.UntypedServiceImplementation {
  const stop = new AbortController();
  const log = engineLog(engineAddress);
  let settings: { value: S } | undefined;
  const life = lifetime({
    orphaned: () => {
      stop.abort(new EngineGone());
    },
    exit: () => process.exit(0),
  });

  const answer =
    <Request, Response>(work: (request: Request) => Response | Promise<Response>): Unary<Request, Response> =>
    (call, callback) => {
      life
        .during(async () => work(call.request))
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback(toServiceError(error, error instanceof SealedInitFailed ? error.outputs : undefined));
          },
        );
    };

  const context =
    (urn: string, timeoutSeconds: number) =>
    (secrets: readonly ValuePath[]): Context<S> => {
      if (!settings) throw new Error(`the ${plugin.name} plugin was used before it was configured`);
      return {
        urn,
        name: logicalName(urn),
        settings: settings.value,
        signal: withTimeout(stop.signal, timeoutSeconds),
        secrets,
        log: (message, options) => {
          log(urn, message, options);
        },
      };
    };

  return {
    handshake: answer(handshake),
    attach: answer(() => new empties.Empty()),
    cancel: answer(() => {
      stop.abort(new Cancelled());
      return new empties.Empty();
    }),
    getPluginInfo: answer(() => new plugins.PluginInfo().setVersion(plugin.version)),
    getMapping: answer(() => new messages.GetMappingResponse()),
    getMappings: answer(() => new messages.GetMappingsResponse()),
    checkConfig: answer((request: messages.CheckRequest) => checkConfig(plugin, request)),
    diffConfig: answer(diffConfig),
    configure: answer((request: messages.ConfigureRequest) => {
      settings = { value: plugin.configure(decodeConfig(plugin, openSecrets(fromStruct(request.getArgs())).plain)) };
      return configured();
    }),
    check: answer((request: messages.CheckRequest) => check(plugin, request)),
    diff: answer((request: messages.DiffRequest) => diff(plugin, request)),
    create: answer((request: messages.CreateRequest) =>
      create(plugin, request, context(request.getUrn(), request.getTimeout())),
    ),
    read: answer((request: messages.ReadRequest) => read(plugin, request, context(request.getUrn(), 0))),
    update: answer((request: messages.UpdateRequest) =>
      update(plugin, request, context(request.getUrn(), request.getTimeout())),
    ),
    delete: answer(async (request: messages.DeleteRequest) => {
      await remove(plugin, request, context(request.getUrn(), request.getTimeout()));
      return new empties.Empty();
    }),
    invoke: answer(async (request: messages.InvokeRequest) => {
      const run = plugin.invokes?.[request.getTok()];
      if (!run) throw new Error(`${request.getTok()} is not implemented by the lab's ${plugin.name} plugin`);
      const { plain, secrets } = openSecrets(fromStruct(request.getArgs()));
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(await run(plain, context("", 0)(secrets))));
      return response;
    }),
  };
}

function handshake(): messages.ProviderHandshakeResponse {
  const response = new messages.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

function configured(): messages.ConfigureResponse {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

/** The plugin's own signal, or an earlier end when the resource has a timeout. */
function withTimeout(stop: AbortSignal, seconds: number): AbortSignal {
  if (seconds <= 0) return stop;
  const timeout = new AbortController();
  setTimeout(() => {
    timeout.abort(new TimedOut(seconds));
  }, seconds * 1000).unref();
  return AbortSignal.any([stop, timeout.signal]);
}
