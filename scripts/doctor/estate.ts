import { readFile, stat } from "node:fs/promises";
import type Docker from "dockerode";
import { parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock } from "#components/container/image-lock.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { pulumiLine } from "../engine/choice.ts";
import { readLocks } from "../engine/engine-lock.ts";
import { findFirewallDrift } from "../engine/firewall.ts";
import { missingFiles } from "../engine/host-files.ts";
import { findOrphans, labelledObjects } from "../engine/orphans.ts";
import type { LabelledObject } from "../engine/orphans.ts";
import { findPidDrift } from "../engine/pid-limits.ts";
import { dockerIds, stateAuthor } from "../engine/state.ts";
import type { EngineState } from "../engine/state.ts";
import { describeStranger, disconnectCommand, findStrangers } from "../engine/strangers.ts";
import { collectContainers } from "../status/collect.ts";
import { checkAccounts } from "./accounts.ts";
import { ok, note, wrong } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Everything about an estate that can be judged without its daemon. */
export async function checkEstateFiles(estate: Estate, state: EngineState): Promise<Finding[]> {
  return [
    ok("estate", `${estate.name}: id ${estate.id}, network ${estate.network}, ${estate.files.directory}`),
    await checkMode(estate.files.directory, 0o700),
    await checkMode(estate.files.passphrase, 0o600),
    ...(await checkLocks(estate)),
    checkPending(state),
    checkAuthor(state),
    checkFiles(state),
  ];
}

/** Secrets lie behind these modes. */
export async function checkMode(path: string, wanted: number): Promise<Finding> {
  const name = `mode of ${path}`;
  try {
    const mode = (await stat(path)).mode & 0o777;
    if ((mode & ~wanted) === 0) return ok(name, octal(mode));
    return wrong(name, `${octal(mode)}: others may read it`, `chmod ${octal(wanted)} ${path}`);
  } catch {
    return wrong(name, "not there", "bring it back from a backup: without it the state's secrets cannot be read");
  }
}

async function checkLocks(estate: Estate): Promise<Finding[]> {
  const locks = await readLocks(estate.files, estate.stack);
  if (locks.length === 0) return [ok("stack lock", "free")];
  return locks.map(({ lock, verdict }) => {
    const who = `process ${String(lock.pid)} on ${lock.hostname} since ${lock.timestamp}`;
    if (verdict === "held") return note("stack lock", `held by ${who}`);
    if (verdict === "stale") return wrong("stack lock", `left by ${who}, which is gone`, "npm run up (removes it)");
    return wrong(
      "stack lock",
      `held by ${who}`,
      `make sure that it ended there, then ${pulumiLine(estate, "cancel --yes")}`,
    );
  });
}

function checkPending({ pending }: EngineState): Finding {
  if (pending.length === 0) return ok("pending operations", "none");
  const steps = pending.map(({ type, urn }) => `${type} ${urn.slice(urn.lastIndexOf("::") + 2)}`).join(", ");
  return wrong("pending operations", `a run was killed during: ${steps}`, "npm run up (completes it)");
}

function checkAuthor(state: EngineState): Finding {
  const author = stateAuthor(state);
  if (author !== "both") return ok("state", author === "nobody" ? "empty" : `written by the ${author} plugins`);
  return wrong(
    "state",
    "resources of the official plugins beside resources of the lab's",
    "npm run down -- --volumes (its data and secrets go too), then npm run up",
  );
}

function checkFiles(state: EngineState): Finding {
  const name = "files of the containers";
  const missing = missingFiles(state);
  return missing.length === 0
    ? ok(name, "all there")
    : wrong(name, `gone: ${list(missing)}`, "npm run up (delivers them)");
}

/** What the daemon and the registry say about an estate. */
export async function checkEstateInDocker(estate: Estate, state: EngineState, docker: Docker): Promise<Finding[]> {
  const objects = await labelledObjects(docker, estate.id);
  return [
    checkOrphans(objects, state),
    checkMissing(objects, state),
    await checkHealth(estate, docker),
    await checkPidLimits(state, docker),
    await checkFirewall(state),
    await checkStrangers(estate, docker),
    await checkAccounts(estate.id, docker),
    await checkImages(estate, docker),
  ];
}

