import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeEngine } from "../support/engine.ts";
import type { TestEngine } from "../support/engine.ts";
import { startSshd } from "../support/sshd.ts";
import type { TestSshd } from "../support/sshd.ts";

const yes = ["--yes", "--skip-preview"];
const header = `import * as pulumi from "@pulumi/pulumi"; import { local, remote } from "@pulumi/command";\n`;

/** One engine for the tests of a group: they follow one another, as an operator's runs do. */
function useEngine(): { engine: () => TestEngine; scratch: () => string; run: (body: string) => Promise<void> } {
  let engine: TestEngine;
  let scratch: string;
  beforeAll(async () => {
    engine = await makeEngine({ program: header });
    scratch = mkdtempSync(join(tmpdir(), "garrison-command-"));
  });
  afterAll(async () => {
    await engine.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });
  return {
    engine: () => engine,
    scratch: () => scratch,
    run: async (body) => {
      await engine.setProgram(header + body);
    },
  };
}

const processes = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`still waiting for ${what}`);
    await sleep(50);
  }
}

describe("a local command", () => {
  const { engine, scratch, run } = useEngine();
  const log = () => join(scratch(), "log");
  const program = (more: string) => `
    const c = new local.Command("c", {
      create: "echo create $WHO >> ${log()}; echo made $WHO",
      delete: "echo delete was $PULUMI_COMMAND_STDOUT >> ${log()}",
      ${more}
    });
    export const said = c.stdout;`;

  test("a preview runs nothing", async () => {
    await run(program(`environment: { WHO: "one" }`));
    const preview = await engine().pulumi(["preview"]);
    expect(preview.output).toContain("command:local:Command c create");
    expect(preview.exitCode).toBe(0);
    expect(existsSync(log())).toBe(false);
  });

  test("up creates it and a second up leaves it alone", async () => {
    const first = await engine().pulumi(["up", ...yes]);
    expect(first.output).toContain('said: "made one"');
    const second = await engine().pulumi(["up", ...yes, "--expect-no-changes"]);
    expect(second.exitCode, second.output).toBe(0);
    expect(readFileSync(log(), "utf8")).toBe("create one\n");
  });

  test("without an update command a change repeats the creation", async () => {
    await run(program(`environment: { WHO: "two" }`));
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain("1 updated");
    expect(up.output).toContain('"made two"');
    expect(readFileSync(log(), "utf8")).toBe("create one\ncreate two\n");
  });

  test("an update command sees what the last run printed", async () => {
    await run(program(`update: "echo update after $PULUMI_COMMAND_STDOUT; echo odd >&2"`));
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain('"update after made two"');
    expect(up.output).toContain("odd"); // logged
  });

  test("a trigger replaces it: the new one is made first, the old one deleted with the old settings", async () => {
    writeFileSync(log(), "");
    await run(program(`environment: { WHO: "three" }, triggers: [1]`));
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain("1 replaced");
    expect(readFileSync(log(), "utf8")).toBe("create three\ndelete was update after made two\n");
  });

  test("destroy runs the delete command", async () => {
    writeFileSync(log(), "");
    const destroy = await engine().pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroy.exitCode, destroy.output).toBe(0);
    expect(readFileSync(log(), "utf8")).toBe("delete was made three\n");
  });

  test("dir, interpreter and stdin", async () => {
    await run(`
      const c = new local.Command("i", { create: "console.log(process.cwd() + require('fs').readFileSync(0, 'utf8'))",
        interpreter: [${JSON.stringify(process.execPath)}, "-e"], dir: "${scratch()}", stdin: "+fed" });
      export const said = c.stdout;`);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain(`${scratch()}+fed`);
  });

  test("run, the function, answers at once", async () => {
    await run(`export const said = (await local.run({ command: "echo hello $X", environment: { X: "you" } })).stdout;`);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain('"hello you"');
  });

  test("what the lab does not do is refused, not dropped", async () => {
    await run(`new local.Command("g", { create: "true", assetPaths: ["*.txt"] });`);
    const preview = await engine().pulumi(["preview"]);
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toContain("command.local.Command.assetPaths is not implemented by the lab plugin");
  });

  test("a failure half-way keeps what was made, and the next up goes on from there", async () => {
    const two = (second: string) => `
      const a = new local.Command("a", { create: "echo a >> ${log()}" });
      new local.Command("b", { create: ${JSON.stringify(second)} }, { dependsOn: a });`;
    writeFileSync(log(), "");
    await run(two("echo reason >&2; exit 3"));
    const failed = await engine().pulumi(["up", ...yes]);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("the create command ended with exit code 3: echo reason >&2; exit 3");
    await run(two(`echo b >> ${log()}`));
    const repaired = await engine().pulumi(["up", ...yes]);
    expect(repaired.exitCode, repaired.output).toBe(0);
    expect(readFileSync(log(), "utf8")).toBe("a\nb\n");
  });
});

