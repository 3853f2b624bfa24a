import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface StandIn {
  readonly port: number;
  readonly got: string[];
  stop(): Promise<void>;
}

/** A stand-in of a mail server on loopback; keeps whole messages. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<StandIn> {
  const got: string[] = [];
  const server = new SMTPServer({
    ...{ disabledCommands: ["STARTTLS"], authOptional: true, logger: false },
    onData: (stream, _session, done) => {
      void text(stream).then((message) => {
        got.push(message);
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await new Promise((resolve) => listening.once("listening", resolve));
  const { port } = listening.address() as AddressInfo;
  return {
    port,
    got,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

/** A stand-in of Telegram's Bot API on loopback; `answer` says what it answers to the n-th request, 0 being the first. */
export async function telegramApi(
  token: string,
  answer: (n: number) => { status: number; body: unknown; headers?: Record<string, string>; after?: number } = () => ok,
): Promise<StandIn> {
  const got: string[] = [];
  let n = 0;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { status, body: said, headers = {}, after = 0 } = answer(n++);
      const right = request.url === `/bot${token}/sendMessage`;
      if (right && status === 200) got.push((JSON.parse(body) as { text: string }).text);
      setTimeout(() => {
        response.writeHead(right ? status : 401, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(right ? said : { ok: false, description: "Unauthorized" }));
      }, after);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, got },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export const ok = { status: 200, body: { ok: true, result: {} } };

/** A port of loopback where nobody listens; fetch takes none of the first thousand for one of the web's. */
export async function deserted(): Promise<number> {
  const server = await telegramApi("");
  await server.stop();
  return server.port;
}
