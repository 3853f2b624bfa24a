import { azure } from "../azure-types.ts";
import { isOfStorage } from "../azure-storage-address.ts";
import { profileOf } from "../azure-resources.ts";
import { ARGUMENTS, commandType } from "../command-texts.ts";
import { containerOf } from "../containers.ts";
import type { Properties } from "../properties.ts";
import type { Resource } from "../resource.ts";
import { quoted } from "../shell/quoted.ts";
import type { Start } from "../shell/process.ts";
import { type } from "../types.ts";
import { unwrapped } from "./first-boot-data.ts";

/** A text that a resource has run, or puts where it will be run. */
export interface Place {
  /** Path of the property. */
  readonly path: string;
  readonly text: string;
  /** `shell`: read by a shell. `words`: a program and its words, as JSON. `file`: its name and its text say what it is. */
  readonly kind: "shell" | "words" | "file";
  /** Name of the file. */
  readonly file?: string;
  /** Whether it runs on a host or in a container, where much of it does no harm. */
  readonly where: "host" | "container";
  readonly start?: Start;
}

const SHELL = /(^|\/)(ba|da|z|k|a)?sh$/;
const SERVICE_CONFIG = "docker:index/serviceConfig:ServiceConfig";
/** Other machines than Azure's, and what is added to those, by the property that holds what they run when they are born. */
const BORN: ReadonlyMap<string, readonly string[]> = new Map([
  ["aws:ec2/instance:Instance", ["userData", "userDataBase64"]],
  ["aws:ec2/launchTemplate:LaunchTemplate", ["userData"]],
  ["aws:ec2/launchConfiguration:LaunchConfiguration", ["userData", "userDataBase64"]],
  ["gcp:compute/instance:Instance", ["metadataStartupScript", "metadata"]],
  ["gcp:compute/instanceTemplate:InstanceTemplate", ["metadataStartupScript", "metadata"]],
  ["gcp:compute/projectMetadata:ProjectMetadata", ["metadata"]],
  ["oci:Core/instance:Instance", ["metadata"]],
  ["scaleway:index/instanceServer:InstanceServer", ["cloudInit", "userData"]],
  ["scaleway:instance/server:Server", ["cloudInit", "userData"]],
  ["vultr:index/instance:Instance", ["userData"]],
  ["libvirt:index/cloudInitDisk:CloudInitDisk", ["userData"]],
  ["hcloud:index/server:Server", ["userData"]],
  ["digitalocean:index/droplet:Droplet", ["userData"]],
  ["linode:index/instance:Instance", ["stackscriptData"]],
  ["openstack:compute/instance:Instance", ["userData"]],
  ["azure:compute/virtualMachineScaleSet:VirtualMachineScaleSet", ["osProfile", "extensions"]],
  ["azure:compute/virtualMachineRunCommand:VirtualMachineRunCommand", ["source"]],
  ["azure-native:compute:VirtualMachineScaleSetVMExtension", ["settings", "protectedSettings"]],
  [azure.scaleSetExtension, ["settings", "protectedSettings"]],
  ["azure-native:compute:VirtualMachineScaleSetVMRunCommand", ["source"]],
  [azure.runCommand, ["source"]],
  ["azure-native:hybridcompute:MachineExtension", ["properties"]],
  ["azure-native:resources:AzureCliScript", ["scriptContent"]],
  ["azure-native:resources:AzurePowerShellScript", ["scriptContent"]],
  ["azure-native:resources:DeploymentScript", ["scriptContent"]],
  [azure.machineExtension, ["settings", "protectedSettings"]],
]);

/** Containers of Azure's own services, by where they stand. */
const CONTAINERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["azure-native:containerinstance:ContainerGroup", [""]],
  ["azure-native:app:ContainerApp", ["template"]],
  ["azure-native:app:Job", ["template"]],
]);

/** Types of the resources that hold scripts. */
export const HOLDING: readonly string[] = [
  ...Object.values(commandType),
  type.container,
  type.service,
  SERVICE_CONFIG,
  azure.machine,
  azure.scaleSet,
  ...BORN.keys(),
  ...CONTAINERS.keys(),
];

/** Every text of a resource that is run. */
export function placesOf(resource: Resource): Place[] {
  switch (resource.type) {
    case commandType.local:
    case commandType.remote:
      return ofCommand(resource.properties);
    case commandType.copyToRemote:
    case commandType.copyFile:
      return ofCopy(resource.properties);
    case type.container:
    case type.service:
      return ofContainer(resource);
    case SERVICE_CONFIG:
      return texts(resource.properties, "data").flatMap(({ path, value }) =>
        unwrapped({ path, text: value, kind: "file", where: "container" }),
      );
    default:
      return CONTAINERS.has(resource.type)
        ? ofAzureContainers(resource)
        : [...ofMachine(resource), ...ofAddresses(resource)];
  }
}

function ofAzureContainers({ type: token, properties }: Resource): Place[] {
  return (CONTAINERS.get(token) ?? [])
    .map((name) => (name === "" ? properties : properties.object(name)))
    .flatMap((holder) => ["containers", "initContainers"].flatMap((name) => holder.objects(name)))
    .flatMap((container) => {
      const words = ["command", "args"].flatMap((name) => container.texts(name).map(({ value }) => value));
      return words.length === 0 ? [] : [inContainer(container.path("command"), words)];
    });
}

