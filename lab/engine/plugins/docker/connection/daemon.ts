/** One Docker daemon: where it is, a connection made on first use, and clear words when it does not answer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SshAgent } from "@garrison/helpers/docker/ssh-agent.ts";
import { isUnknown } from "@garrison/helpers/pulumi/values.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import type { CheckFailure } from "#provider/check.ts";
import type { DockerConfig, RegistryAuth } from "../inputs.ts";

export interface Daemon {
  /** As the user wrote it: `unix:///var/run/docker.sock`. */
  readonly host: string;
  readonly registryAuth: readonly RegistryAuth[];
  /** Connects on first use only: checks, diffs and previews of creation need no daemon. */
  client(): Promise<Dockerode>;
  /** Refuses what this daemon is too old for: it would silently ignore fields of later API versions. */
  requireApi(needs: readonly ApiNeed[]): Promise<void>;
}

export interface ApiNeed {
  readonly property: string;
  /** `1.44`. */
  readonly version: string;
}

const localSocket = "unix:///var/run/docker.sock";

export function checkHost(config: Properties): CheckFailure[] {
  const host = config.host;
  if (host === undefined || isUnknown(host)) return [];
  if (typeof host === "string" && /^(unix:\/\/\/|ssh:\/\/[^/]|tcp:\/\/[^/])/.test(host) && URL.canParse(host))
    return [];
  const reason = `docker.Provider.host is ${JSON.stringify(host)}; expected unix:///path, ssh://user@host:port or tcp://host:port`;
  return [{ property: "host", reason }];
}

export function daemon(config: DockerConfig): Daemon {
  const host = config.host ?? process.env.DOCKER_HOST ?? localSocket;
  let connecting: Promise<Dockerode> | undefined;
  let api: Promise<string> | undefined;
  const client = () => (connecting ??= connect(host, config));
  return {
    host,
    registryAuth: config.registryAuth ?? [],
    client,
    async requireApi(needs) {
      if (needs.length === 0) return;
      api ??= client().then(async (docker) => ((await docker.version()) as { ApiVersion: string }).ApiVersion);
      const version = await api;
      const missing = needs.filter((need) => !atLeast(version, need.version));
      if (missing.length === 0) return;
      const list = missing.map((need) => `${need.property} needs API ${need.version}`).join(", ");
      throw new Error(`${list}; the daemon at ${host} speaks ${version}: leave it out or update Docker`);
    },
  };
}

export function atLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

async function connect(host: string, config: DockerConfig): Promise<Dockerode> {
  // Loaded late: it costs a third of a second, and most calls of a preview need no daemon.
  const { default: Docker } = await import("dockerode");
  // The library would let these override what the program says.
  for (const name of ["DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"])
    Reflect.deleteProperty(process.env, name);
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  if (host.startsWith("ssh://")) {
    const agent = new SshAgent(host, config.sshOpts ?? []);
    const options = { protocol: "http", host: "docker.invalid", port: 80, agent } as const;
    return new Docker(options);
  }
  const url = new URL(host);
  const tls = tlsMaterial(config);
  const port = url.port === "" ? (tls ? 2376 : 2375) : Number(url.port);
  return new Docker({ protocol: tls ? "https" : "http", host: url.hostname, port, ...tls });
}

function tlsMaterial(config: DockerConfig): { ca: string; cert: string; key: string } | undefined {
  const { caMaterial: ca, certMaterial: cert, keyMaterial: key, certPath } = config;
  if (ca !== undefined && cert !== undefined && key !== undefined) return { ca, cert, key };
  if (ca ?? cert ?? key) {
    throw new Error("docker.Provider: caMaterial, certMaterial and keyMaterial belong together; give all three");
  }
  if (certPath === undefined) return undefined;
  const read = (name: string) => readFileSync(join(certPath, name), "utf8");
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
