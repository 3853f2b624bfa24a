import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LABEL } from "./comment.ts";
import { post } from "./post.ts";

// node scripts/report/post/main.ts <directory>: posts the report that a run without rights has left there. It needs nothing
// but Node 22.18. What is in the directory is a stranger's; the rest comes from the environment of the run that posts.

/** Larger than any report. */
const MOST = 512 * 1024;

async function readSmall(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MOST) throw new Error(`${file} has ${String(size)} bytes`);
  return readFile(file, "utf8");
}

function needed(name: string): string {
  const value = process.env[name] ?? "";
  if (value === "") throw new Error(`${name} is not set`);
  return value;
}

try {
  const directory = process.argv[2] ?? ".";
  const [text, pull, labels] = await Promise.all(
    ["report.md", "pull-request", "labels"].map((name) => readSmall(join(directory, name))),
  );
  const result = await post({
    api: needed("GITHUB_API_URL"),
    name: needed("GITHUB_REPOSITORY"),
    token: needed("GITHUB_TOKEN"),
    head: needed("REPORT_HEAD"),
    author: needed("REPORT_AUTHOR"),
    pull: (pull ?? "").trim(),
    text: text ?? "",
    noReachChange: (labels ?? "").split("\n").includes(LABEL),
  });
  console.log(`The report: ${result}`);
} catch (error) {
  // Nothing of the stranger's goes to the log, where a line may be a command to the runner.
  console.error(
    `The report was not posted: ${(error instanceof Error ? error.message : String(error)).replaceAll(/[\r\n]+/g, " ")}`,
  );
  process.exitCode = 1;
}
