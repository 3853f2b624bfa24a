import { z } from "zod";
import { isHostName, isPort } from "./forms.ts";
import { worded } from "./words.ts";

const REGISTRY = /^([a-z0-9.-]+)(?::(\d{1,5}))?(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;

/** A file of the checkout, or elsewhere. */
export const lockFile = worded(z.string().regex(/^[^\n\r]+\.json$/), "the path of a JSON file", "images.lock.json");

/** `garrison:images`: where the images come from that nobody publishes. */
export const images = z.strictObject({
  registry: worded(
    z.string().refine(isRegistry),
    "a registry, with a path where it needs one, such as ghcr.io/example",
    "ghcr.io/<owner>",
  )
    .optional()
    .describe(
      "Registry that `npm run images -- build` pushes our own images to, such as `ghcr.io/example`; the machine pulls " +
        "from there without an account. Without it, they are built on the machine's own daemon.",
    ),
  lock: lockFile
    .optional()
    .describe("Lock of the images that this deployment built. Default: `images.<stack>.lock.json`."),
});

/** The lock of a deployment's own images, below the checkout. */
export function builtLockFile(stack: string, settings: z.infer<typeof images>): string {
  return settings.lock ?? `images.${stack}.lock.json`;
}

function isRegistry(text: string): boolean {
  const [, name, port] = REGISTRY.exec(text) ?? [];
  return name !== undefined && isHostName(name) && (port === undefined || isPort(port));
}
