import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { execa } from "execa";

/** The local daemon behind a TLS port that wants a client certificate, as `dockerd --tlsverify` does. */
export interface TlsDocker {
  readonly port: number;
  /** Holds ca.pem, cert.pem and key.pem of a client that is let in. */
  readonly directory: string;
  stop(): void;
}

const socket = "/var/run/docker.sock";

export async function startTlsDocker(): Promise<TlsDocker> {
  const directory = mkdtempSync(join(tmpdir(), "garrison-tls-"));
  await makeCertificates(directory);
  const file = (name: string) => readFileSync(join(directory, name));
  const open = new Set<Socket>();
  const server = createServer(
    { ca: file("ca.pem"), cert: file("server-cert.pem"), key: file("server-key.pem"), requestCert: true },
    (client) => {
      const daemon = connect(socket);
      open.add(client);
      client.on("error", () => daemon.destroy()).on("close", () => daemon.destroy());
      daemon.on("error", () => client.destroy());
      client.pipe(daemon).pipe(client);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    directory,
    stop: () => {
      for (const client of open) client.destroy();
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** An authority, and a certificate of it for the server and one for the client. */
async function makeCertificates(directory: string): Promise<void> {
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: directory });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl("req", "-x509", ...key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "2");
  for (const [prefix, name] of [
    ["server-", "localhost"],
    ["", "client"],
  ]) {
    const issuer = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "subjectAltName=IP:127.0.0.1"];
    const out = ["-keyout", `${prefix ?? ""}key.pem`, "-out", `${prefix ?? ""}cert.pem`];
    await openssl("req", "-x509", ...key, ...issuer, ...out, "-subj", `/CN=${name ?? ""}`, "-days", "2");
  }
}
