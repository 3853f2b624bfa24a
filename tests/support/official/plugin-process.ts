/** A provider plugin in a process of its own, spoken to as the engine does: the protocol of @pulumi/pulumi's protos. */
import { once } from "node:events";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { fromStruct, toStruct } from "#helpers/pulumi/values.ts";
import type { Properties } from "#helpers/pulumi/values.ts";

/** What is asked about: a type and the name of a resource of it. */
export interface Subject {
  readonly type: string;
  readonly name: string;
}

interface Checked {
  readonly inputs: Properties;
  /** Properties that were refused, each with the reason. */
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

export interface Difference {
  readonly changed: boolean;
  /** Properties for which the resource would be made anew. */
  readonly replaces: readonly string[];
}

/** The calls of one plugin. Secrets are in their envelopes, unknown values are the engine's mark. */
export interface Plugin {
  check(subject: Subject, inputs: Properties, old?: Properties): Promise<Checked>;
  diff(subject: Subject, old: Created & { readonly inputs: Properties }, inputs: Properties): Promise<Difference>;
  create(subject: Subject, inputs: Properties, options?: { preview: boolean }): Promise<Created>;
  /** `undefined`: it is gone. */
  read(subject: Subject, old: Created & { readonly inputs: Properties }): Promise<Read | undefined>;
  update(subject: Subject, old: Created & { readonly inputs: Properties }, inputs: Properties): Promise<Properties>;
  remove(subject: Subject, old: Created & { readonly inputs: Properties }): Promise<void>;
  /** What it told the engine since it was asked last. */
  said(): string[];
  end(): Promise<void>;
}

type Read = Created & { readonly inputs: Properties };

const maxMessageBytes = 64 * 1024 * 1024;
const limits = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
};

/** Starts a plugin, tells it what its provider's settings are, and hands it out ready. */
export async function startPlugin(
  file: string,
  args: readonly string[],
  settings: Properties,
  packageName: string,
): Promise<Plugin> {
  const log: string[] = [];
  const engine = await listeningEngine(log);
  const child = spawn(file, [...args, `127.0.0.1:${String(engine.port)}`], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.on("data", (text: Buffer) => log.push(text.toString().trim()));
  const lines = createInterface(child.stdout);
  const [port] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => {
      throw new Error(`${file} ended before it listened: ${log.join("\n")}`);
    }),
  ])) as [string];
  const client = new services.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    limits,
  ) as unknown as Client;
  const call = <Response>(method: string, request: unknown): Promise<Response> =>
    new Promise((resolve, reject) => {
      const method_ = client[method];
      if (method_ === undefined) throw new Error(`the protocol has no ${method}`);
      method_.call(client, request, (error, response) => {
        if (error === null) resolve(response as Response);
        else reject(new Error(error.details));
      });
    });
  await configure(call, packageName, settings);
  return {
    ...resourceCalls(call),
    said: () => log.splice(0),
    end: async () => {
      client.close();
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      engine.server.forceShutdown();
    },
  };
}

type Answer = (error: grpc.ServiceError | null, response: unknown) => void;
type Client = Record<string, ((request: unknown, answer: Answer) => void) | undefined> & { close(): void };
type Call = <Response>(method: string, request: unknown) => Promise<Response>;

