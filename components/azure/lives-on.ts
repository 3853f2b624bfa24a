import * as pulumi from "@pulumi/pulumi";

/**
 * Options for a component whose resources are on a machine: they end with it, so a `destroy` asks nothing of it, and
 * what Docker made is made again on another machine in its place. Commands run again by themselves, because another
 * machine has another host key.
 *
 * @param machine with an id that no two machines have
 */
export function livesOn(
  machine: pulumi.CustomResource & { readonly vmId: pulumi.Output<string> },
): pulumi.ComponentResourceOptions {
  return {
    // The engine hands it on to everything below.
    deletedWith: machine,
    transformations: [
      ({ type, props, opts }) =>
        type.startsWith("docker:")
          ? {
              props,
              opts: pulumi.mergeOptions(opts, { replacementTrigger: machine.vmId }),
            }
          : undefined,
    ],
  };
}
