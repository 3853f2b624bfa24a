import type { LabFacts } from "./facts.ts";
import { layOutLab } from "./layout.ts";
import type { LabLayout } from "./layout.ts";
import { incusFiles, labFiles } from "./paths.ts";
import type { IncusFiles, LabFiles } from "./paths.ts";

/** The lab of machines of this user. */
export interface Lab {
  readonly facts: LabFacts;
  readonly files: LabFiles;
  readonly incusFiles: IncusFiles;
  readonly layout: LabLayout;
}

export function labOf(facts: LabFacts): Lab {
  return { facts, files: labFiles(), incusFiles: incusFiles(facts.id), layout: layOutLab(facts) };
}
