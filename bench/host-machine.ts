import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Bundle } from "../components/host/bundle/bundle.ts";
import { bundleId, entry } from "../components/host/bundle/bundle.ts";
import { hostScript } from "../components/host/bundle/host-script.ts";
import { unit } from "../components/host/bundle/render/units.ts";
import { applyLine } from "../components/host/host.ts";
import type { DockerSettings } from "../components/host/docker-host.ts";
import { problem } from "../helpers/terminal/report.ts";
import { keyPair, startMachine } from "../tests/support/debian-machine.ts";
import type { DebianMachine } from "../tests/support/debian-machine.ts";
import type { Timed } from "./measure.ts";

/** Files and units that a machine gets, 60 in all. */
const FILES = 48;
const UNITS = 12;

/** What both contestants make: small files as a machine has them, and units that start with it. */
export function hostWork(): Bundle {
  const files = Array.from({ length: FILES }, (_, number) =>
    entry(`/etc/bench/${String(number % 6)}/${String(number)}.conf`, `setting.${String(number)} = value\n`.repeat(20), {
      mode: number % 4 === 0 ? "600" : "644",
    }),
  );
  const units = Array.from({ length: UNITS }, (_, number) => `bench-${String(number)}.service`);
  const entries = units.flatMap((name) =>
    unit({
      name,
      unit: { Description: `Does nothing (${name})` },
      service: { Type: "oneshot", RemainAfterExit: "yes", ExecStart: "/bin/true" },
      install: { WantedBy: "multi-user.target" },
    }),
  );
  return {
    host: "bench",
    packages: [],
    users: [],
    entries: [...files, ...entries],
    enabled: units,
    confirmSeconds: 30,
  };
}

/** A machine of its own for one contestant, reached over ssh. */
export interface BenchHost {
  readonly machine: DebianMachine;
  readonly settings: DockerSettings;
  /** Of the machine's key, for programs that read one. */
  readonly knownHosts: string;
}

export async function makeBenchHost(name: string, directory: string): Promise<BenchHost> {
  const machine = await startMachine(name, { booted: true });
  const login = await keyPair(directory, name);
  await machine.shell("mkdir -p -m 0700 /root/.ssh; cat >/root/.ssh/authorized_keys", `${login.publicKey}\n`);
  const hostKey = (await machine.shell("cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub")).stdout;
  const knownHosts = join(directory, `${name}.known`);
  await writeFile(knownHosts, `${machine.address} ${hostKey}\n`);
  const settings = {
    host: `ssh://root@${machine.address}`,
    hostKey,
    identityFile: login.file,
    cgroupDriver: "systemd",
  } as const;
  return { machine, settings, knownHosts };
}

/** The engine's own command: one connection, the program and the bundle on standard input. */
export async function garrisonCommand(host: BenchHost, work: Bundle, directory: string): Promise<Timed> {
  const script = join(directory, "garrison.sh");
  await writeFile(script, hostScript(work));
  const environment = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const line = `(${applyLine(host.settings, bundleId(work))}) <${script}`;
  return { file: "sh", args: ["-c", line], directory, environment };
}

/** The same as a playbook, with what makes Ansible fast: pipelining, one lasting connection, no facts. */
export async function ansibleCommand(
  host: BenchHost,
  playbook: string,
  work: Bundle,
  directory: string,
): Promise<Timed> {
  const files = join(directory, "files");
  await mkdir(files);
  const items = await Promise.all(
    work.entries.map(async ({ path, content, mode }, number) => {
      const src = join(files, String(number));
      await writeFile(src, content);
      await chmod(src, 0o600);
      return { src, dest: path, mode: `0${mode}` };
    }),
  );
  const directories = [...new Set(items.map(({ dest }) => dest.slice(0, dest.lastIndexOf("/"))))];
  const plays = [
    {
      hosts: "all",
      gather_facts: false,
      tasks: [
        { name: "directories", "ansible.builtin.file": { path: "{{ item }}", state: "directory" }, loop: directories },
        {
          name: "files and units",
          "ansible.builtin.copy": {
            src: "{{ item.src }}",
            dest: "{{ item.dest }}",
            mode: "{{ item.mode }}",
            owner: "root",
            group: "root",
          },
          loop: items,
        },
        { name: "units are read", "ansible.builtin.systemd_service": { daemon_reload: true } },
        {
          name: "units run and start with the machine",
          "ansible.builtin.systemd_service": {
            name: "{{ item }}",
            enabled: true,
            state: "started",
          },
          loop: work.enabled,
        },
      ],
    },
  ];
  const file = join(directory, "playbook.yaml");
  await writeFile(file, stringify(plays));
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    LC_ALL: "C.UTF-8",
    ANSIBLE_HOME: join(directory, "ansible"),
    ANSIBLE_PIPELINING: "true",
    ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
    ANSIBLE_SSH_ARGS: `-o ControlMaster=auto -o ControlPersist=60 -o UserKnownHostsFile=${host.knownHosts}`,
  };
  const args = [
    "-i",
    `${host.machine.address},`,
    "-u",
    "root",
    "--private-key",
    host.settings.identityFile ?? "",
    file,
  ];
  return { file: playbook, args, directory, environment };
}

/** Takes away what a contestant made, and its connection. */
export async function emptyBenchHost({ machine }: BenchHost, work: Bundle): Promise<void> {
  const { exitCode, stderr } = await machine.shell(
    `systemctl --quiet disable --now ${work.enabled.join(" ")} 2>/dev/null; rm -rf /var/lib/garrison /etc/bench /etc/systemd/system/bench-* && systemctl daemon-reload`,
  );
  if (exitCode !== 0) throw new Error(stderr);
  await dropConnections(machine);
}

/** Every measured run begins with a connection of its own. */
export async function dropConnections(machine: DebianMachine): Promise<void> {
  await machine.shell("pkill -f '^sshd: root'");
}

/** What lies on a machine and runs there, to be compared. @throws {ProblemReport} when the two do not have the same */
export async function requireSame(a: BenchHost, b: BenchHost, work: Bundle): Promise<void> {
  const [one, other] = await Promise.all([a, b].map(({ machine }) => picture(machine, work)));
  if (one === other && one?.includes("/etc/bench/0/0.conf") === true) return;
  throw problem("The two machines of the benchmark are not configured the same", {
    property: "files, modes and units",
    found: `${one ?? ""}\n---\n${other ?? ""}`,
    expected: "the same on both",
    fix: "npm run bench -- host --runs 1",
  });
}

async function picture(machine: DebianMachine, work: Bundle): Promise<string> {
  const paths = work.entries.map(({ path }) => path).join(" ");
  const units = work.enabled.join(" ");
  const asked = `stat -c '%n %a %U:%G' ${paths}; sha256sum ${paths}; systemctl is-enabled ${units}; systemctl is-active ${units}`;
  return (await machine.shell(asked)).stdout;
}