/** An engine that only listens: plugins write their log to it. */
async function listeningEngine(log: string[]): Promise<{ server: grpc.Server; port: number }> {
  const server = new grpc.Server(limits);
  const none = (_call: unknown, answer: (error: null, response: unknown) => void): void => {
    answer(null, new empties.Empty());
  };
  server.addService(engineServices.EngineService, {
    log: (call: { request: { getMessage(): string } }, answer: (error: null, response: unknown) => void) => {
      log.push(call.request.getMessage());
      none(call, answer);
    },
    getRootResource: none,
    setRootResource: none,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { server, port };
}

/** As the engine does for a provider resource: check its settings, then hand over what the check returned. */
async function configure(call: Call, packageName: string, settings: Properties): Promise<void> {
  const urn = `urn:pulumi:test::garrison::pulumi:providers:${packageName}::provider`;
  const asked = new messages.CheckRequest().setUrn(urn).setNews(toStruct(settings)).setOlds(toStruct({}));
  const checked = await call<messages.CheckResponse>("checkConfig", asked);
  const refused = checked.getFailuresList().map((failure) => failure.getReason());
  if (refused.length > 0) throw new Error(`the settings of ${packageName} are refused: ${refused.join("; ")}`);
  const request = new messages.ConfigureRequest();
  request.setArgs(checked.getInputs()).setAcceptsecrets(true).setAcceptresources(true).setSendsOldInputs(true);
  request.setSendsOldInputsToDelete(true).setUrn(urn).setName("provider").setType(`pulumi:providers:${packageName}`);
  for (const [key, value] of Object.entries(fromStruct(checked.getInputs()))) {
    if (typeof value === "string") request.getVariablesMap().set(`${packageName}:config:${key}`, value);
  }
  await call("configure", request);
}

/** A plugin may name what is replaced in a list, or by the kind of each change. */
const { Kind } = messages.PropertyDiff;
const replacingKinds = new Set([Kind.ADD_REPLACE, Kind.DELETE_REPLACE, Kind.UPDATE_REPLACE]);

function resourceCalls(call: Call): Omit<Plugin, "said" | "end"> {
  return {
    check: async (subject, inputs, old = {}) => {
      const request = new messages.CheckRequest().setUrn(urnOf(subject)).setRandomseed(new Uint8Array(32).fill(7));
      request.setNews(toStruct(inputs)).setOlds(toStruct(old)).setName(subject.name).setType(subject.type);
      const response = await call<messages.CheckResponse>("check", request);
      const failures = response.getFailuresList().map((failure) => failure.toObject());
      return { inputs: fromStruct(response.getInputs()), failures };
    },
    diff: async (subject, old, inputs) => {
      const request = new messages.DiffRequest().setId(old.id).setUrn(urnOf(subject)).setOlds(toStruct(old.outputs));
      request.setOldInputs(toStruct(old.inputs)).setNews(toStruct(inputs)).setName(subject.name).setType(subject.type);
      const response = await call<messages.DiffResponse>("diff", request);
      const details = [...response.getDetaileddiffMap().entries()] as [string, messages.PropertyDiff][];
      const replacing = details.filter(([, detail]) => replacingKinds.has(detail.getKind())).map(([name]) => name);
      return {
        changed: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: [...response.getReplacesList(), ...replacing].sort(),
      };
    },
    create: async (subject, inputs, { preview } = { preview: false }) => {
      const request = new messages.CreateRequest().setUrn(urnOf(subject)).setProperties(toStruct(inputs));
      request.setPreview(preview).setName(subject.name).setType(subject.type).setTimeout(120);
      const response = await call<messages.CreateResponse>("create", request);
      return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    },
    read: async (subject, old) => {
      const request = new messages.ReadRequest().setId(old.id).setUrn(urnOf(subject));
      request.setProperties(toStruct(old.outputs)).setInputs(toStruct(old.inputs));
      request.setName(subject.name).setType(subject.type);
      const response = await call<messages.ReadResponse>("read", request);
      if (response.getId() === "") return undefined;
      const outputs = fromStruct(response.getProperties());
      return { id: response.getId(), outputs, inputs: fromStruct(response.getInputs()) };
    },
    update: async (subject, old, inputs) => {
      const request = new messages.UpdateRequest().setId(old.id).setUrn(urnOf(subject)).setTimeout(120);
      request.setOlds(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs)).setNews(toStruct(inputs));
      request.setName(subject.name).setType(subject.type);
      return fromStruct((await call<messages.UpdateResponse>("update", request)).getProperties());
    },
    remove: async (subject, old) => {
      const request = new messages.DeleteRequest().setId(old.id).setUrn(urnOf(subject)).setTimeout(120);
      request.setProperties(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs));
      await call("delete", request.setName(subject.name).setType(subject.type));
    },
  };
}

function urnOf({ type, name }: Subject): string {
  return `urn:pulumi:test::garrison::${type}::${name}`;
}
