import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { follow } from "#programs/notify/follow.ts";

it("reads on in a file that was renamed while nobody read, then in the new one", async () => {
  const directory = mkdtempSync(join(tmpdir(), "follow-"));
  const file = join(directory, "events.jsonl");
  const stopping = new AbortController();
  try {
    writeFileSync(file, "read\nunread\n");
    const since = { source: file, inode: String(statSync(file).ino), offset: 5 };
    renameSync(file, `${file}.1`);
    writeFileSync(file, "new\n");
    const found: string[] = [];
    for await (const { lines } of follow(file, since, stopping.signal)) {
      found.push(...lines);
      if (found.includes("new")) stopping.abort();
    }
    expect(found).toEqual(["unread", "new"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