describe("a secret that a local command is fed", () => {
  const { engine, scratch, run } = useEngine();
  const secret = "hunter-2-is-no-password";
  const state = async () => JSON.stringify(await engine().resources());

  test("is secret in the state, and in no list of processes", async () => {
    const seen = join(scratch(), "processes");
    await run(
      `new local.Command("s", { create: "cat >/dev/null; ps -eo args > ${seen}", stdin: pulumi.secret("${secret}") });`,
    );
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode, up.output).toBe(0);
    expect(up.output).not.toContain(secret);
    expect(readFileSync(seen, "utf8")).toContain("ps -eo args"); // the list was really taken while it ran
    expect(readFileSync(seen, "utf8")).not.toContain(secret);
    expect(await state()).not.toContain(secret);
    expect(JSON.stringify(await engine().resources({ showSecrets: true }))).toContain(secret);
  });

  test("is open once the command prints it, as with the official plugin", async () => {
    await run(`new local.Command("p", { create: "cat", stdin: pulumi.secret("${secret}"), logging: "none" });`);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode, up.output).toBe(0);
    expect(await state()).toContain(`"stdout":"${secret}"`);
  });

  test("shows when the command prints it and fails, as with the official plugin", async () => {
    await run(
      `new local.Command("f", { create: "cat >&2; exit 1", stdin: pulumi.secret("${secret}"), logging: "none" });`,
    );
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toContain(secret);
  });

  test("does not show when it is refused", async () => {
    await run(`new local.Command("r", { create: "true", stdin: pulumi.secret(["${secret}"]) as never });`);
    const preview = await engine().pulumi(["preview"]);
    expect(preview.output).toContain("command.local.Command.stdin is a list; expected a text");
    expect(preview.output).not.toContain(secret);
  });
});

describe("a command that is interrupted", () => {
  const { engine, run } = useEngine();

  test.each([
    ["a cancellation", "SIGINT", "314.159"],
    ["the death of the engine", "SIGKILL", "271.828"],
  ] as const)("%s leaves no process behind", async (_, signal, seconds) => {
    const running = () => processes().includes(`sleep ${seconds}`);
    await run(`new local.Command("long", { create: "sleep ${seconds} & sleep ${seconds}; wait" });`);
    const up = engine().start(["up", ...yes]);
    await until(running, "the command to start");
    up.kill(signal);
    await until(() => !running(), "the command to end");
    await up.done;
    await until(() => !processes().includes(engine().project), "the program to end");
    await engine().pulumi(["cancel", "--yes"]);
    await run("");
    const next = await engine().pulumi(["up", ...yes]);
    expect(next.exitCode, next.output).toBe(0);
  });
});

