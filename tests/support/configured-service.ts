import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import Docker from "dockerode";
import { userOf } from "#components/services/service.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { ensureLabImages } from "#lab/images/ensure.ts";
import { office } from "#stacks/office.ts";
import { pullImage, runHardened } from "./hardened-run.ts";
import { delivered, filesOf } from "./office-files.ts";

type Files = Readonly<Record<string, string>>;

export interface StartOptions {
  /** @default the files of the service on the office machine */
  readonly files?: Files;
  /** What to start it with instead of its own facts. */
  readonly facts?: Partial<ServiceSpec>;
  /** @default none */
  readonly network?: string;
  /** Start of the names of its volumes, to have those of another run. @default a name of its own */
  readonly volumes?: string;
}

/** Starts services of the office machine as the lab's images, hardened, with their files delivered as on a machine. */
export interface ConfiguredServices {
  start(name: string, options?: StartOptions): Promise<Docker.Container>;
  close(): Promise<void>;
}

/** Makes sure of the images of these services. Names of containers start with the prefix. */
export async function configuredServices(prefix: string, names: readonly string[]): Promise<ConfiguredServices> {
  const docker = new Docker();
  const directory = await mkdtemp(join(tmpdir(), "garrison-configured-"));
  const keys = [...names.map((name) => serviceNamed(name).image), "openclaw-sandbox"];
  const lab = await ensureLabImages({ services: office.services, keys, lockFile: join(directory, "lock.json") });
  const images = new Map(Object.entries(lab.images));
  for (const { repository, digest } of images.values()) await pullImage(docker, `${repository}@${digest}`);
  const reference = (key: string): string => `${images.get(key)?.repository ?? ""}@${images.get(key)?.digest ?? ""}`;

  let runs = 0;
  async function start(name: string, options: StartOptions = {}): Promise<Docker.Container> {
    const service = serviceNamed(name);
    if (images.get(service.image)?.program !== "real") throw new Error(`the lab has no real program for ${name}`);
    runs += 1;
    const run = `${prefix}-${name}-${String(runs)}`;
    const mounts = await deliver(join(directory, run), options.files ?? filesOf(name), service);
    return runHardened(
      { ...service, ...options.facts, mounts: { ...service.mounts, ...mounts } },
      {
        name: run,
        image: reference(service.image),
        tools: reference("openclaw-sandbox"),
        ...(options.network !== undefined && { network: options.network }),
        ...(options.volumes !== undefined && { volumes: options.volumes }),
      },
    );
  }

  return { start, close: () => rm(directory, { recursive: true, force: true }) };
}

/** Waits for the end of a program that is expected to end; its exit code and what it wrote. */
export async function endOf(container: Docker.Container): Promise<{ exitCode: number; output: string }> {
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  return { exitCode: StatusCode, output: await outputOf(container) };
}

export async function outputOf(container: Docker.Container): Promise<string> {
  return (await container.logs({ stdout: true, stderr: true })).toString();
}

/** As on a machine: directories of root, files that the service alone can read. Returns the mounts. */
export async function deliver(root: string, files: Files, service: ServiceSpec): Promise<Files> {
  const { uid, gid } = userOf(service);
  const mounts: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    const source = join(root, dirname(path).slice(1).replaceAll("/", "-"));
    const file = join(source, basename(path));
    await mkdir(source, { recursive: true });
    await writeFile(file, delivered(text), { mode: 0o400 });
    await chown(file, uid, gid);
    mounts[dirname(path)] = source;
  }
  return mounts;
}

function serviceNamed(name: string): ServiceSpec {
  const service = office.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}
