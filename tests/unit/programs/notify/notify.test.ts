import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { eventLine } from "#programs/lib/events/read-event.ts";
import { Lines } from "#programs/notify/lines.ts";
import { readSettings } from "#programs/notify/settings.ts";
import { checkout } from "#helpers/files/directories.ts";
import { event } from "../lib/event.ts";
import { deserted, mailServer, ok, telegramApi, type StandIn } from "../lib/stand-ins.ts";

const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
let directory: string;
let children: ChildProcess[];
let standIns: StandIn[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "notify-"));
  [children, standIns] = [[], []];
});
afterEach(async () => {
  for (const one of children) one.kill("SIGKILL");
  await Promise.all(standIns.map((one) => one.stop()));
  rmSync(directory, { recursive: true });
});

function settings(given: object): string {
  writeFileSync(join(directory, "token"), token, { mode: 0o600 });
  const file = join(directory, "settings.json");
  writeFileSync(file, JSON.stringify({ machine: "office", spool: join(directory, "spool"), ...given }));
  return file;
}
const channels = (api: number, smtp: number) => ({
  telegram: { tokenFile: join(directory, "token"), chat: 42, api: `http://127.0.0.1:${api}` },
  mail: { host: "127.0.0.1", port: smtp, tls: "none", from: "garrison@office.example", to: "operator@office.example" },
  limits: { messagesPerMinute: 600 },
});
function run(...given: string[]) {
  const program = join(checkout, "programs/notify/main.ts");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...given]);
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, errors: text(child.stderr), output: text(child.stdout) };
}
async function standing(answer?: Parameters<typeof telegramApi>[1]) {
  const [api, smtp] = await Promise.all([telegramApi(token, answer), mailServer()]);
  standIns.push(api, smtp);
  return { api, smtp };
}

it("tells what it reads on standard input on both channels, and that a line is no event", async () => {
  const { api, smtp } = await standing();
  const { child, ended, errors } = run("--settings", settings(channels(api.port, smtp.port)));
  child.stdin.end(`${eventLine(event({ subject: "told" }))}{"level":12}\n`);
  expect(await ended).toBe(3);
  for (const { got } of [api, smtp]) expect(got.join("\n")).toMatch(/told[^]*event\.refused/);
  expect(await errors).not.toContain(token);
});

it("loses nothing and repeats nothing that a channel took when it is killed in the middle of a send", async () => {
  const { api, smtp } = await standing((n) => ({ ...ok, after: n === 0 ? 60_000 : 0 }));
  const [log, file] = [join(directory, "events.jsonl"), settings(channels(api.port, smtp.port))];
  const subjects = Array.from({ length: 25 }, (_, n) => `alert-${n}.`);
  writeFileSync(log, subjects.map((subject) => eventLine(event({ subject }))).join(""));
  const first = run("--settings", file, "--follow", log);
  const mailed = () => subjects.every((subject) => smtp.got.join("").replaceAll("=\r\n", "").includes(subject));
  await vi.waitFor(() => {
    // Telegram has not answered; mail is through.
    expect([api.got.length, mailed()]).toEqual([1, true]);
  }, 30_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const mails = smtp.got.length;
  first.child.kill("SIGKILL");
  await first.ended;
  const second = run("--settings", file, "--follow", log);
  await vi.waitFor(() => {
    for (const subject of subjects) expect(api.got.slice(1).join("\n")).toContain(subject);
  }, 30_000);
  // A file that was renamed meanwhile is read to its end, then the new one.
  appendFileSync(log, eventLine(event({ subject: "old-file" })));
  renameSync(log, `${log}.1`);
  writeFileSync(log, eventLine(event({ subject: "new-file" })));
  await vi.waitFor(() => {
    expect(api.got.join("\n")).toMatch(/old-file[^]*new-file/);
    expect(smtp.got.slice(mails).join("\n")).toMatch(/old-file[^]*new-file/);
  }, 30_000);
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  expect(smtp.got.slice(mails).join("\n")).not.toContain("alert-");
});

it("keeps what it cannot tell for the next run, and says so", async () => {
  const file = settings(channels(await deserted(), 1));
  const away = run("--settings", file, "--wait", "0.2");
  away.child.stdin.end(eventLine(event({ subject: "kept" })));
  expect(await away.ended).toBe(4);
  expect(await away.errors).toContain("telegram: no answer: ECONNREFUSED");
  const { api, smtp } = await standing();
  const next = run("--settings", settings(channels(api.port, smtp.port)));
  next.child.stdin.end();
  expect(await next.ended).toBe(0);
  expect(api.got.join()).toContain("kept");
});

it("explains itself, and tells every problem of its settings at once", async () => {
  const help = run("--help");
  expect(await help.ended).toBe(0);
  expect(await help.output).toContain("Exit codes:");
  const file = settings({
    machine: "The NUC",
    mail: { host: "mx.example", port: 0, tls: "none", from: "x", to: "y" },
    extra: 1,
  });
  expect(() => readSettings(file)).toThrow(
    /machine: .*\n.*mail\.port: .*\n.*mail\.from: .*\n.*mail\.to: .*\n.*"extra"/s,
  );
  const wrong = run("--settings", file);
  expect(await wrong.ended).toBe(2);
});

it("cuts bytes into lines, and keeps no more of a long one than is needed to refuse it", () => {
  const lines = new Lines();
  expect(lines.add(Buffer.from("a\nb"))).toEqual(["a"]);
  expect(lines.pending).toBe(1);
  expect(lines.add(Buffer.from("c\n\n"))).toEqual(["bc"]);
  for (let n = 0; n < 10; n += 1) lines.add(Buffer.alloc(50_000, "x"));
  expect(lines.pending).toBe(500_000);
  const [long = ""] = lines.add(Buffer.from("\n"));
  expect(long.length).toBeLessThan(70_000);
  expect(lines.end()).toEqual([]);
});