describe("a remote command", () => {
  const { engine, scratch, run } = useEngine();
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => {
    sshd.stop();
  });
  const connection = (more: object = {}) =>
    JSON.stringify({
      host: "127.0.0.1",
      port: sshd.port,
      user: sshd.user,
      privateKey: sshd.privateKey,
      hostKey: sshd.hostKey,
      dialErrorLimit: 1,
      ...more,
    });

  test("stdin, environment, update and delete reach the other side", async () => {
    const log = join(scratch(), "remote");
    const program = (word: string) => `
      const c = new remote.Command("r", { connection: ${connection()}, stdin: "fed",
        create: "echo $SSH_CONNECTION > ${log}; echo \\"$WORD\\" \\"$(cat)\\"",
        delete: "echo gone >> ${log}", environment: { WORD: ${JSON.stringify(word)} } });
      export const said = c.stdout;`;
    await run(program("it's  one"));
    expect((await engine().pulumi(["preview"])).exitCode).toBe(0);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain(`"it's  one fed"`);
    expect(readFileSync(log, "utf8")).toContain("127.0.0.1"); // it did run in an SSH session
    await run(program("two"));
    expect((await engine().pulumi(["up", ...yes])).output).toContain('"two fed"');
    await run("");
    await engine().pulumi(["up", ...yes]);
    expect(readFileSync(log, "utf8")).toContain("gone");
  });

  test("a secret of the environment shows neither in the output nor in the process list", async () => {
    const secret = "word-for-the-far-side";
    const seen = join(scratch(), "remote-processes");
    await run(`new remote.Command("e", { connection: ${connection()}, environment: { TOKEN: pulumi.secret("${secret}") },
      create: "ps -eo args > ${seen}; printf %s $TOKEN | wc -c" });`);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode, up.output).toBe(0);
    expect(readFileSync(seen, "utf8")).toContain("printf %s");
    expect(readFileSync(seen, "utf8")).not.toContain(secret);
    const states = JSON.stringify(await engine().resources());
    expect(states + up.output).not.toContain(secret);
    expect(states).not.toContain("PRIVATE KEY");
    expect(JSON.stringify(await engine().resources({ showSecrets: true }))).toContain(secret);
  });

  test("a wrong host key fails at once, and nothing is sent", async () => {
    // Without a limit a failure that is tried again would never end.
    const mark = join(scratch(), "never");
    await run(`new remote.Command("w", { connection: ${connection({ hostKey: sshd.otherHostKey, dialErrorLimit: -1 })},
      create: "touch ${mark}" });`);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toMatch(/shows another key \(SHA256:.*than the one in connection.hostKey \(SHA256:/);
    expect(existsSync(mark)).toBe(false);
  });

  test("a host without a known key is refused before anything is dialled", async () => {
    await run(`new remote.Command("k", { connection: ${connection({ hostKey: undefined })}, create: "true" });`);
    const preview = await engine().pulumi(["preview"]);
    expect(preview.exitCode, preview.output).toBe(0);
    const up = await engine().pulumi(["up", "--yes", "--skip-preview"]);
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toContain("connection.hostKey is missing");
  });

  test("a host that does not answer is tried as often as asked", async () => {
    await run(
      `new remote.Command("d", { connection: ${connection({ port: 1, dialErrorLimit: 1 })}, create: "true" });`,
    );
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain("127.0.0.1:1 (2 attempts)");
  });

  test("a proxy stands between", async () => {
    const { port, user, privateKey, hostKey } = sshd;
    const proxy = { host: "localhost", port, user, privateKey, hostKey };
    await run(
      `export const said = new remote.Command("p", { connection: ${connection({ proxy })}, create: "echo through" }).stdout;`,
    );
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.output).toContain('"through"');
  });

  test("files, texts and directories are copied, and copied again when they change", async () => {
    const source = join(scratch(), "source");
    const target = join(scratch(), "target");
    execFileSync("sh", [
      "-c",
      `mkdir -p ${source}/sub && echo 1 > ${source}/one && echo 2 > ${source}/sub/two && chmod 700 ${source}/one`,
    ]);
    const program = `
      const connection = ${connection()};
      new remote.CopyToRemote("dir", { connection, source: new pulumi.asset.FileArchive("${source}/"), remotePath: "${target}/deep/dir" });
      new remote.CopyToRemote("text", { connection, source: new pulumi.asset.StringAsset("words"), remotePath: "${target}/text" });`;
    await run(program);
    const up = await engine().pulumi(["up", ...yes]);
    expect(up.exitCode, up.output).toBe(0);
    expect(readFileSync(join(target, "deep/dir/sub/two"), "utf8")).toBe("2\n");
    expect(execFileSync("stat", ["-c", "%a", join(target, "deep/dir/one")], { encoding: "utf8" })).toBe("700\n");
    expect(readFileSync(join(target, "text"), "utf8")).toBe("words");
    writeFileSync(join(source, "one"), "changed");
    const again = await engine().pulumi(["up", ...yes]);
    expect(again.output).toContain("1 updated");
    expect(readFileSync(join(target, "deep/dir/one"), "utf8")).toBe("changed");
  });

  test("a cancellation ends the command on the other side", async () => {
    const started = join(scratch(), "started");
    const running = () => processes().includes("sleep 161.803");
    await run(`new remote.Command("l", { connection: ${connection()}, create: "touch ${started}; sleep 161.803" });`);
    const up = engine().start(["up", ...yes]);
    await until(() => existsSync(started), "the command to start");
    up.kill("SIGINT");
    await until(() => !running(), "the command to end");
    await up.done;
  });

  test("a command that does not want to end is made to", async () => {
    const ready = join(scratch(), "ready");
    const running = () => processes().includes("sleep 141.421");
    await run(
      `new remote.Command("s", { connection: ${connection()}, create: "trap '' TERM; touch ${ready}; sleep 141.421; sleep 141.421" });`,
    );
    const up = engine().start(["up", ...yes]);
    await until(() => existsSync(ready), "the command to start");
    up.kill("SIGINT");
    await until(() => !running(), "the command to end");
    await up.done;
  });
});
