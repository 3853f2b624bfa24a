import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";
import { restoreCgroupOptions } from "../machines/cgroup-options.ts";
import { readLabFacts } from "../machines/facts.ts";
import { prepareLab, reportingIncus, settledDaemon } from "../machines/lab.ts";
import type { PreparedLab } from "../machines/lab.ts";
import { mountsBelow } from "../machines/mounts.ts";
import { labFiles, runDirectory } from "../machines/paths.ts";
import { restoreAzure } from "./restore.ts";

/** Does work in the lab, one at a time and under the lab's lock. */
interface LabWorker {
  /** Makes the lab first where there is none. */
  readonly always: <T>(work: (lab: PreparedLab) => Promise<T>) => Promise<T>;
  /** Does nothing where there is no lab: nothing of it can be there either. */
  readonly whereThereIsOne: <T>(work: (lab: PreparedLab) => Promise<T>) => Promise<T | undefined>;
}

/** @param tell what is being prepared, for a person to read */
export function labWorker(tell: (detail: string) => void): LabWorker {
  let lab: PreparedLab | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function opened(): Promise<PreparedLab> {
    requireRoot();
    if (lab !== undefined && (await isUp(lab))) return { ...lab, incus: await settledDaemon(lab.incusFiles) };
    lab = await prepareLab(tell);
    await restoreAzure(lab);
    return lab;
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const onWait = (): void => {
      tell("another command is changing the lab's machines; waiting for it");
    };
    const next = last.then(() => withLock(labFiles().lock, () => reportingIncus(work), { onWait }));
    last = next.catch(() => undefined);
    return next;
  }

  const doWork = async <T>(work: (lab: PreparedLab) => Promise<T>): Promise<T> => {
    try {
      return await work(await opened());
    } finally {
      // A machine that starts takes them off.
      await restoreCgroupOptions(runDirectory);
    }
  };

  return {
    always: (work) => alone(() => doWork(work)),
    whereThereIsOne: (work) =>
      alone(async () => ((await readLabFacts(labFiles())) === undefined ? undefined : doWork(work))),
  };
}

/** Another command may have removed the lab since, or the host was started again. */
async function isUp(lab: PreparedLab): Promise<boolean> {
  const facts = await readLabFacts(lab.files);
  return facts?.id === lab.facts.id && (await mountsBelow(lab.incusFiles.mounted)).includes(lab.incusFiles.mounted);
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw problem("Virtual machines can be made by root only", {
    property: "the lab's Azure",
    found: "a user without those rights",
    expected: "root on Linux: mounts, bridges and users of other machines are made",
    fix: "the same command with sudo",
  });
}
