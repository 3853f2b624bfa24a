import { readFile } from "node:fs/promises";
import { request as requestPlainly } from "node:http";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { z } from "zod";
import type { HostDefinition } from "#components/host/bundle/host-spec.ts";
import { nginx } from "#components/host/bundle/render/nginx.ts";
import { authelia } from "#components/services/authelia/service.ts";
import { n8n } from "#components/services/n8n/service.ts";
import { automationSettings } from "#components/services/n8n/settings.ts";
import { egressProxy } from "#components/services/egress-proxy/service.ts";
import { siteSettings } from "#components/services/site.ts";
import { staticSite } from "#components/services/static-site/service.ts";
import { valkey } from "#components/services/valkey/service.ts";
import { webFront } from "#components/services/web-front/service.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { contextOf, filesIn, wired } from "../wired.ts";
import type { DebianMachine } from "../debian-machine.ts";

/** Two open sites, one behind a login with an open path, and the login. */
export function aFrontMachine(): MachineDefinition {
  const out = egressProxy("out");
  const at = automationSettings("flows");
  const flows = n8n("flows", { out, hosts: [{ hosts: ["api.example.org"], why: "tickets" }], site: at });
  const [wiki, notes] = ["wiki", "notes"].map((name) => staticSite(name, { pages: {} }));
  if (wiki === undefined || notes === undefined) throw new Error("two sites were made");
  const sessions = valkey("sessions");
  const protects = [{ site: at, open: ["^/webhook/"] }];
  const login = authelia("login", { sessions, site: siteSettings("login"), protects });
  const front = webFront("front", {
    sites: [
      { to: wiki, at: siteSettings("wiki") },
      { to: notes, at: siteSettings("notes"), bodyMiB: 2 },
      { to: flows, at, live: true },
    ],
    login,
  });
  return wired([flows, wiki, notes, login, sessions, out], [], [], { programs: [front] });
}

export const SITES = ["flows", "login", "notes", "wiki"] as const;

/** Settings by which each has a name and a certificate. */
export function frontTold(front: object = {}): Record<string, object> {
  const certificateOf = (name: string) => ({
    domain: `${name}.example.org`,
    certificate: `/etc/ssl/test/${name}.pem`,
    certificateKey: `/etc/ssl/test/${name}.key`,
  });
  return { ...Object.fromEntries(SITES.map((name) => [name, certificateOf(name)])), front };
}

/** What the front has the machine configured with. */
export function frontHost(own: MachineDefinition, front: object = {}): HostDefinition {
  const configured = own.programs?.(contextOf(own, frontTold(front))) ?? [];
  const host = configured.find(({ program }) => program === "front")?.host;
  if (host === undefined) throw new Error("the front is on the machine");
  return host;
}

const rules = z.object({ access_control: z.object({ rules: z.array(z.looseObject({})) }) });

/** Starts what stands behind, at the addresses that the machine would give, with the rules that Authelia is given. */
export async function startBackends(machine: DebianMachine, own: MachineDefinition): Promise<void> {
  const texts = Object.values(frontHost(own).nginx?.sites ?? {}).join("\n");
  const authority = (name: string): [string, number] => {
    const server = own.flows.find(({ to, from }) => to === name && from === "host");
    const address = contextOf(own).networks.find((one) => one.name === server?.network)?.addresses[name];
    if (address === undefined || !texts.includes(address)) throw new Error(`${name} is asked at no address`);
    return [address, server?.ports[0]?.number ?? 0];
  };
  const sites = Object.fromEntries(["flows", "notes", "wiki"].map((name) => [name, authority(name)]));
  const login = authority("login");
  const judged = rules.parse(parse(filesIn(own, "login", frontTold())["/etc/authelia/configuration.yml"] ?? ""));
  const input = JSON.stringify([sites, login, judged.access_control.rules, "https://login.example.org"]);
  const program = await readFile(join(import.meta.dirname, "backends.py"), "utf8");
  const addresses = [...Object.values(sites), login].map(([address]) => `ip addr add ${address}/32 dev lo`);
  await must(machine, `${addresses.join(" && ")} && cat >/opt/backends.py`, program);
  await must(machine, "cat >/opt/backends.json", input);
  await must(
    machine,
    "nohup python3 /opt/backends.py </opt/backends.json >/opt/backends.log 2>&1 & for i in $(seq 50); do grep -q ready /opt/backends.log && exit; sleep 0.1; done; cat /opt/backends.log; exit 1",
  );
}

/** Writes what the bundle would, judges it and has nginx take it. */
export async function configure(machine: DebianMachine, host: HostDefinition): Promise<void> {
  if (host.nginx === undefined) throw new Error("a front has sites");
  const entries = [
    ...nginx(host.nginx, false),
    ...(host.files ?? []).map(({ path, content, mode = "0644" }) => ({ path, content, mode })),
  ];
  await must(machine, "rm -f /etc/nginx/conf.d/*");
  const lines = entries.map(({ path, content, mode }) => {
    const base64 = Buffer.from(content).toString("base64");
    return `mkdir -p "$(dirname ${path})" && echo ${base64} | base64 -d >${path} && chmod ${mode} ${path}`;
  });
  await must(machine, "sh", lines.join("\n"));
  await must(machine, "nginx -t && if [ -s /run/nginx.pid ]; then nginx -s reload && sleep 0.5; else nginx; fi");
}

export async function must(machine: DebianMachine, script: string, input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await machine.shell(script, input);
  if (exitCode !== 0) throw new Error(`${script.slice(0, 200)}\n${stdout}${stderr}`);
  return stdout;
}

/** What somebody was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
  /** What is said in the handshake. @default the name that is asked for */
  readonly handshake?: string;
}

/** Asks the front of a machine for a name over TLS, with a path as it stands. @throws when the connection is ended */
export function ask(address: string, ca: string, host: string, asked: Asked = {}): Promise<Answer> {
  const { path = "/", headers = {}, method = "GET", body = "", handshake = host } = asked;
  return new Promise((resolve, reject) => {
    const options = {
      host: address,
      servername: handshake,
      path,
      method,
      ca,
      headers: { ...headers, host },
      agent: false,
    };
    request(options, (answer) => {
      whole(answer).then(resolve, reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** The same without TLS. */
export function askPlainly(address: string, host: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    requestPlainly({ host: address, path, headers: { host }, agent: false }, (answer) => {
      whole(answer).then(resolve, reject);
    })
      .on("error", reject)
      .end();
  });
}

async function whole(answer: IncomingMessage): Promise<Answer> {
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}
