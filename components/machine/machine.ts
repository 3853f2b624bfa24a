import { Volume } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { HardenedContainer } from "../container/hardened-container.ts";
import { PidLimits } from "../container/pid-limits.ts";
import type { ContainerUser } from "../container/host-scripts.ts";
import { runtimesOf } from "../container/posture.ts";
import type { PlacedContainer } from "../container/posture.ts";
import { PreparedHost } from "../container/prepared-host.ts";
import { HostFiles } from "../files/host-files.ts";
import { ReconciledService } from "../files/reconciled-service.ts";
import { HostFirewall } from "../firewall/host-firewall.ts";
import { dockerProvider } from "../host/docker-host.ts";
import type { DockerSettings } from "../host/docker-host.ts";
import { Host } from "../host/host.ts";
import { IsolatedNetworks } from "../network/isolated-networks.ts";
import { machineSecrets } from "../secrets/machine-secrets.ts";
import type { MachinePlan, PlannedContainer } from "./plan-machine.ts";

export interface MachineArgs extends MachinePlan {
  /** How the machine is reached, where that is known only once it exists. @default what the settings say */
  readonly docker?: pulumi.Input<DockerSettings>;
}

/** One machine of the estate: its own configuration, then networks, volumes and containers on its Docker daemon. */
export class Machine extends pulumi.ComponentResource {
  constructor(name: string, plan: MachineArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:stack:Machine", name, {}, opts);
    const { settings, docker = settings.docker } = plan;
    const { estate } = settings;
    const configured =
      plan.host === undefined ? [] : [new Host(`${name}-os`, { docker, spec: plan.host }, { parent: this })];
    const provider = dockerProvider(`${name}-docker`, docker, { parent: this, dependsOn: configured });
    const within = { parent: this, providers: { docker: provider }, dependsOn: configured };

    const firewall = new HostFirewall(
      `${name}-firewall`,
      {
        docker,
        estate,
        networks: plan.networks,
        flows: plan.flows,
        resolvers: settings.resolvers,
        publishAddress: settings.publish.address,
        machines: settings.machines,
      },
      within,
    );
    const networks = new IsolatedNetworks(
      `${name}-networks`,
      { networks: plan.networks, estate, labels: plan.labels },
      { ...within, dependsOn: firewall },
    );
    const volumes = plan.volumes.map(({ volume }) =>
      declareVolume(name, volume, plan, { parent: this, provider, dependsOn: configured }),
    );
    const host = new PreparedHost(
      `${name}-host`,
      {
        estate,
        docker,
        cgroupDriver: settings.docker.cgroupDriver,
        volumes: plan.volumes,
        cgroups: plan.cgroups,
        runtimes: runtimesOf(plan.containers.map(({ container }) => container)),
        // The person at a lab is root of it.
        users: settings.lab ? [] : plan.containers.map(({ container }) => userOf(container)),
      },
      { ...within, dependsOn: volumes },
    );

    const values = machineSecrets(name, plan.secrets, { parent: this });
    const files =
      plan.files.length === 0
        ? []
        : [new HostFiles(`${name}-files`, { docker, estate, files: plan.files, values }, within)];

    const declared = new Map<string, HardenedContainer>();
    const told = new Map<string, ReconciledService>();
    const declareContainer = (planned: PlannedContainer): HardenedContainer => {
      const known = declared.get(planned.name);
      if (known !== undefined) return known;
      const servers = plan.containers.filter((other) => planned.after.includes(other.name)).map(declareContainer);
      const container = new HardenedContainer(
        planned.name,
        {
          ...planned.container,
          networks: planned.container.networks.map((own) => ({
            ...own,
            name: networks.names.get(own.name) ?? own.name,
          })),
        },
        {
          ...within,
          dependsOn: [networks, host, ...files, ...servers, ...planned.after.flatMap((name) => told.get(name) ?? [])],
        },
      );
      declared.set(planned.name, container);
      const reconcile = plan.reconciles.find(({ service }) => service === planned.name);
      if (reconcile !== undefined) {
        const args = { docker, reconcile, values, containerId: container.containerId };
        told.set(
          planned.name,
          new ReconciledService(`${planned.name}-reconcile`, args, { ...within, dependsOn: container }),
        );
      }
      return container;
    };
    const containers = plan.containers.map(declareContainer);
    new PidLimits(
      `${name}-pids`,
      {
        docker,
        containers,
        limits: plan.containers.map(({ container }) => ({
          container: container.containerName,
          pids: container.pids,
          cpus: container.cpus,
          ...(container.cgroupParent !== undefined && { cgroupParent: container.cgroupParent }),
        })),
      },
      { ...within, dependsOn: containers },
    );
    this.registerOutputs({
      estate,
      lab: settings.lab,
      machine: settings.machine,
      scale: plan.scale,
      garrisonDeclarations: plan.declarations,
    });
  }
}

function userOf({ containerName: container, user: { uid, gid } }: PlacedContainer): ContainerUser {
  return { container, uid, gid };
}

/** Data outlives the stack: `down` lets go of a volume without deleting it, and the next `up` finds it again. */
function declareVolume(machine: string, volume: string, plan: MachinePlan, opts: pulumi.CustomResourceOptions): Volume {
  const labels = Object.entries(plan.labels).map(([label, value]) => ({ label, value }));
  const name = `${machine}-${volume.slice(plan.settings.estate.length + 1)}`;
  return new Volume(name, { name: volume, labels }, { ...opts, retainOnDelete: true });
}
