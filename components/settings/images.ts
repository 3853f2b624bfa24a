import { z } from "zod";

const REGISTRY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;

/** `garrison:images`: where the images come from that nobody publishes. */
export const images = z.strictObject({
  registry: z
    .string()
    .regex(REGISTRY, "a registry, with a path where it needs one, such as ghcr.io/example")
    .optional()
    .describe(
      "Registry that `npm run images -- build` pushes our own images to, such as `ghcr.io/example`; the machine pulls " +
        "from there without an account. Without it, they are built on the machine's own daemon.",
    ),
  lock: z
    .string()
    .min(1)
    .optional()
    .describe("Lock of the images that this deployment built. Default: `images.<stack>.lock.json`."),
});

/** The lock of a deployment's own images, below the checkout. */
export function builtLockFile(stack: string, settings: z.infer<typeof images>): string {
  return settings.lock ?? `images.${stack}.lock.json`;
}
