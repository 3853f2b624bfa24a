import { planMachine } from "../components/machine/plan-machine.ts";
import { hardenedPosture } from "../components/container/posture.ts";
import { manyContainers } from "./planner-machine.ts";

/** A resource as a policy pack is asked about it. */
export interface AskedResource {
  readonly type: string;
  readonly name: string;
  readonly properties: object;
  /** Name of the component that it belongs to, which comes before it. */
  readonly parent?: string;
}

/** The containers of a made-up machine and their networks, with the properties that the components give them. */
export function manyResources(containers: number): AskedResource[] {
  const { networks, containers: planned, settings } = planMachine(manyContainers(containers));
  return [
    ...networks.map(({ name, internal, subnet }) => ({
      type: "docker:index/network:Network",
      name,
      properties: {
        name: `${settings.estate}-${name}`,
        driver: "bridge",
        internal,
        ipv6: false,
        ipamConfigs: [{ subnet }],
      },
    })),
    ...planned.flatMap(({ name, container }) => [
      {
        type: "garrison:container:HardenedContainer",
        name,
        properties: { waivers: container.waivers ?? [] },
      },
      {
        type: "docker:index/container:Container",
        name: `${name}-container`,
        properties: hardenedPosture(name, container),
        parent: name,
      },
    ]),
    {
      type: "garrison:container:PidLimits",
      name: "pids",
      properties: {
        limits: Object.fromEntries(planned.map(({ container }) => [container.containerName, container.pids])),
      },
    },
  ];
}
