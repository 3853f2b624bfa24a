import { webSites } from "./web-sites.ts";

/** Settings of a stack as YAML has them, by name. */
export type Given = Readonly<Record<string, unknown>>;

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB/+8=\n-----END CERTIFICATE-----\n";

const host = {
  name: "nuc",
  deployer: { name: "garrison", uid: 2000, keys: [`${KEY} deployer`] },
  operators: { alice: { uid: 2001, keys: [`${KEY} alice`] } },
  operatorsFrom: ["203.0.113.0/29"],
  deployerFrom: ["203.0.113.10"],
  estate: ["203.0.113.20"],
  timeServers: ["0.debian.pool.ntp.org"],
  confirmSeconds: 120,
};

/** With every setting that such a machine can have. */
export const office: Given = {
  machine: "office",
  lab: true,
  estate: "office",
  docker: {
    host: "ssh://garrison@office-nuc.example",
    hostKey: KEY,
    identityFile: "/keys/id",
    cgroupDriver: "systemd",
    bridge: "172.17.0.0/16",
  },
  host,
  resources: { memoryMiB: 65_536, cpus: 16, reserveMiB: 8192, openFiles: 1024 },
  network: "10.77.0.0/16",
  lan: ["192.168.1.0/24"],
  resolvers: ["9.9.9.9"],
  machines: { models: { address: "10.66.2.4", tlsName: "models.example.org" } },
  services: { valkey: "on" },
  secrets: { "gateway-token": { generation: 2, rotated: "2026-11-30" } },
  publish: { address: "127.0.0.1" },
  models: { gateway: "a/b", fallbacks: ["c"], memory: "d", embedding: "e" },
  pages: { origins: ["https://gateway.office.example"] },
  telegram: { operators: [123_456_789] },
  internetCa: CERTIFICATE,
  images: { registry: "ghcr.io/example", lock: "images.office.lock.json" },
  imagesLock: "images.lock.json",
};

export const web: Given = {
  machine: "azure-web",
  estate: "azweb",
  host,
  resources: { memoryMiB: 32_768, cpus: 16, reserveMiB: 2048 },
  azure: {
    subscription: "00000000-0000-0000-0000-000000000001",
    location: "westeurope",
    resourceGroup: "garrison-web",
    network: "10.88.0.0/16",
    size: "Standard_F16s_v2",
    image: "Debian:debian-12:12-gen2:0.20230612.1409",
    generation: 1,
    webFrom: ["Cloudflare"],
    peers: {
      office: {
        network:
          "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n",
        block: "10.89.0.0/16",
      },
    },
    budget: { amount: 100, from: "2026-12", contacts: ["ops@example.com"] },
  },
  ...webSites,
  govgpt: { ...webSites.govgpt, registration: ["govgpt.example"], keepDays: 90 },
  edugpt: { ...webSites.edugpt, registration: ["edugpt.example"], keepDays: 365 },
  civiqs: { ...webSites.civiqs, registration: [], keepDays: 30 },
  n8n: { ...webSites.n8n, keepDays: 14 },
};

