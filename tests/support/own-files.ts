import { expect } from "vitest";
import { inspect } from "./docker.ts";
import type { LabEstate } from "./lab-estate.ts";

interface Container {
  readonly Name: string;
  readonly Mounts: readonly { readonly Source: string; readonly RW: boolean }[];
}

/** Each container that is there has files of its own service only, and cannot write them. */
export async function expectOwnFilesOnly(estate: LabEstate): Promise<void> {
  const id = (await estate.idNow()) ?? "";
  for (const one of await estate.containers()) {
    const { Name, Mounts } = await inspect<Container>(one);
    const service = Name.slice(id.length + 2);
    const files = Mounts.filter(({ Source }) => Source.startsWith("/run/") && !Source.endsWith("docker.sock"));
    for (const { Source, RW } of files) {
      expect(Source, service).toMatch(new RegExp(`^/run/garrison/${id}/${service}/`));
      expect(RW, service).toBe(false);
    }
  }
}
