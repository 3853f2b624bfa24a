import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { ServiceSpec } from "#components/services/service.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import type { LabImages } from "#lab/images/ensure.ts";
import { planImages } from "#lab/images/plan.ts";
import { office } from "#stacks/office.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { deliver } from "../support/configured-service.ts";
import { removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, pullImage, runHardened, waitForHealth } from "../support/hardened-run.ts";
import { officeContext } from "../support/office-files.ts";

const prefix = testPrefix();
const docker = new Docker();
let directory = "";
let lab: LabImages;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-images-"));
  lab = await ensureLabImages({ services: office.services, lockFile: join(directory, "lock.json") });
}, 600_000);

afterAll(async () => {
  await removeByPrefix(prefix);
  await rm(directory, { recursive: true, force: true });
});

function referenceOf(key: string): string {
  const image = lab.images[key];
  if (image === undefined) throw new Error(`no image ${key}`);
  return `${image.repository}@${image.digest}`;
}

async function start(spec: ServiceSpec, name: string, network?: string): Promise<Docker.Container> {
  for (const key of [spec.image, "openclaw-sandbox"]) await pullImage(docker, referenceOf(key));
  const files = spec.files === undefined ? {} : await deliver(join(directory, name), spec.files(officeContext()), spec);
  const mounted = { ...spec, mounts: { ...spec.mounts, ...files } };
  return runHardened(mounted, {
    name: `${prefix}-${name}`,
    image: referenceOf(spec.image),
    tools: referenceOf("openclaw-sandbox"),
    ...(network === undefined ? {} : { network }),
  });
}

// Well with its database alone: memory.test.ts has both.
const alone = office.services.filter(({ name }) => name !== "graphiti");

