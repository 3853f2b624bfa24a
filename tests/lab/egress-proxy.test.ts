import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { duplexPair } from "node:stream";
import { connect as connectTls } from "node:tls";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseBlock } from "#components/network/address.ts";
import { chooseBlock } from "#lab/estate/network-block.ts";
import { azureBlock } from "#lab/fabric/places.ts";
import { takenBlocks } from "#lab/estate/taken-blocks.ts";
import { configuredServices, outputOf } from "../support/configured-service.ts";
import type { ConfiguredServices } from "../support/configured-service.ts";
import { docker, importBusybox, removeByPrefix, testPrefix } from "../support/docker.ts";
import { execIn, waitForHealth } from "../support/hardened-run.ts";
import { startNameServer } from "../support/name-server.ts";
import type { NameServer } from "../support/name-server.ts";
import { azureAddress } from "../support/azure-facts.ts";
import { filesOf, officeContext } from "../support/office-files.ts";

/** Stands for the internet: a block that is nobody's here, with the test itself behind its first address. */
const INTERNET = { subnet: azureBlock.replace("/24", "/28"), address: azureAddress(1) };
const GREETING = "the site";

/** What the names of the test resolve to. */
const NAMES = {
  "en.wikipedia.org": [INTERNET.address],
  "api.anthropic.com": [INTERNET.address],
  "evil.example": [INTERNET.address],
  // Allowed names, with addresses that are nobody's on the internet.
  "html.duckduckgo.com": ["169.254.169.254"],
  "www.mojeek.com": [INTERNET.address, "10.0.0.1"],
};

const prefix = testPrefix();
const clients = ["searxng", "openclaw-gateway"] as const;
const daemon = new Docker();
let services: ConfiguredServices;
let proxy: Docker.Container;
let names: NameServer;
let site: Server;
const containers = new Map<string, Docker.Container>();

beforeAll(async () => {
  services = await configuredServices(prefix, ["egress-proxy"]);
  const taken = await takenBlocks({ name: prefix, id: undefined }, daemon);
  const network = chooseBlock(taken.map(({ block }) => block));
  if (network === undefined) throw new Error("no free address block");
  const context = officeContext({ network, resolvers: [INTERNET.address] });

  await docker("network", "create", "--internal", "--subnet", INTERNET.subnet, `${prefix}-internet`);
  names = await startNameServer(INTERNET.address, NAMES);
  site = createServer((socket) => {
    socket.on("error", () => undefined); // A client may hang up first.
    socket.end(GREETING);
  }).listen(443, INTERNET.address);
  await once(site, "listening");

  proxy = await services.start("egress-proxy", {
    files: filesOf("egress-proxy", context),
    network: `${prefix}-internet`,
  });
  const busybox = await importBusybox(`${prefix}-client:1`);
  for (const client of clients) {
    const planned = context.networks.find(({ addresses }) => client in addresses && "egress-proxy" in addresses);
    if (planned === undefined) throw new Error(`${client} shares no network with the proxy`);
    const own = `${prefix}-${planned.name}`;
    await docker("network", "create", "--internal", "--subnet", planned.subnet, own);
    await docker(
      "network",
      "connect",
      "--ip",
      planned.addresses["egress-proxy"] ?? "",
      "--alias",
      "egress-proxy",
      own,
      proxy.id,
    );
    const address = ["--network", own, "--ip", planned.addresses[client] ?? ""];
    const id = await docker("run", "-d", "--name", `${prefix}-${client}`, ...address, busybox, "sleep", "infinity");
    containers.set(client, daemon.getContainer(id));
  }
  await waitForHealth(proxy, "healthy", 60);
}, 900_000);

afterAll(async () => {
  names.close();
  site.close();
  await removeByPrefix(prefix);
  await services.close();
});

/** What the proxy and the site behind it answer a client's request, and what the client then says in its tunnel. */
async function ask(client: (typeof clients)[number], request: string, inside?: Buffer): Promise<string> {
  const container = containers.get(client);
  if (container === undefined) throw new Error(`no client ${client}`);
  return (await execIn(container, ["sh", "-c", speak(request, inside)])).output;
}

/**
 * A shell line. It stays until it is refused or hung up on, or for some seconds: a client that hangs up has its tunnel
 * closed.
 */
function speak(request: string, inside: Buffer = Buffer.alloc(0)): string {
  const said = `sleep 0.3; echo ${inside.toString("base64")} | base64 -d`;
  const stay = "for i in $(seq 60); do [ ! -e /tmp/over ] && ! grep -qs ' 403 ' /tmp/said || break; sleep 0.1; done";
  return `rm -f /tmp/over /tmp/said; (printf '${request}\\r\\n\\r\\n'; ${said}; ${stay}) | (nc -w 10 egress-proxy 3128 | tee /tmp/said; touch /tmp/over)`;
}

/** The first message of TLS from somebody who wants this name. */
async function hello(servername?: string): Promise<Buffer> {
  const [near, far] = duplexPair();
  const client = connectTls({ socket: near, ...(servername !== undefined && { servername }) });
  client.on("error", () => undefined);
  const [message] = (await once(far, "data")) as [Buffer];
  client.destroy();
  return message;
}

