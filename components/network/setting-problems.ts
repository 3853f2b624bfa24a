import type { Problem } from "../lib/problems.ts";
import type { Settings } from "../settings/settings.ts";
import { isPublic, notAResolver, overlap, parseBlock } from "./address.ts";

/** Addresses in the settings that would lead containers to the wrong place. */
export function settingProblems({
  network,
  lan,
  resolvers,
  publish,
}: Pick<Settings, "network" | "lan" | "resolvers" | "publish">): Problem[] {
  const own = parseBlock(network);
  return [
    ...lan
      .filter((block) => overlap(own, parseBlock(block)))
      .map((block) => ({
        property: "garrison:network",
        found: `${network}, which overlaps ${block} of garrison:lan`,
        expected: "a block of its own: addresses in both would lead to the containers only",
        fix: "pulumi config set garrison:network <another private block>",
      })),
    ...resolvers.flatMap((address) => {
      const inside = overlap(own, parseBlock(`${address}/32`));
      const wrong = inside ? `an address in the estate's own block ${network}` : notAResolver(address);
      if (wrong === undefined) return [];
      return [
        {
          property: "garrison:resolvers",
          found: `${address}, ${wrong}`,
          expected: "name servers that are neither on the host nor in its containers",
          fix: "pulumi config set --path garrison:resolvers[0] <address>",
        },
      ];
    }),
    ...(isPublic(publish.address)
      ? [
          {
            property: "garrison:publish.address",
            found: `${publish.address}, a public address`,
            expected: "a loopback or private address: what is published is for neighbours, not for the internet",
            fix: "pulumi config set --path garrison:publish.address <address>",
          },
        ]
      : []),
  ];
}