// Each is a container of its own, which mostly waits for its next health check.
describe.concurrent("every service of the office machine under its posture", () => {
  test.each(alone.map((spec) => [spec.name, spec] as const))("%s becomes healthy", async (name, spec) => {
    const container = await start(spec, name);
    try {
      await waitForHealth(container, "healthy", spec.startSeconds ?? 120);
      if (lab.images[spec.image]?.program === "real") return;
      const log = (await container.logs({ stdout: true, stderr: true })).toString();
      expect(log).toContain(`stand-in for ${spec.image} (lab)`);
      const { Config } = await docker.getImage(referenceOf(spec.image)).inspect();
      expect(Config.Labels).toMatchObject({ "garrison.stand-in": "true", "garrison.image": spec.image });
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
});

describe.concurrent("a stand-in", () => {
  const standIns = planImages(office.services).filter(({ program }) => program === "stand-in");
  const listening = office.services.filter(
    ({ image, idle, listens }) => standIns.some(({ key }) => key === image) && idle === undefined && listens.length > 0,
  );

  test.each(listening.map((spec) => [spec.name, spec] as const))(
    "%s turns red without its listener",
    async (name, spec) => {
      const container = await start(spec, `red-${name}`);
      try {
        await waitForHealth(container, "healthy", 60);
        const killed = await execIn(container, ["/bin/busybox", "killall", "-9", "nc"]);
        expect(killed.exitCode).toBe(0);
        await waitForHealth(container, "unhealthy", 60);
        expect((await container.inspect()).State.Running).toBe(true);
      } finally {
        await container.remove({ force: true, v: true });
      }
    },
  );

  test("says over HTTP what it is", async () => {
    const spec = serviceNamed("llm-guard");
    const container = await start(spec, "http");
    try {
      await waitForHealth(container, "healthy", 60);
      const { output } = await execIn(container, ["/bin/busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/"]);
      expect(output.trim()).toBe("stand-in for llm-guard (lab): not the real program");
    } finally {
      await container.remove({ force: true, v: true });
    }
  });

  test.each(["llm-guard", "wazuh-manager", "openclaw-sandbox"])("%s ends on SIGTERM", async (name) => {
    const container = await start(serviceNamed(name), `stop-${name}`);
    try {
      await waitForHealth(container, "healthy", 60);
      await container.stop({ t: 10 });
      // What does not heed it is killed in the end, and tells with this code.
      expect((await container.inspect()).State.ExitCode).not.toBe(137);
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
});

describe("ensureLabImages", () => {
  test("builds nothing the second time", async () => {
    const again = await ensureLabImages({ services: office.services, lockFile: join(directory, "lock.json") });
    expect(again.built).toEqual([]);
    expect(again.images).toEqual(lab.images);
  });

  test("writes every key with a digest that Docker can pull", async () => {
    const lock = JSON.parse(await readFile(join(directory, "lock.json"), "utf8")) as { images: typeof lab.images };
    expect(lock.images).toEqual(lab.images);
    expect(Object.keys(lock.images)).toEqual([...new Set(office.services.map(({ image }) => image))].sort());
    for (const image of Object.values(lock.images)) expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("builds again what the registry has lost", async () => {
    const own = { cache: join(directory, "cache"), registry: join(directory, "registry") };
    const { stopRegistry } = await import("#lab/images/registry.ts");
    const options = { ...own, services: office.services, keys: ["llm-guard"], lockFile: join(directory, "lost.json") };
    try {
      const first = await ensureLabImages(options);
      expect(first.built).toEqual(["llm-guard"]);
      await stopRegistry({ directory: own.registry });
      expect((await ensureLabImages(options)).built).toEqual([]);
      await stopRegistry({ directory: own.registry });
      await rm(join(own.registry, "data"), { recursive: true });
      expect((await ensureLabImages(options)).built).toEqual(["llm-guard"]);
    } finally {
      await stopRegistry({ directory: own.registry });
      await removeImagesOf("lost.json");
    }
  });

  describe("when the packages of a real program cannot be had", () => {
    const service = serviceNamed("searxng");
    const lockFile = () => join(directory, "substituted.json");

    async function ensure() {
      const recipes = join(directory, "recipes-without-packages");
      await cp(join(import.meta.dirname, "../../lab/images"), recipes, { recursive: true });
      const lock = `no-hash-of-it-is-right==1 --hash=sha256:${"0".repeat(64)}\n`;
      await writeFile(join(recipes, "searxng", "requirements.txt"), lock);
      const cache = join(directory, "substituting-cache");
      return ensureLabImages({
        services: office.services,
        keys: [service.image],
        lockFile: lockFile(),
        recipes,
        cache,
      });
    }

    afterEach(() => {
      vi.unstubAllEnvs();
    });

    test("takes a stand-in, says so and why, and tries again the next time", async () => {
      vi.stubEnv("CI", undefined);
      const { substituted, images, built } = await ensure();
      expect(built).toEqual(["searxng"]);
      expect(images.searxng).toMatchObject({ program: "stand-in" });
      expect(substituted).toEqual([
        { key: "searxng", reason: expect.stringContaining("no-hash-of-it-is-right") as string },
      ]);
      const lock = JSON.parse(await readFile(lockFile(), "utf8")) as { images: typeof lab.images };
      expect(lock.images.searxng?.program).toBe("stand-in");
      const again = await ensure();
      expect(again.built).toEqual([]);
      expect(again.substituted).toEqual(substituted);
      const reference = `${images.searxng?.repository ?? ""}@${images.searxng?.digest ?? ""}`;
      for (const image of [reference, referenceOf("openclaw-sandbox")]) await pullImage(docker, image);
      const run = { name: `${prefix}-substitute`, image: reference, tools: referenceOf("openclaw-sandbox") };
      const container = await runHardened(service, run);
      await waitForHealth(container, "healthy", 60);
      const log = (await container.logs({ stdout: true, stderr: true })).toString();
      expect(log).toContain("stand-in for searxng (lab)");
    });

    test("is a failure in CI, and writes no lock", async () => {
      vi.stubEnv("CI", "true");
      await rm(lockFile(), { force: true });
      const report: unknown = await ensure().catch((error: unknown) => error);
      expect(report).toBeInstanceOf(ProblemReport);
      const [only, ...rest] = report instanceof ProblemReport ? report.problems : [];
      expect(rest).toEqual([]);
      expect(only?.property).toBe("image searxng (lab/images/searxng)");
      expect(only?.found).toContain("no-hash-of-it-is-right");
      await expect(readFile(lockFile())).rejects.toThrow("ENOENT");
    });
  });

  test("fails by name when a build fails, and writes no lock", async () => {
    const recipes = join(directory, "recipes");
    await cp(join(import.meta.dirname, "../../lab/images"), recipes, { recursive: true });
    await writeFile(
      join(recipes, "valkey", "Dockerfile"),
      'FROM scratch\nADD base.tar /\nRUN ["/usr/bin/no-such-program"]\n',
    );
    const cache = join(directory, "broken-cache");
    const lockFile = join(directory, "broken.json");
    const failing = ensureLabImages({
      services: office.services,
      keys: ["llm-guard", "valkey"],
      lockFile,
      recipes,
      cache,
    });
    const report = await failing.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(report).toBeInstanceOf(ProblemReport);
    const problems = report instanceof ProblemReport ? report.problems : [];
    expect(problems.map(({ property }) => property)).toEqual(["image valkey (lab/images/valkey)"]);
    expect(problems[0]?.found).toContain("no-such-program");
    await expect(readFile(lockFile)).rejects.toThrow("ENOENT");
  });
});

function serviceNamed(name: string): ServiceSpec {
  const spec = office.services.find((service) => service.name === name);
  if (spec === undefined) throw new Error(`no service ${name}`);
  return spec;
}

async function removeImagesOf(lockName: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(directory, lockName), "utf8")) as { images: typeof lab.images };
  for (const { repository, tag } of Object.values(lock.images)) {
    await docker.getImage(`${repository}:${tag}`).remove({ force: true });
  }
}