const connect = (to: string): string => `CONNECT ${to} HTTP/1.1\\r\\nHost: ${to}`;

describe("the real proxy, with the office machine's configuration", () => {
  test.each([
    ["searxng", "en.wikipedia.org:443"],
    ["openclaw-gateway", "api.anthropic.com:443"],
    ["openclaw-gateway", "API.Anthropic.com:443"],
  ] as const)("%s reaches %s", async (client, to) => {
    const answer = await ask(client, connect(to), await hello(to.replace(":443", "")));
    expect(answer).toContain(" 200 ");
    expect(answer).toContain(GREETING);
  });

  test("takes who names nobody in TLS by the name of the tunnel", async () => {
    expect(await ask("searxng", connect("en.wikipedia.org:443"), await hello())).toContain(GREETING);
  });

  test.each([
    ["TLS for a name that nobody may", () => hello("evil.example")],
    ["TLS for what another client may", () => hello("api.anthropic.com")],
    ["TLS for a name below an allowed one", () => hello("x.en.wikipedia.org")],
    ["HTTP", () => Buffer.from("GET / HTTP/1.1\r\nHost: en.wikipedia.org\r\n\r\n")],
    ["SSH", () => Buffer.from("SSH-2.0-client\r\n")],
    ["what looks like TLS for a moment", () => Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
    ["nothing", () => Buffer.alloc(0)],
  ] as const)("in the tunnel to an allowed name, %s leads nowhere", async (_, inside) => {
    const answer = await ask("searxng", connect("en.wikipedia.org:443"), await inside());
    expect(answer).toContain(" 200 ");
    expect(answer).not.toContain(GREETING);
  });

  test.each([
    ["what another client may", "searxng", connect("api.anthropic.com:443")],
    ["what another client may", "openclaw-gateway", connect("en.wikipedia.org:443")],
    ["what nobody may", "searxng", connect("evil.example:443")],
    ["a name that an allowed one ends with", "searxng", connect("x.en.wikipedia.org:443")],
    ["a name that ends with an allowed one", "searxng", connect("evil-en.wikipedia.org:443")],
    ["another port", "searxng", connect("en.wikipedia.org:8443")],
    ["what is not TLS", "searxng", "GET http://en.wikipedia.org/?q=canary-query HTTP/1.1\\r\\nHost: en.wikipedia.org"],
    [
      "what is not TLS, on its port",
      "searxng",
      "GET http://en.wikipedia.org:443/ HTTP/1.1\\r\\nHost: en.wikipedia.org",
    ],
    ["an address", "searxng", connect(`${INTERNET.address}:443`)],
    ["the metadata service", "searxng", connect("169.254.169.254:443")],
    ["an address as a number", "searxng", connect(`${String(parseBlock(INTERNET.subnet).base + 1)}:443`)],
    ["an address in hexadecimal", "searxng", connect(`0x${(parseBlock(INTERNET.subnet).base + 1).toString(16)}:443`)],
    ["an address of IPv6", "searxng", connect(`[::ffff:${INTERNET.address}]:443`)],
    ["itself", "searxng", connect("localhost:443")],
    ["its own pages", "searxng", "GET /squid-internal-mgr/info HTTP/1.1\\r\\nHost: egress-proxy:3128"],
    ["an allowed name with the metadata service's address", "searxng", connect("html.duckduckgo.com:443")],
    ["an allowed name with a neighbour's address beside its own", "searxng", connect("www.mojeek.com:443")],
  ] as const)("refuses %s (%s)", async (_, client, request) => {
    const answer = await ask(client, request);
    expect(answer).toContain(" 403 ");
    expect(answer).not.toContain(GREETING);
  });

  test("who is on no list is refused everything", async () => {
    const stranger = await docker(
      ...["run", "--rm", "--name", `${prefix}-stranger`, "--network", `${prefix}-out-search`, `${prefix}-client:1`],
      ...["sh", "-c", speak(connect("en.wikipedia.org:443"))],
    );
    expect(stranger).toContain(" 403 ");
  });

  test("looks up allowed names alone: a name is a way to say something, too", () => {
    const asked = new Set(names.questions.map((question) => question.replace(/^\w+ /, "")));
    expect([...asked].sort()).toEqual([
      "api.anthropic.com",
      "en.wikipedia.org",
      "html.duckduckgo.com",
      "www.mojeek.com",
    ]);
    expect(names.questions.filter((question) => question.startsWith("PTR"))).toEqual([]);
  });

  test("says who asked for which host, and no more", async () => {
    const log = await outputOf(proxy);
    const { networks } = officeContext();
    const searxng = networks.find(({ name }) => name === "out-search")?.addresses.searxng ?? "";
    expect(log).toMatch(
      new RegExp(`\\.${searxng.split(".").slice(2).join("\\.")} .*200 .*CONNECT en\\.wikipedia\\.org:443`),
    );
    expect(log).toMatch(/403 .*CONNECT evil\.example:443/);
    expect(log).toMatch(/terminate en\.wikipedia\.org:443 evil\.example/);
    expect(log).toMatch(/403 .*GET en\.wikipedia\.org:80/);
    expect(log).not.toContain("canary-query");
  });
});