/** Scripts by their address, which the service fetches and runs, as the commands that they stand for. */
function ofAddresses({ properties }: Resource): Place[] {
  const settings = [properties, properties.object("properties")].map((one) => one.object("settings"));
  const given = [
    ...settings.flatMap((one) => one.texts("fileUris")),
    ...settings.flatMap((one) => one.object("protectedSettings").texts("fileUris")),
    ...["primaryScriptUri", "scriptUri"].flatMap((name) =>
      [properties, properties.object("source")].map((one) => ({ path: one.path(name), value: one.text(name) ?? "" })),
    ),
  ];
  return given
    .filter(({ value }) => /^https?:/i.test(value) && !isOfStorage(value))
    .map(({ path, value }) => ({ path, text: `curl ${quoted(value)} | sh`, kind: "shell", where: "host" }));
}

/** What comes on stdin is found by running the command once more with it: it may be a script, a file, or no more than data. */
function ofCommand(properties: Properties): Place[] {
  const environment = new Map(
    properties
      .object("environment")
      .entries()
      .map(({ name, value }) => [name, value]),
  );
  const interpreter = properties.texts("interpreter").map(({ value }) => value);
  const start: Start = { environment, directory: properties.text("dir") };
  const ownProgram = interpreter.length > 0 && !SHELL.test(interpreter[0] ?? "");
  const commands = ARGUMENTS.flatMap((name): Place[] => {
    const text = properties.text(name) ?? "";
    const words = JSON.stringify([...interpreter, text]);
    const place = { path: properties.path(name), where: "host", start } as const;
    return text === ""
      ? []
      : [ownProgram ? { ...place, text: words, kind: "words" } : { ...place, text, kind: "shell" }];
  });
  // Of an interpreter alone the words are all there is.
  if (commands.length === 0 && interpreter.length > 0) {
    return [
      { path: properties.path("interpreter"), text: JSON.stringify(interpreter), kind: "words", where: "host", start },
    ];
  }
  const input = properties.text("stdin") ?? "";
  if (input === "") return commands;
  const path = properties.path("stdin");
  const [first] = commands;
  return [
    ...commands,
    first === undefined
      ? { path, text: input, kind: "file", where: "host", start }
      : { ...first, path, start: { ...start, stdin: { text: input, fetched: [] } } },
  ];
}

/** The asset's text, or those of the files in an archive. */
function ofCopy(properties: Properties): Place[] {
  const target = properties.text("remotePath") ?? "";
  const own = (asset: Properties, file: string): Place[] => {
    const text = asset.text("text");
    const inner = asset.object("assets");
    return [
      ...(text === undefined ? [] : unwrapped({ path: asset.path("text"), text, kind: "file", file, where: "host" })),
      ...inner.names().flatMap((name) => own(inner.object(name), `${file}/${name}`)),
    ];
  };
  return ["source", "localAsset", "localArchive"].flatMap((name) => own(properties.object(name), target));
}

function ofContainer(resource: Resource): Place[] {
  const container = containerOf(resource);
  const list = (name: string) => container.texts(name).map(({ value }) => value);
  const words = [...list("entrypoints"), ...list("command")];
  const test = container.object("healthcheck");
  const [how = "", ...probe] = test.texts("tests").map(({ value }) => value);
  const uploads = container.objects("uploads").flatMap((upload) =>
    ["content", "contentBase64"].flatMap((name): Place[] => {
      const text = upload.text(name);
      const place = {
        path: upload.path(name),
        kind: "file",
        file: upload.text("file") ?? "",
        where: "container",
      } as const;
      return text === undefined || text === "" ? [] : unwrapped({ ...place, text });
    }),
  );
  return [
    ...(words.length === 0
      ? []
      : [inContainer(container.path(list("command").length > 0 ? "command" : "entrypoints"), words)]),
    ...(how === "CMD-SHELL" && probe.length > 0
      ? [{ path: test.path("tests"), text: probe.join(" "), kind: "shell" as const, where: "container" as const }]
      : []),
    ...(how === "CMD" && probe.length > 0 ? [inContainer(test.path("tests"), probe)] : []),
    ...uploads,
  ];
}

function inContainer(path: string, words: readonly string[]): Place {
  return { path, text: JSON.stringify(words), kind: "words", where: "container" };
}

function ofMachine(resource: Resource): Place[] {
  const profile = profileOf(resource);
  const named = BORN.get(resource.type) ?? [];
  const found = [
    ...named.flatMap((name) => texts(resource.properties, name)),
    ...(resource.type === azure.machine || resource.type === azure.scaleSet
      ? [
          ...texts(profile.object("osProfile"), "customData"),
          ...texts(profile, "userData"),
          ...texts(profile, "extensionProfile"),
        ]
      : []),
  ];
  return found.flatMap(({ path, value }) => unwrapped({ path, text: value, kind: "file", where: "host" }));
}

/** All texts at a name, whatever the shape of the value. */
function texts(properties: Properties, name: string): { path: string; value: string }[] {
  const value = properties.get(name);
  if (typeof value === "string") return [{ path: properties.path(name), value }];
  if (typeof value !== "object" || value === null) return [];
  return properties.object(name).everyText(name);
}
