import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import type { Client, SFTPWrapper } from "ssh2";
import { z } from "zod";

/** An asset or archive as the engine sends it; only what lies in a file, a directory or a text can be copied. */
export const sourceRules = z
  .object(
    { path: z.string().min(1).optional(), text: z.string().optional() },
    { error: "must be a FileAsset, a StringAsset or a FileArchive" },
  )
  .refine(
    ({ path, text }) => path !== undefined || text !== undefined,
    "must be a FileAsset, a StringAsset or a FileArchive",
  );

export type Source = z.infer<typeof sourceRules>;

/** Copies a file, a text or a directory, as `cp -r` would: into the target where that is a directory already. */
export async function copyToRemote(client: Client, source: Source, target: string): Promise<void> {
  const remote = remoteFiles(await openSftp(client));
  const isDirectory = await remote.isDirectory(target);
  if (source.path === undefined) {
    if (isDirectory) throw new Error(`${target} is a directory there; a text needs the name of a file`);
    await remote.makeDirectories(posix.dirname(target));
    await remote.write(target, Buffer.from(source.text ?? ""));
    return;
  }
  const contentsOnly = source.path.endsWith("/");
  const into = isDirectory && !contentsOnly ? posix.join(target, basename(source.path)) : target;
  await remote.makeDirectories(posix.dirname(into));
  await copyTree(remote, source.path, into);
}

async function copyTree(remote: RemoteFiles, from: string, to: string): Promise<void> {
  const found = await stat(from);
  if (!found.isDirectory()) {
    await remote.write(to, await readFile(from), found.mode & 0o777);
    return;
  }
  await remote.makeDirectories(to);
  for (const name of await readdir(from)) await copyTree(remote, join(from, name), posix.join(to, name));
}

interface RemoteFiles {
  isDirectory(path: string): Promise<boolean | undefined>;
  makeDirectories(path: string): Promise<void>;
  write(path: string, content: Buffer, mode?: number): Promise<void>;
}

type Done = (error?: Error | null) => void;

function remoteFiles(sftp: SFTPWrapper): RemoteFiles {
  const isDirectory = (path: string) =>
    new Promise<boolean | undefined>((resolve) => {
      sftp.stat(path, (error, stats) => {
        resolve(error ? undefined : stats.isDirectory());
      });
    });
  const makeDirectories = async (path: string): Promise<void> => {
    const there = await isDirectory(path);
    if (there === true) return;
    if (there === false) throw new Error(`${path} is a file there, not a directory`);
    const parent = posix.dirname(path);
    if (parent !== path) await makeDirectories(parent);
    try {
      await settled(`cannot make the directory ${path}`, (done) => {
        sftp.mkdir(path, done);
      });
    } catch (error) {
      // Another copy may have made it in between.
      if ((await isDirectory(path)) !== true) throw error;
    }
  };
  return {
    isDirectory,
    makeDirectories,
    write: async (path, content, mode) => {
      await settled(`cannot write ${path}`, (done) => {
        sftp.writeFile(path, content, mode === undefined ? {} : { mode }, done);
      });
      if (mode === undefined) return;
      // A file that was there before keeps its mode otherwise.
      await settled(`cannot change the mode of ${path}`, (done) => {
        sftp.chmod(path, mode, done);
      });
    },
  };
}

function settled(what: string, start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(new Error(`${what}: ${error.message}`));
      else resolve();
    });
  });
}

function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => {
      if (error) reject(error);
      else resolve(sftp);
    });
  });
}
