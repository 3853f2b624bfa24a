/** Physical names for resources that were given none. */
import { createHash, randomBytes } from "node:crypto";
import type messages from "@pulumi/pulumi/proto/provider_pb.js";

type MakeName = (logicalName: string, digest: string) => string;

/** The engine's proposal if it made one, else what the plugin makes of the logical name. */
export function autoname(
  request: messages.CheckRequest,
  logicalName: string,
  makeName: MakeName = withSevenDigits,
): string {
  const proposed = request.getAutonaming()?.getProposedName();
  if (proposed !== undefined && proposed !== "") return proposed;
  // The engine's seed makes the name the same in preview and up.
  const seed = request.getRandomseed_asU8();
  const digest = createHash("sha256")
    .update(seed.length > 0 ? seed : randomBytes(32))
    .digest("hex");
  return makeName(logicalName, digest);
}

function withSevenDigits(logicalName: string, digest: string): string {
  return `${logicalName}-${digest.slice(0, 7)}`;
}