/** As Pulumi hands them to a program: text, and what is not as JSON. */
export function asPulumiGives(settings: Given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `garrison:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** The settings with something else at a path; `undefined` takes it out. */
export function changed(settings: Given, path: readonly (string | number)[], value: unknown): Given {
  const copy = structuredClone(settings) as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string | number, unknown>, copy);
  const last = path.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

const withoutHost = without(office, "host");
/** Of a machine that is no rehearsal. */
const real: Given = { ...without(office, "internetCa"), lab: false, resources: { memoryMiB: 65_536, cpus: 16 } };

function without(settings: Given, key: string): Given {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
}

/** What only the operator knows, and a value for it. */
export const KNOWN_TO_THE_OPERATOR: Readonly<Record<string, string>> = {
  "ssh-ed25519 <key of the machine>": KEY,
  "<public key>": KEY,
  "<machine>": "nuc.example",
  "<name>": "bob",
  "<address>": "203.0.113.77",
  "<MiB of the machine>": "131072",
  "<processors of the machine>": "16",
  "<number>": "42",
  "<name of the page>": "gateway.example",
  "<name of the site>": "www.example",
  "<subscription id>": "00000000-0000-0000-0000-000000000001",
  "<owner>": "example",
  "<id>":
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n",
  "<amount>": "100",
  "<mail address>": "ops@example.com",
};

/** What somebody would mistype, and what the report names. */
export const MISTYPED: readonly (readonly [base: Given, path: readonly (string | number)[], value: unknown])[] = [
  [office, ["docker.host"], "ssh://a@b"],
  [office, ["telegram.operators"], [5]],
  [web, ["telegram"], { operators: [5] }],
  [web, ["services"], { flowise: false }],
  [office, ["lan[0]"], "192.168.1.0/24"],
  [office, ["host", "operators", "al.ice"], { uid: 2002, keys: [KEY] }],
  [office, ["host", "operators", "www-data"], { uid: 2002, keys: [KEY] }],
  [office, ["docker", "port"], 22],
  [office, ["docker", 'a.b[0] "c"'], 1],
  [office, ["telegram", "operators", 0], "123456789"],
  [office, ["telegram", "operators"], ["111", 222, "@alice", "333"]],
  [office, ["telegram", "operators"], 123_456_789],
  [office, ["telegram", "operators", 0], "@alice"],
  [office, ["telegram", "operators", 0], -100],
  [office, ["pages", "origins"], "https://gateway.office.example"],
  [office, ["pages", "origins", 0], "https://gateway.office.example/"],
  [office, ["pages", "origins", 0], "https://a..example:99999"],
  [office, ["resolvers", 0], "dns.quad9.net"],
  [office, ["resolvers"], []],
  [office, ["resolvers"], "9.9.9.9"],
  [office, ["lan", 0], "192.168.1.5/24"],
  [office, ["lan"], { home: "192.168.1.0/24" }],
  [office, ["network"], "10.77.0.1/16"],
  [office, ["network"], 10],
  [office, ["estate"], "Office-Estate"],
  [office, ["machine"], "ofice"],
  [office, ["lab"], "yes"],
  [office, ["docker"], "{host: nuc"],
  [office, ["docker", "host"], "ssh://garrison@office nuc"],
  [office, ["docker", "host"], "ssh://garrison@nuc:222222"],
  [office, ["docker", "host"], "ssh://garrison@192.168.1.300"],
  [office, ["docker", "hostKey"], "ssh-ed25519 AAAA"],
  [office, ["docker", "hostKey"], KEY.slice(0, -4)],
  [office, ["docker", "hostKey"], KEY.replace("ed25519 ", "rsa ")],
  [office, ["docker", "identityFile"], ""],
  [office, ["docker", "cgroupDriver"], "cgroups"],
  [office, ["docker", "bridge"], "172.17.0.1/16"],
  [office, ["resources", "memoryMiB"], "65536"],
  [office, ["resources", "memoryMiB"], 64],
  [office, ["resources", "memoryMiB"], 1e12],
  [office, ["resources", "cpus"], "four"],
  [office, ["resources", "cpus"], 0],
  [office, ["resources"], 5],
  [office, ["resources"], undefined],
  [office, ["secrets", "gateway-token", "rotated"], "30.11.2026"],
  [office, ["secrets", "gateway-token", "rotated"], "2026-02-30"],
  [office, ["secrets", "gateway-token", "generation"], "two"],
  [office, ["secrets"], ["gateway-token"]],
  [office, ["publish", "address"], "0.0.0.0"],
  [office, ["publish", "address"], "localhost"],
  [office, ["models", "gateway"], "claude opus"],
  [office, ["models"], "claude"],
  [office, ["images", "registry"], "https://ghcr.io/example"],
  [office, ["imagesLock"], ""],
  [office, ["host", "name"], "Office_NUC"],
  [office, ["host", "deployer", "uid"], 999],
  [office, ["host", "deployer", "name"], "root"],
  [office, ["host", "deployer", "keys", 0], "ssh-ed25519 AAAA…"],
  [office, ["host", "deployer", "keys"], KEY],
  [office, ["host", "operators"], {}],
  [office, ["host", "operators"], ["alice"]],
  [office, ["host", "operatorsFrom", 0], "203.0.113.1/29"],
  [office, ["host", "operatorsFrom", 0], "2001:db8::/32"],
  [office, ["host", "operatorsFrom", 0], "office.example"],
  [office, ["host", "timeServers", 0], "pool.ntp.org:123"],
  [office, ["host", "confirmSeconds"], "2m"],
  [web, ["azure", "location"], "West Europe"],
  [web, ["azure", "subscription"], "my subscription"],
  [web, ["azure", "resourceGroup"], "garrison."],
  [web, ["azure", "network"], "10.88.0.0/24"],
  [web, ["azure", "size"], "Standard_F16"],
  [web, ["azure", "image"], "Debian:debian-12:12-gen2:latest"],
  [web, ["azure", "generation"], 0],
  [web, ["azure", "webFrom", 0], "Everybody"],
  [web, ["azure", "webFrom"], "Cloudflare"],
  [web, ["azure", "peers", "Office"], { network: "x", block: "10.90.0.0/16" }],
  [web, ["azure", "peers", "office", "block"], "10.89.0.0"],
  [web, ["azure", "budget", "amount"], "100 EUR"],
  [web, ["azure", "budget", "from"], "2026-13"],
  [web, ["azure", "budget", "contacts", 0], "ops"],
  [web, ["azure", "budget", "contacts"], []],
  [web, ["govgpt", "domain"], "https://govgpt.example"],
  [web, ["govgpt", "domain"], undefined],
  [web, ["govgpt", "registration"], "govgpt.example"],
  [web, ["govgpt", "registration", 0], "@govgpt.example"],
  [web, ["govgpt", "keepDays"], 0],
  [web, ["edugpt", "keepDays"], "1 year"],
  [web, ["n8n", "keepDays"], 3650],
  [web, ["login", "domain"], "auth.civiqs.example/login"],
  [web, ["flowise"], undefined],
  [web, ["siem"], "siem.civiqs.example"],
  [web, ["govGPT"], { domain: "govgpt.example" }],
  [web, ["azure"], undefined],
  [web, ["host"], undefined],
  // What needs more than one setting to be judged.
  [withoutHost, ["docker"], { host: "unix:///var/run/docker.sock", hostKey: KEY, identityFile: "/keys/id" }],
  [office, ["docker"], { host: "unix:///var/run/docker.sock" }],
  [office, ["docker"], { host: "ssh://garrison@nuc" }],
  [real, ["internetCa"], CERTIFICATE],
  [real, ["resources", "openFiles"], 1024],
  [real, ["pages", "origins"], []],
  [real, ["telegram"], undefined],
  [office, ["azure"], web.azure],
  [web, ["docker"], { host: "ssh://garrison@web.example", hostKey: KEY }],
];

/** What a second person mistyped: units, other notations, signs that look alike, blanks, several in one. */
export const MISTYPED_AGAIN: typeof MISTYPED = [
  [office, ["resources", "memoryMiB"], "64 GiB"],
  [office, ["resources", "memoryMiB"], "65_536"],
  [office, ["resources", "memoryMiB"], "0x10000"],
  [office, ["resources", "memoryMiB"], -65_536],
  [office, ["resources", "memoryMiB"], [65_536]],
  [office, ["resources", "memoryMiB"], "99999999999999999999"],
  [office, ["resources", "cpus"], "500m"],
  [office, ["resources", "cpus"], "1,5"],
  [office, ["network"], "10.77.0.0/16 "],
  [office, ["network"], "'10.77.0.0/16'"],
  [office, ["network"], "10.77.0.0/255.255.0.0"],
  [office, ["network"], "10.077.0.0/16"],
  [office, ["network"], "10.77.0.0\uff0f16"],
  [office, ["network"], "fd00::/48"],
  [office, ["network"], ["10.77.0.0/16"]],
  [office, ["network"], "10.77.0.0/16,10.78.0.0/16"],
  [office, ["lan"], "192.168.1.0/24, 192.168.2.0/24"],
  [office, ["lan", 0], "192.168.1.0-192.168.1.255"],
  [office, ["resolvers", 0], "fe80::1%eth0"],
  [office, ["resolvers", 0], "9.9.9.9\u200b"],
  [office, ["resolvers", 0], "https://dns.quad9.net/dns-query"],
  [office, ["estate"], "\u043effice"],
  [office, ["machine"], "Office"],
  [office, ["docker", "host"], "tcp://10.0.0.4:2375"],
  [office, ["docker", "host"], "SSH://garrison@nuc.example"],
  [office, ["docker", "host"], "ssh://garrison@[fe80::1%25eth0]"],
  [office, ["docker", "host"], "ssh://-oProxyCommand=x@nuc"],
  [office, ["docker", "hostKey"], `${KEY} root@nuc`],
  [office, ["docker", "hostKey"], KEY.replace("AAAA", "AAA\u0410")],
  [office, ["docker", "identityFile"], "/keys/id "],
  [office, ["docker", "Host"], "ssh://a@b"],
  [office, ["docker", "cgroupDriver"], "Systemd"],
  [office, ["secrets", "gateway-token", "generation"], 1e21],
  [office, ["secrets", "gateway-token", "rotated"], 20_261_130],
  [office, ["secrets", "gateway-token"], "generation: 2"],
  [office, ["publish", "address"], "127.1"],
  [office, ["publish"], "127.0.0.1"],
  [office, ["models", "fallbacks"], "a,b"],
  [office, ["models", "gateway"], "\u201ca/b\u201d"],
  [office, ["pages", "origins", 0], "https://*.office.example"],
  [office, ["pages", "origins", 0], "https://g\u00e4te.example"],
  [office, ["telegram", "operators", 0], "+43 660 1234567"],
  [office, ["telegram"], [123]],
  [office, ["internetCa"], "/etc/ssl/ca.pem"],
  [office, ["images", "registry"], "ghcr.io/example:latest"],
  [office, ["host", "operators", "alice "], { uid: 2002, keys: [KEY] }],
  [office, ["host", "deployer", "keys", 0], `command="reboot" ${KEY}`],
  [office, ["host", "deployer", "keys", 0], `${KEY} a\n${KEY} b`],
  [office, ["host", "operatorsFrom"], "0.0.0.0/0, ::/0"],
  [office, ["host", "deployerFrom", 0], "203.0.113.10-20"],
  [office, ["host", "timeServers"], []],
  [office, ["host", "confirmSeconds"], "PT2M"],
  [web, ["azure", "subscription"], "{00000000-0000-0000-0000-000000000001}"],
  [web, ["azure", "webFrom", 0], "203.0.113.0/24,198.51.100.0/24"],
  [web, ["azure", "budget", "from"], "Dec 2026"],
  [office, ["Network"], "10.77.0.0/16"],
  [office, ["net work"], "x"],
  [office, ["lan\u00a0"], []],
];
