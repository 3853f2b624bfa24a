import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real sshd on a loopback port, with a host key and an authorised key of its own. */
export interface TestSshd {
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** A host key that this server does not have. */
  readonly otherHostKey: string;
  readonly privateKey: string;
  stop(): void;
}

const binary = "/usr/sbin/sshd";
const startMs = 5000;

/**
 * Starts the server. It runs as the current user and lets only that user in, by key.
 *
 * @param more lines of its configuration
 */
export async function startSshd(more: readonly string[] = []): Promise<TestSshd> {
  if (!existsSync(binary)) throw new Error(`no ${binary}; install openssh-server`);
  // sshd refuses keys below a directory that others may write, which /tmp is.
  const parent = join(userInfo().homedir, ".cache");
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, "garrison-sshd-"));
  const key = (name: string) => {
    const file = join(directory, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return file;
  };
  const [host, other, login] = [key("host"), key("other"), key("login")];
  const authorized = join(directory, "authorized_keys");
  writeFileSync(authorized, readFileSync(`${login}.pub`));
  for (const file of [host, login, authorized]) chmodSync(file, 0o600);
  const port = await freePort();
  const configuration = join(directory, "sshd_config");
  writeFileSync(configuration, [...more, settings({ directory, port, host, authorized })].join("\n"));
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });

  const server = spawn(binary, ["-D", "-e", "-f", configuration], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const end = Date.now() + startMs;
  while (!log.includes("Server listening")) {
    if (server.exitCode !== null || Date.now() > end) throw new Error(`sshd did not start: ${log}`);
    await sleep(20);
  }
  return {
    port,
    user: userInfo().username,
    hostKey: readFileSync(`${host}.pub`, "utf8"),
    otherHostKey: readFileSync(`${other}.pub`, "utf8"),
    privateKey: readFileSync(login, "utf8"),
    stop: () => {
      server.kill("SIGTERM");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function settings(files: { directory: string; port: number; host: string; authorized: string }): string {
  return [
    `Port ${files.port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${files.host}`,
    `PidFile ${join(files.directory, "pid")}`,
    `AuthorizedKeysFile ${files.authorized}`,
    "AuthenticationMethods publickey",
    "PermitRootLogin prohibit-password",
    "UsePAM no",
    "StrictModes yes",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}
