import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";

const settingsFile = z.object({ config: z.object({ "garrison:network": z.string() }) });

/** The block of a machine's container networks in its committed settings: the addresses that its pages tell. */
export function committedNetwork(role: string): string {
  const text = readFileSync(join(checkout, `Pulumi.${role}.yaml`), "utf8");
  return settingsFile.parse(parse(text)).config["garrison:network"];
}
