import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SMTPServerOptions } from "smtp-server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mail, type MailOptions } from "#programs/lib/channels/mail.ts";
import { telegram } from "#programs/lib/channels/telegram.ts";
import { deserted, mailServer, ok, telegramApi, type StandIn } from "./stand-ins.ts";

const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
const message = { id: "abc", subject: "office: alert of level 12", text: "#1 [12] ünï" };
const { signal } = new AbortController();
let directory: string;
let tokenFile: string;
let standIns: StandIn[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "channels-"));
  tokenFile = secret("token", `${token}\n`);
  standIns = [];
});
afterEach(async () => {
  await Promise.all(standIns.map((one) => one.stop()));
  rmSync(directory, { recursive: true });
});

function secret(name: string, value: string, mode = 0o600): string {
  writeFileSync(join(directory, name), value, { mode });
  return join(directory, name);
}
function kept<T extends StandIn>(one: T): T {
  standIns.push(one);
  return one;
}
const chat = (port: number) => telegram({ tokenFile, chat: 42, api: `http://127.0.0.1:${port}` });
const box = (port: number, given: Partial<MailOptions> = {}) =>
  mail({
    host: "127.0.0.1",
    port,
    tls: "none",
    from: "garrison@office.example",
    to: "operator@office.example",
    ...given,
  });
const failure = (sent: Promise<void>) =>
  sent.then(
    () => expect.unreachable("was sent"),
    (error: unknown) => error as Error & { refused?: boolean; retryAfter?: number },
  );
/** All that a log could show of an error. */
const shown = (error: Error) => `${String(error)} ${error.stack ?? ""} ${String(error.cause)} ${JSON.stringify(error)}`;

it("writes to a chat of Telegram", async () => {
  const api = kept(await telegramApi(token));
  await chat(api.port).send(message, signal);
  expect(api.got).toEqual([message.text]);
});

it("knows how long Telegram wants to be left alone, and what it refuses", async () => {
  const answers = [
    { status: 429, body: { ok: false, description: `Too Many Requests ${token}`, parameters: { retry_after: 7 } } },
    { status: 400, body: { ok: false, description: "Bad Request: chat not found" } },
  ];
  const api = kept(await telegramApi(token, (n) => answers[n] ?? ok));
  const busy = await failure(chat(api.port).send(message, signal));
  expect(busy).toMatchObject({
    retryAfter: 7000,
    refused: false,
    message: "telegram: answered 429: Too Many Requests …",
  });
  expect(await failure(chat(api.port).send(message, signal))).toMatchObject({ refused: true });
});

it("shows the token in no error: neither away, redirected, nor at an address that is none", async () => {
  const elsewhere = { status: 302, body: {}, headers: { location: "http://127.0.0.1:1/" } };
  const api = kept(await telegramApi(token, () => elsewhere));
  const odd = telegram({ tokenFile, chat: 42, api: "http://127.0.0.1:99999" });
  for (const one of [chat(await deserted()), chat(api.port), odd]) {
    const error = await failure(one.send(message, signal));
    expect(error.message).toMatch(/^telegram: no answer: /);
    expect(shown(error)).not.toContain("AAHdq");
  }
  expect(await failure(chat(await deserted()).send(message, signal))).toHaveProperty(
    "message",
    "telegram: no answer: ECONNREFUSED",
  );
});

it("reads the token at each message, and names what is wrong with its file but not what is in it", async () => {
  const api = kept(await telegramApi(token));
  writeFileSync(tokenFile, "not a token");
  expect((await failure(chat(api.port).send(message, signal))).message).not.toContain("not a");
  writeFileSync(tokenFile, token);
  await chat(api.port).send(message, signal);
  tokenFile = secret("open", token, 0o644);
  const error = await failure(chat(api.port).send(message, signal));
  expect(error.message).toBe(`${tokenFile}: mode 0644; expected closed to others; next: chmod o= ${tokenFile}`);
});

it("writes a mail, with a login", async () => {
  const onAuth: SMTPServerOptions["onAuth"] = (auth, _, done) => {
    done(null, auth.password === "right" ? { user: auth.username ?? "" } : {});
  };
  const server = kept(await mailServer({ allowInsecureAuth: true, authOptional: false, onAuth }));
  const login = { user: "garrison", passwordFile: secret("password", "right") };
  await box(server.port, { login }).send(message, signal);
  expect(server.got[0]).toMatch(/^Subject: office: alert of level 12\r$/m);
  expect(server.got[0]).toMatch(/^Message-ID: <abc@office\.example>\r$/m);
  writeFileSync(login.passwordFile, "wrong-one");
  const error = await failure(box(server.port, { login }).send(message, signal));
  expect(error.message).toBe("mail: EAUTH answered 535 to AUTH PLAIN");
  expect(shown(error)).not.toMatch(/wrong-one|d3Jvbmctb25l/);
});

it("sends no mail in the clear where TLS is asked for, and knows what a server refuses", async () => {
  const server = kept(
    await mailServer({
      onData: (stream, _, done) => {
        stream.resume().on("end", () => {
          done(Object.assign(new Error("spam: #1"), { responseCode: 554 }));
        });
      },
    }),
  );
  expect((await failure(box(server.port, { tls: "starttls" }).send(message, signal))).message).toMatch(/^mail: ETLS/);
  const refused = await failure(box(server.port).send(message, signal));
  expect(refused).toMatchObject({ refused: true, message: "mail: EMESSAGE answered 554 to DATA" });
  expect((await failure(box(1).send(message, signal))).message).toMatch(/^mail: E(SOCKET|CONNECTION|CONNREFUSED)/);
});
