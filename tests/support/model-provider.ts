import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { answerFor } from "#lab/internet/sites/answer.ts";

/** The lab's stand-in for a provider of models, on an address of this machine, with faults on demand. */
export interface ModelProvider {
  readonly port: number;
  /** Bodies of the calls so far. */
  readonly calls: readonly string[];
  /** What was asked to be tunnelled, as a proxy is. */
  readonly tunnels: readonly string[];
  /** Calls whose body has this text fail with 500, so many times. */
  fail(text: string, times: number): void;
  close(): Promise<void>;
}

export async function modelProvider(host: string): Promise<ModelProvider> {
  const calls: string[] = [];
  const tunnels: string[] = [];
  const faults = new Map<string, number>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      calls.push(body);
      const fault = [...faults].find(([part, times]) => times > 0 && body.includes(part));
      if (fault !== undefined) {
        faults.set(fault[0], fault[1] - 1);
        response
          .writeHead(500, { "content-type": "application/json" })
          .end(JSON.stringify({ error: { message: body } }));
        return;
      }
      const { method = "GET", url = "/" } = request;
      const headers = request.headers as Record<string, string | undefined>;
      const answer = answerFor({ method, host: "api.openai.com", path: url.split("?")[0] ?? "/", headers, body });
      response.writeHead(answer.status, { "content-type": answer.type }).end(answer.parts.join(""));
    });
  });
  server.on("connect", ({ url = "" }, socket) => {
    tunnels.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    tunnels,
    fail: (part, times) => faults.set(part, times),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
