import { rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "#helpers/files/directories.ts";
import { spellingsOf } from "./canary.ts";
import { docker, importBusybox, removeByPrefix } from "./docker.ts";
import { imageTexts, processes, textsBelow } from "./hiding-places.ts";
import type { LabEstate } from "./lab-estate.ts";

const logs = join(homedir(), ".cache/garrison/logs");

/** Everything that can be read in the places where no secret of an estate must be, by place. */
export async function hidingPlaces(
  estate: LabEstate,
  { prefix, images, since }: { readonly prefix: string; readonly images: readonly string[]; readonly since: number },
): Promise<Record<string, readonly string[]>> {
  const lines = async (...args: string[]) => (await docker(...args)).split("\n").filter((line) => line !== "");
  const own = [...(await estate.containers()), ...(await lines("ps", "-aq", "--filter", `name=^/${prefix}`))];
  return {
    "the estate's directory": await textsBelow(estate.files.directory, 0),
    "the cache's logs": await textsBelow(logs, 0),
    "the checkout": await textsBelow(checkout, since, ["node_modules", ".git"]),
    "/tmp": await textsBelow("/tmp", since),
    "/var/tmp": await textsBelow("/var/tmp", since),
    "docker inspect": [await docker("inspect", ...own)],
    "docker logs": await Promise.all(own.map((container) => docker("logs", container))),
    images: await imageTexts([...images, ...(await lines("images", "-q", `${prefix}-planted`))]),
    processes: await processes(),
  };
}

/** Leaves a secret, in every spelling, in every kind of place where it must not be. */
export async function plant(secret: string, estate: LabEstate, prefix: string) {
  const text = spellingsOf(secret)
    .map((spelling) => spelling.text)
    .join("\n");
  const files = [
    join(estate.files.directory, "planted"),
    join(logs, `${prefix}.log`),
    join(checkout, `${prefix}.txt`),
    join("/tmp", `${prefix}.txt`),
    join("/var/tmp", `${prefix}.txt`),
  ];
  for (const file of files) await writeFile(file, text);
  const image = await importBusybox(
    `${prefix}-planted:1`,
    `printf '%s' '${text.replaceAll("'", `'\\''`)}' >etc/planted`,
  );
  const labelled = ["--network", "none", "--label", `planted=${text}`];
  await docker("run", "-d", "--name", `${prefix}-planted`, ...labelled, image, "/bin/sleep", "1000");
  const sleeper = execa("sh", ["-c", "sleep 1000 & wait", "sh", text], { reject: false, detached: true });
  return {
    places: [
      "the estate's directory",
      "the cache's logs",
      "the checkout",
      "/tmp",
      "/var/tmp",
      "docker inspect",
      "images",
      "processes",
    ],
    remove: async () => {
      for (const file of files) await rm(file);
      await removeByPrefix(prefix);
      if (sleeper.pid !== undefined) process.kill(-sleeper.pid, "SIGKILL");
      await sleeper;
    },
  };
}
