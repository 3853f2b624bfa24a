import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServiceSpec } from "#components/services/service.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import type { LabImages } from "#lab/images/ensure.ts";
import { planImages } from "#lab/images/plan.ts";
import { office } from "#stacks/office.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, pullImage, runHardened, waitForHealth } from "../support/hardened-run.ts";
import { webPlatform } from "../support/web-platform.ts";
import { wired } from "../support/wired.ts";

// What takes the place of the web platform's programs, each under its own posture and its own health check.
const prefix = testPrefix();
const { services } = wired(webPlatform());
const keys = planImages(services)
  .filter(({ program }) => program === "stand-in")
  .map(({ key }) => key);
let directory: string;
let lab: LabImages;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-web-"));
  // The sandbox brings what hands a volume to its user.
  const all = [...services, ...office.services];
  const wanted = [...keys, "openclaw-sandbox"];
  lab = await ensureLabImages({ services: all, keys: wanted, lockFile: join(directory, "lock.json") });
}, 600_000);

afterAll(async () => {
  await removeByPrefix(prefix);
  await rm(directory, { recursive: true, force: true });
});

async function reference(key: string): Promise<string> {
  const image = lab.images[key];
  const name = `${image?.repository ?? ""}@${image?.digest ?? ""}`;
  await pullImage(new Docker(), name);
  return name;
}

test.each(keys)(
  "%s is healthy while something answers on its port, and not when nobody does",
  async (key) => {
    const service = services.find(({ image }) => image === key);
    if (service === undefined) throw new Error(`nobody uses ${key}`);
    const facts = withoutProgram(service);
    const run = { name: `${prefix}-${key}`, image: await reference(key), tools: await reference("openclaw-sandbox") };
    const container = await runHardened(facts, run);
    await waitForHealth(container, "healthy", 60);
    const { output } = await execIn(container, [
      "/bin/busybox",
      "sh",
      "-c",
      "kill $(/bin/busybox pidof nc) && echo gone",
    ]);
    expect(output).toContain("gone");
    await waitForHealth(container, "unhealthy", 60);
    await container.remove({ force: true });
  },
  180_000,
);

/** A stand-in begins by itself, and reads nothing. */
function withoutProgram(service: ServiceSpec): ServiceSpec {
  const kept = Object.entries(service).filter(([key]) => key !== "entrypoint" && key !== "mounts");
  return Object.fromEntries(kept) as unknown as ServiceSpec;
}
