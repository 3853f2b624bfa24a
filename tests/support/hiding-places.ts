import { lstat, readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { spellingsOf } from "./canary.ts";
import { docker } from "./docker.ts";

const largest = 32 * 1024 * 1024;

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), outputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});
const secretSchema = z.object({ plaintext: z.string() });

/** The minted values of a state that was exported with its secrets, by the name of the resource that made them. */
export function secretsOf(exported: string): Record<string, string> {
  const { deployment } = exportSchema.parse(JSON.parse(exported));
  return Object.fromEntries(
    deployment.resources
      .filter(({ urn }) => urn.includes("garrison:secrets:RotatingSecret$"))
      .flatMap(({ urn, outputs = {} }) =>
        [outputs.result, outputs.hex, outputs.privateKeyPemPkcs8].flatMap((value) => {
          const secret = secretSchema.safeParse(value);
          return secret.success
            ? [[urn.split("::")[3] ?? "", JSON.parse(secret.data.plaintext) as string] as const]
            : [];
        }),
      ),
  );
}

/** Which secrets, in which spelling, are in texts. The secrets themselves are not told. */
export function findsIn(texts: readonly string[], secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    spellingsOf(secret)
      .filter((spelling) => texts.some((text) => text.includes(spelling.text)))
      .map((spelling) => `${name}, ${spelling.name}`),
  );
}

/** What is written in the files below a directory that were changed since then, of whatever kind. */
export async function textsBelow(
  directory: string,
  since: number,
  without: readonly string[] = [],
): Promise<readonly string[]> {
  const texts: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() === true && !without.includes(basename(path))) {
      for (const name of await readdir(path).catch(() => [])) await visit(join(path, name));
    } else if (found?.isFile() === true && found.size <= largest && found.mtimeMs >= since) {
      texts.push(await readFile(path, "latin1").catch(() => ""));
    }
  };
  await visit(directory);
  return texts;
}

/** Arguments and environment of every process that runs now, a line each. */
export async function processes(): Promise<string[]> {
  const numbers = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  const read = (path: string) => readFile(path, "latin1").catch(() => "");
  const found = await Promise.all(
    numbers.map(async (entry) => [await read(`/proc/${entry}/cmdline`), await read(`/proc/${entry}/environ`)]),
  );
  return found.flat().map((text) => text.replaceAll("\0", " "));
}

/** How the images were made, and every file in them. */
export async function imageTexts(images: readonly string[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const image of new Set(images)) {
    texts.push(await docker("history", "--no-trunc", image));
    const { stdout } = await execa("docker", ["save", image], { encoding: "buffer", maxBuffer: 2 ** 30 });
    texts.push(Buffer.from(stdout).toString("latin1"));
  }
  return texts;
}
