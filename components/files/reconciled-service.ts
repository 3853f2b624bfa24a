import * as pulumi from "@pulumi/pulumi";
import type { DockerSettings } from "../host/docker-host.ts";
import { hostCommand } from "../host/host-command.ts";
import type { SecretValues } from "../secrets/machine-secrets.ts";
import { filledFiles } from "./host-files.ts";
import { reconcileScript } from "./reconcile.ts";
import type { PlannedReconcile } from "./reconcile.ts";

export interface ReconciledServiceArgs {
  readonly docker: pulumi.Input<DockerSettings>;
  readonly reconcile: PlannedReconcile;
  /** Values of the secrets that the text names. */
  readonly values: ReadonlyMap<string, SecretValues>;
  /** Id of the container: a new one is told everything again. */
  readonly containerId: pulumi.Input<string>;
}

/**
 * A running server that was told what it has to know. It is told once its container is healthy, and again when the text, a
 * secret in it or the container is another; before the clients with which it shares a secret start.
 */
export class ReconciledService extends pulumi.ComponentResource {
  constructor(name: string, args: ReconciledServiceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:files:ReconciledService", name, {}, opts);
    const { container, command, asFile } = args.reconcile;
    const text = filledFiles([asFile], args.values).apply(([filled]) =>
      reconcileScript(container, command, filled?.directories[0]?.files.input ?? ""),
    );
    hostCommand(
      `${name}-command`,
      args.docker,
      { text, secret: true, endsByItself: true, triggers: [args.containerId] },
      { parent: this },
    );
    this.registerOutputs({ container, command });
  }
}
