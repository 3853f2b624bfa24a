import { readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { parseBuiltLock, parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock, LockedImage } from "#components/container/image-lock.ts";
import { labBase } from "#lab/images/base.ts";
import { readInputs } from "#lab/images/inputs.ts";
import { planImages } from "#lab/images/plan.ts";
import { pushImage } from "#helpers/docker/image-build.ts";
import { office } from "#stacks/office.ts";
import type { TestEngine } from "#tests/support/engine.ts";
import { checkout, machineStack } from "#tests/support/machine-stack.ts";
import type { MachineStack } from "#tests/support/machine-stack.ts";
import { unwell } from "#tests/support/office-machine.ts";
import type { OfficeMachine } from "#tests/support/office-machine.ts";

const minutes = 60_000;
/** Images of our own whose recipe builds here: the lab's base has what they install. */
const BUILT = ["egress-proxy", "openclaw-sandbox"];
/** Real programs that the lab has in its registry, in the place of the published images, and that need no account and little memory. */
const MIRRORED = ["nginx", "searxng", "valkey"];

/** What `lab-office` leaves when the lab's deployment is gone. */
interface ConfiguredMachine {
  readonly machine: OfficeMachine;
  readonly engine: TestEngine;
  /** The lab's settings of the machine. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly labLock: string;
  readonly files: string;
}

/**
 * The stack as an operator deploys it, by the two commands that he types: with lab mode off, on a machine over ssh. What
 * cannot be had here is missing in the lock, so that its services are switched off; nothing stands in for anything.
 */
export function ownImages(given: () => ConfiguredMachine): void {
  let machine: OfficeMachine;
  let files: string;
  let labLock: string;
  let stack: MachineStack;

  beforeAll(async () => {
    const { engine, config } = given();
    ({ machine, files, labLock } = given());
    // The data of the lab's deployment, which is not this stack's.
    await machine.root("docker volume ls -q | xargs -r docker volume rm");
    await writeFile(join(files, "own.lock.json"), JSON.stringify(await mirrored(labLock)));
    const settings = stringify({ config: outsideTheLab(config, files) });
    stack = await machineStack(engine, "office-own", settings);
  }, 5 * minutes);

  const build = async (): Promise<unknown> => {
    const args = ["images", "build", "--json", "--stack", "office-own", "--config-file", stack.settings];
    const ran = await execa(process.execPath, ["scripts/garrison.mjs", ...args], { cwd: checkout, reject: false });
    expect(ran.exitCode, ran.stderr).toBe(0);
    return (JSON.parse(ran.stdout) as { images: { kind: string }[] }).images.map(({ kind }) => kind);
  };

  test(
    "stand-ins are refused by name, and the images of our own with the command that builds them",
    async () => {
      const own = ["config", "set", "--path", "garrison:imagesLock"];
      await stack.pulumi([...own, labLock]);
      const refused = await stack.pulumi(["preview"]);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toMatch(/images\.uptime-kuma: found a stand-in; expected the real program/);

      await stack.pulumi([...own, join(files, "own.lock.json")]);
      const unbuilt = await stack.pulumi(["preview"]);
      expect(unbuilt.exitCode).not.toBe(0);
      for (const key of BUILT) {
        expect(unbuilt.output).toContain(`type: npm run images -- build ${key} --stack office-own`);
      }
    },
    3 * minutes,
  );

  test(
    "the command builds them on the machine, once, and they are deployed, without what has no program",
    async () => {
      expect(await build()).toEqual(["built", "built"]);
      expect(await build()).toEqual(["kept", "kept"]);

      const up = await stack.pulumi(["up", "--yes", "--skip-preview"]);
      expect(up.exitCode, up.output).toBe(0);
      expect(up.output).toContain("request-broker: ");
      expect(up.output).toContain("uptime-kuma: no registry can be reached");

      const present = office.services.filter(({ image }) => [...BUILT, ...MIRRORED].includes(image));
      expect(await unwell(machine, present.length)).toEqual([]);
      const built = parseBuiltLock(JSON.parse(await readFile(join(files, "own.built.json"), "utf8")), "own");
      for (const { name, image } of present.filter((one) => BUILT.includes(one.image))) {
        const runs = await machine.root(`docker inspect -f '{{.Image}}' office-${name}`);
        expect(runs, name).toBe(built.images[image]?.digest);
      }
      expect(await machine.root("docker ps -aq --filter label=garrison.stand-in")).toBe("");
      const again = await stack.pulumi(["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"]);
      expect(again.exitCode, again.output).toBe(0);
      await stack.pulumi(["destroy", "--yes", "--skip-preview"]);
    },
    10 * minutes,
  );
}

/** The lab's settings without what makes it a lab: the addresses stay, and where the images are mirrored. */
function outsideTheLab(config: Readonly<Record<string, unknown>>, files: string): Record<string, unknown> {
  const { memoryMiB, cpus } = config["garrison:resources"] as { memoryMiB: number; cpus: number };
  const kept = ["pulumi:disable-default-providers", "garrison:machine", "garrison:docker"];
  return {
    ...Object.fromEntries(kept.map((key) => [key, config[key]])),
    "garrison:estate": "office",
    "garrison:resources": { memoryMiB, cpus },
    "garrison:telegram": { operators: [123_456_789] },
    "garrison:pages": { origins: ["https://gateway.office.example"] },
    "garrison:imagesLock": join(files, "own.lock.json"),
    "garrison:images": { lock: join(files, "own.built.json") },
  };
}

/** The committed lock, with the lab's base for Debian's and the lab's real programs for the published images. */
async function mirrored(labLock: string): Promise<ImageLock> {
  const lockAt = async (file: string) => parseImageLock(JSON.parse(await readFile(file, "utf8"))).images;
  const committed = await lockAt(join(checkout, "images.lock.json"));
  const lab = await lockAt(labLock);
  const gone: LockedImage = { repository: null, tag: null, digest: null, missing: "no registry can be reached here" };
  const of = (key: string, image: LockedImage): LockedImage => {
    if (BUILT.includes(key)) return image;
    return MIRRORED.includes(key) ? (lab[key] ?? gone) : gone;
  };
  const [registry = ""] = lab.nginx?.repository?.split("/") ?? [];
  return {
    images: {
      ...Object.fromEntries(Object.entries(committed).map(([key, image]) => [key, of(key, image)])),
      debian: await pushedBase(`${registry}/garrison/lab-base`),
    },
  };
}

async function pushedBase(repository: string): Promise<LockedImage> {
  const daemon = new Docker();
  const plan = planImages(office.services).find(({ own }) => own);
  if (plan === undefined) throw new Error("no image of our own");
  const { packages } = await readInputs(plan, join(checkout, "lab/images"));
  const cache = join(homedir(), ".cache/garrison/images");
  const id = await labBase(packages, { docker: daemon, cache, say: () => undefined });
  await daemon.getImage(id).tag({ repo: repository, tag: "1" });
  return { repository, tag: "1", digest: await pushImage(daemon, `${repository}:1`, () => undefined) };
}
