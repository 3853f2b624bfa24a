import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderReport } from "#helpers/terminal/report.ts";
import { cannotInstall, missingPrograms } from "#scripts/test/set-up.ts";

test("a program is missing where no directory has a file of its name that can be executed", async () => {
  const directory = await mkdtemp(join(tmpdir(), "garrison-test-"));
  try {
    await writeFile(join(directory, "sshd"), "", { mode: 0o755 });
    await writeFile(join(directory, "jq"), "", { mode: 0o644 });
    const found = await missingPrograms({ sshd: "openssh-server", jq: "jq", ip: "iproute2" }, [directory]);
    expect(found).toEqual({ jq: "jq", ip: "iproute2" });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("each missing program is named, with one command that brings them all", () => {
  const report = cannotInstall({ sshd: "openssh-server", ssh: "openssh-client", "ssh-keygen": "openssh-client" });
  expect(report.problems.map(({ property }) => property)).toEqual(["sshd", "ssh", "ssh-keygen"]);
  expect(renderReport(report)).toContain(
    "sudo apt-get install -y --no-install-recommends openssh-client openssh-server\n",
  );
});
