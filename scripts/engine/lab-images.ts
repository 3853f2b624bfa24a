import type Docker from "dockerode";
import type { ServiceSpec } from "#components/services/service.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { describeSubstitution, ensureLabImages } from "#lab/images/ensure.ts";
import { withProgress } from "#helpers/terminal/progress.ts";

/** Builds the images that an estate's services need, and says where a stand-in takes the place of a real program. */
export async function buildLabImages(
  { files }: Estate,
  services: readonly ServiceSpec[],
  docker?: Docker,
): Promise<void> {
  const { substituted } = await withProgress("Lab images", (progress) =>
    ensureLabImages({
      services,
      lockFile: files.imagesLock,
      ...(docker !== undefined && { docker }),
      progress: (message) => {
        progress.update(message);
      },
    }),
  );
  for (const substitution of substituted) console.error(`  warning: ${describeSubstitution(substitution)}`);
}
