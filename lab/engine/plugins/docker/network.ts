/** docker.Network on a real daemon. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import ipaddr from "ipaddr.js";
import type { Context, ResourceDefinition } from "#provider/definition.ts";
import { isDefault } from "#provider/resource-rpcs.ts";
import type { Daemon } from "./connection/daemon.ts";
import { ifExists, messageOf, speaking, statusOf } from "./connection/failures.ts";
import { isLeftover } from "./holders.ts";
import { defined, labelList, labelMap, type NetworkInputs } from "./inputs.ts";

type Inspected = Dockerode.NetworkInspectInfo;

export const network: ResourceDefinition<Daemon, NetworkInputs> = {
  nameProperty: "name",
  sets: ["labels", "ipamConfigs"],
  deleteBeforeReplace: (old, inputs) => !isDefault(inputs, "name"),

  check(inputs) {
    // As the official plugin's Check fills in (run).
    if (inputs.ipamDriver === undefined) {
      const filled = inputs as unknown as Properties;
      filled.ipamDriver = "default";
      filled.__defaults = [...(Array.isArray(filled.__defaults) ? (filled.__defaults as string[]) : []), "ipamDriver"];
    }
    return [];
  },

  async create(inputs, context) {
    return speaking(context.settings, `creating network ${inputs.name}`, async () => {
      const docker = await context.settings.client();
      const found = await createNetwork(docker, inputs, context);
      return { id: found.Id, outputs: networkOutputs(found, inputs) };
    });
  },

  /** Whatever keeps the network from being inspected counts as its absence, a daemon that does not answer included. */
  async read(id, old, context) {
    const docker = await context.settings.client();
    const found = await docker
      .getNetwork(id)
      .inspect()
      .catch((error: unknown) => {
        context.log(`network ${id.slice(0, 12)} is taken for gone: ${messageOf(error)}`, { severity: "warning" });
        return undefined;
      });
    if (!found) return undefined;
    const imported = Object.keys(old.inputs).length === 0;
    const inputs: Properties = imported ? { name: found.Name } : { ...old.inputs };
    return { id: found.Id, inputs, outputs: networkOutputs(found, inputs) };
  },

  async delete(id, { outputs }, context) {
    await speaking(context.settings, `removing network ${String(outputs.name)}`, async () => {
      await removeNetwork((await context.settings.client()).getNetwork(id), context);
    });
  },
};

function networkSpec(inputs: NetworkInputs): Dockerode.NetworkCreateOptions {
  return defined({
    Name: inputs.name,
    CheckDuplicate: true,
    Driver: inputs.driver ?? "bridge",
    Internal: inputs.internal,
    Attachable: inputs.attachable,
    Ingress: inputs.ingress,
    EnableIPv6: inputs.ipv6,
    Options: inputs.options,
    Labels: labelMap(inputs.labels),
    IPAM: ipam(inputs),
  });
}

function ipam({ ipamConfigs, ipamDriver, ipamOptions }: NetworkInputs): Dockerode.IPAM | undefined {
  if (!(ipamConfigs ?? ipamDriver ?? ipamOptions)) return undefined;
  const pools = ipamConfigs?.map((pool) =>
    defined({ Subnet: pool.subnet, Gateway: pool.gateway, IPRange: pool.ipRange, AuxiliaryAddresses: pool.auxAddress }),
  );
  return defined({ Driver: ipamDriver ?? "default", Options: ipamOptions, Config: pools });
}

function networkOutputs(found: Inspected, inputs: Properties): Properties {
  const pools = (found.IPAM?.Config ?? []).map((pool) =>
    defined({
      subnet: pool.Subnet,
      gateway: pool.Gateway,
      ipRange: pool.IPRange,
      auxAddress: pool.AuxiliaryAddresses,
    }),
  );
  return {
    name: found.Name,
    ipamConfigs: pools,
    internal: found.Internal,
    ...inputs,
    driver: found.Driver,
    options: found.Options ?? {},
    scope: found.Scope,
  };
}

async function createNetwork(docker: Dockerode, inputs: NetworkInputs, context: Context<Daemon>): Promise<Inspected> {
  const spec = networkSpec(inputs);
  const create = async () => (await docker.createNetwork(spec)).inspect();
  try {
    return await create();
  } catch (error) {
    if (messageOf(error).includes("overlaps")) throw await explainOverlap(docker, inputs, error);
    if (statusOf(error) !== 409) throw error;
    await clearName(docker, inputs, context);
    return create();
  }
}

async function clearName(docker: Dockerode, inputs: NetworkInputs, context: Context<Daemon>): Promise<void> {
  const holder = docker.getNetwork(inputs.name);
  const found = await ifExists(holder.inspect());
  if (!found) return;
  if (!isLeftover(labelMap(inputs.labels), found.Labels ?? null)) {
    throw new Error(
      `the name ${inputs.name} is in use by network ${found.Id.slice(0, 12)} (created ${found.Created}). ` +
        `Remove it with: docker network rm ${inputs.name}; or give this one another name`,
    );
  }
  context.log(`replacing network ${inputs.name}: an interrupted run left it behind`, { severity: "warning" });
  await removeNetwork(holder, context);
}

/** "Pool overlaps" does not say with what. */
async function explainOverlap(docker: Dockerode, inputs: NetworkInputs, error: unknown): Promise<Error> {
  const wanted = (inputs.ipamConfigs ?? []).flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet]));
  const networks = await docker.listNetworks();
  const rivals = networks.flatMap((other) =>
    (other.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) =>
      subnet !== undefined && wanted.some((block) => overlap(block, subnet)) ? [`${other.Name} (${subnet})`] : [],
    ),
  );
  const with_ = rivals.length > 0 ? `network ${rivals.join(", ")}` : "an address block of the host";
  return new Error(`network ${inputs.name}: ${wanted.join(", ")} overlaps with ${with_}; choose another block`, {
    cause: error,
  });
}

export function overlap(a: string, b: string): boolean {
  const [left, right] = [ipaddr.parseCIDR(a), ipaddr.parseCIDR(b)];
  if (left[0].kind() !== right[0].kind()) return false;
  const prefix = Math.min(left[1], right[1]);
  return left[0].match(right[0], prefix);
}

/** Containers that leave at the same time need a moment; those that stay are named. */
async function removeNetwork(living: Dockerode.Network, context: Context<Daemon>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await ifExists(living.remove());
      return;
    } catch (error) {
      if (!messageOf(error).includes("active endpoints")) throw error;
      if (attempt >= 20 || context.signal.aborted) throw await explainEndpoints(living, error);
      await sleep(250);
    }
  }
}

async function explainEndpoints(living: Dockerode.Network, error: unknown): Promise<Error> {
  const found = await living.inspect();
  const names = Object.values(found.Containers ?? {}).map(({ Name: name }) => name);
  return new Error(
    `network ${found.Name} is in use by ${names.join(", ")}. ` +
      `Disconnect with: docker network disconnect -f ${found.Name} ${names[0] ?? "<container>"}`,
    { cause: error },
  );
}

/** The lookup function of the same name. */
export async function getNetwork(args: Properties, daemon: Daemon): Promise<Properties> {
  const name = String(args.name);
  return speaking(daemon, `looking network ${name} up`, async () => {
    const found = await (await daemon.client()).getNetwork(name).inspect();
    return { id: found.Id, ...networkOutputs(found, {}), labels: labelList(found.Labels) };
  });
}