/** The rules of the kernel against those that were loaded; only root can read them. */
async function checkFirewall(state: EngineState): Promise<Finding> {
  if (process.getuid?.() !== 0) return note("host rules", "only root can read them");
  const drift = await findFirewallDrift(state);
  if (drift === undefined) return ok("host rules", "as they were loaded");
  return wrong("host rules", drift, "npm run up (loads them again)");
}

/** Containers and networks with the estate's label that its state does not know. */
export function checkOrphans(objects: readonly LabelledObject[], state: EngineState): Finding {
  const orphans = findOrphans(objects, dockerIds(state));
  if (orphans.length === 0) return ok("labels without state", "none");
  return wrong("labels without state", list(orphans.map(({ name }) => name)), "npm run up (removes them and goes on)");
}

/** Containers and networks of the state that are gone. */
export function checkMissing(objects: readonly LabelledObject[], state: EngineState): Finding {
  const there = new Set(objects.map(({ id }) => id));
  const missing = state.resources.filter(
    ({ type, id }) => /^docker:index\/(container|network):/.test(type) && id !== undefined && !there.has(id),
  );
  if (missing.length === 0) return ok("state without objects", "none");
  const names = missing.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
  return wrong("state without objects", list(names), "npm run up (makes them again)");
}

async function checkHealth(estate: Estate, docker: Docker): Promise<Finding> {
  const live = await collectContainers(docker, estate.id);
  const unwell = live.filter(({ state, health }) => state !== "running" || health === "unhealthy");
  if (unwell.length === 0) return ok("containers", `${String(live.length)}, none unwell`);
  const stopped = unwell.find(({ state }) => state !== "running");
  const look = `docker logs ${(stopped ?? unwell[0])?.name ?? ""}`;
  const next = stopped === undefined ? look : `${look}, then npm run up (starts what does not run)`;
  return wrong("containers", `unwell: ${list(unwell.map(({ name }) => name))}`, next);
}

async function checkPidLimits(state: EngineState, docker: Docker): Promise<Finding> {
  const name = "PID limits";
  const drift = await findPidDrift(state, docker);
  if (drift.length === 0) return ok(name, "as wanted, in the kernel");
  const told = drift.map(({ subject, found, wanted }) => `${subject} has ${found} instead of ${wanted}`);
  return wrong(name, list(told), "npm run up (sets them back)");
}

async function checkStrangers(estate: Estate, docker: Docker): Promise<Finding> {
  const strangers = await findStrangers(docker, estate.id);
  const [first] = strangers;
  if (first === undefined) return ok("networks", "nobody else is on them");
  return wrong("networks", list(strangers.map(describeStranger)), disconnectCommand(first));
}

/** Images that the estate's lock names and that neither the daemon nor the registry can hand out any more. */
async function checkImages(estate: Estate, docker: Docker): Promise<Finding> {
  const name = "lab images";
  const lock = await readLock(estate.files.imagesLock);
  if (lock === undefined) return note(name, "not built yet; npm run up builds them");
  const gone: string[] = [];
  for (const [key, { repository, digest }] of Object.entries(lock.images)) {
    if (repository === null || digest === null) continue;
    const here = await hasImage(docker, `${repository}@${digest}`);
    if (!here && !(await registryHas(repository, digest))) gone.push(key);
  }
  if (gone.length === 0) return ok(name, `${String(Object.keys(lock.images).length)} in the lock, all there`);
  return wrong(name, `gone: ${list(gone)}`, "npm run up (builds them again)");
}

async function readLock(file: string): Promise<ImageLock | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseImageLock(JSON.parse(text), file);
}

async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch {
    return false;
  }
}

async function registryHas(repository: string, digest: string): Promise<boolean> {
  const [host = "", ...path] = repository.split("/");
  try {
    const answer = await fetch(`http://${host}/v2/${path.join("/")}/manifests/${digest}`, {
      method: "HEAD",
      signal: AbortSignal.timeout(3000),
    });
    return answer.status === 200;
  } catch {
    return false;
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length <= 5 ? shown : `${shown} and ${String(names.length - 5)} more`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
