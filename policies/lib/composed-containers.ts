import type { ComposeFile } from "./compose-containers.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

/** What a compose file makes. */
export function composedFlaws({ services, volumes, networks, flaws }: ComposeFile): Started[] {
  return [
    ...services.flatMap(({ name, container, hooks }): Started[] => {
      const what = `the compose service ${name}`;
      return [
        { what, made: { type: type.container, values: container } },
        ...(container.utsMode === "host"
          ? [{ what, flaw: { found: 'utsMode of "host"', expected: "private, or not set" } }]
          : []),
        ...hooks.map((found) => ({ what, flaw: { found, expected: "a hook without rights of its own" } })),
      ];
    }),
    ...flaws.map((found) => ({ what: "a compose file", flaw: { found, expected: "a file without it" } })),
    ...volumes.map((values) => ({
      what: `the compose volume ${String(values.name)}`,
      made: { type: type.volume, values },
    })),
    ...networks.map((values) => ({
      what: `the compose network ${String(values.name)}`,
      made: { type: type.network, values },
    })),
  ];
}
