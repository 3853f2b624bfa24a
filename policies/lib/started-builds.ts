import { containerOfCommand } from "./command-container.ts";
import type { ContainerCommand } from "./container-commands.ts";
import { flawsOfDockerfile, isUnpinnedRemote } from "./dockerfile.ts";
import { unchecked } from "./shell/script.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

type Part = Omit<Started, "what">;

const RIGHTS = /insecure|device|network\.host|^fs(?:\.(?:read|write))?=(?:\/|\*)/;
const SET = /\.(?:network(?:-mode)?=host|entitlements\+?=(?:security\.insecure|network\.host))$/;

/** A build's own mounts end with it; the network and the rights that it is given do not wait for its end. */
export function ofBuild(command: ContainerCommand): Part[] {
  const { options, operands, call } = command;
  const given = (name: string) => options.get(name) ?? [];
  const fromInput = operands.includes("-") || given("file").at(-1) === "-";
  const flaws = [
    ...given("allow")
      .filter((right) => RIGHTS.test(right))
      .map((right) => `--allow ${right}`),
    ...given("set")
      .filter((one) => SET.test(one))
      .map((one) => `--set ${one}`),
    ...[...given("network"), ...given("net")]
      .filter((network) => /^(?:host$|container:)/i.test(network))
      .map((network) => `--network ${network}`),
    ...[...operands, ...given("build-context").map((one) => one.slice(one.indexOf("=") + 1))]
      .filter(isUnpinnedRemote)
      .map((place) => `${place.replace(/\/\/[^@/]*@/, "//")}, which can be other files tomorrow`),
    ...(fromInput && unchecked(call.stdin).length > 0 ? ["a Dockerfile that is fetched unread"] : []),
    ...(fromInput && call.stdin.text !== undefined ? flawsOfDockerfile(call.stdin.text) : []),
  ];
  return [
    { made: { type: type.container, values: { ...containerOfCommand(command), networkMode: undefined } } },
    ...flaws.map((found) => ({ flaw: { found, expected: "a build without it" } })),
  ];
}

/** `docker buildx create`, in the words of a builder as a resource. */
export function builderOf(options: ContainerCommand["options"]): Readonly<Record<string, unknown>> {
  const driver = (options.get("driver-opt") ?? []).flatMap((text) => text.split(","));
  return {
    buildkitFlags: [...(options.get("buildkitd-flags") ?? []), ...(options.get("buildkitd-config-inline") ?? [])].join(
      " ",
    ),
    driverOptions: Object.fromEntries(driver.map((one) => [one.split("=", 1)[0], one.slice(one.indexOf("=") + 1)])),
  };
}
