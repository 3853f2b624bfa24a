import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { DockerSettings } from "../host/docker-host.ts";
import { hostCommand } from "../host/host-command.ts";
import type { SecretValues } from "../secrets/machine-secrets.ts";
import { fillIn, referencesIn } from "../secrets/reference.ts";
import type { SecretReference } from "../secrets/reference.ts";
import { filesScript } from "./files-script.ts";
import type { ServiceFiles } from "./plan-files.ts";

export interface HostFilesArgs {
  readonly docker: pulumi.Input<DockerSettings>;
  readonly estate: string;
  readonly files: readonly ServiceFiles[];
  /** Values of the secrets that the files name. */
  readonly values: ReadonlyMap<string, SecretValues>;
}

/**
 * The files of all services of a host, delivered by one command before the containers that mount them start. They lie in
 * the host's memory, each readable by its own service only, and a systemd unit brings them back after a reboot.
 */
export class HostFiles extends pulumi.ComponentResource {
  constructor(name: string, args: HostFilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:files:HostFiles", name, {}, opts);
    const text = filledFiles(args.files, args.values).apply((filled) => filesScript(args.estate, filled));
    hostCommand(`${name}-command`, args.docker, { text, secret: true }, { parent: this });
    this.registerOutputs({
      files: args.files.flatMap((own) => pathsOf(own)),
      secretFiles: args.files.flatMap((own) => pathsOf(own, (text) => referencesIn(text).length > 0)),
    });
  }
}

/** The files with every reference replaced by its plain value: a secret. */
export function filledFiles(
  files: readonly ServiceFiles[],
  values: HostFilesArgs["values"],
): pulumi.Output<ServiceFiles[]> {
  return pulumi.secret(
    valuesOf(files, values).apply((plain) => fillFiles(files, (reference) => plain[keyOf(reference)] ?? "")),
  );
}

type Values = Readonly<Record<string, string>>;

/** The plain value behind each reference, by what it refers to. */
function valuesOf(files: readonly ServiceFiles[], values: HostFilesArgs["values"]): pulumi.Output<Values> {
  const outputs = new Map<string, pulumi.Output<string>>();
  for (const reference of files.flatMap(({ directories }) => directories.flatMap((own) => referencesOf(own.files)))) {
    const output = values.get(reference.name)?.[reference.slot][reference.field];
    if (output === undefined) throw new Error(`the secret ${reference.name} has no ${reference.field}`);
    outputs.set(keyOf(reference), output);
  }
  return pulumi.all(Object.fromEntries(outputs));
}

/** The files with every reference replaced by the plain value that it names, in the form that it asks for. */
export function fillFiles(
  files: readonly ServiceFiles[],
  plainValueOf: (reference: SecretReference) => string,
): ServiceFiles[] {
  const valueOf = (reference: SecretReference): string => written(plainValueOf(reference), reference.as);
  return files.map((own) => ({
    ...own,
    directories: own.directories.map((directory) => ({
      ...directory,
      files: Object.fromEntries(
        Object.entries(directory.files).map(([name, text]) => [name, fillIn(text, valueOf)] as const),
      ),
    })),
  }));
}

function referencesOf(files: Readonly<Record<string, string>>): SecretReference[] {
  return Object.values(files).flatMap(referencesIn);
}

function keyOf({ name, slot, field }: SecretReference): string {
  return `${name} ${slot} ${field}`;
}

function written(value: string, as: SecretReference["as"]): string {
  switch (as) {
    case "raw":
      return value;
    case "json":
      return JSON.stringify(value);
    case "sha256":
      return createHash("sha256").update(value).digest("hex");
  }
}

function pathsOf({ directories }: ServiceFiles, wanted: (text: string) => boolean = () => true): string[] {
  return directories.flatMap(({ source, files }) =>
    Object.entries(files)
      .filter(([, text]) => wanted(text))
      .map(([name]) => `${source}/${name}`),
  );
}
