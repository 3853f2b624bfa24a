import { readFile, readlink } from "node:fs/promises";

/** What the kernel says about a process: an oracle that shares no code with what set it up. */
interface Confinement {
  readonly uid: number;
  readonly gid: number;
  /** Effective, permitted and bounding capabilities as bit masks. */
  readonly capabilities: { readonly effective: bigint; readonly permitted: bigint; readonly bounding: bigint };
  readonly noNewPrivileges: boolean;
  /** 2 is a filter. */
  readonly seccomp: number;
}

export async function confinementOf(pid: number): Promise<Confinement> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
  const field = (name: string): string => {
    const value = new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1];
    if (value === undefined) throw new Error(`/proc/${String(pid)}/status has no ${name}`);
    return value;
  };
  const mask = (name: string): bigint => BigInt(`0x${field(name)}`);
  return {
    uid: Number(field("Uid").split("\t")[1]),
    gid: Number(field("Gid").split("\t")[1]),
    capabilities: { effective: mask("CapEff"), permitted: mask("CapPrm"), bounding: mask("CapBnd") },
    noNewPrivileges: field("NoNewPrivs") === "1",
    seccomp: Number(field("Seccomp")),
  };
}

/** Numbers of the capabilities that this project names, as in the kernel's capability.h. */
const CAPABILITY: Readonly<Record<string, bigint>> = {
  CHOWN: 0n,
  DAC_OVERRIDE: 1n,
  FOWNER: 3n,
  FSETID: 4n,
  KILL: 5n,
  SETGID: 6n,
  SETUID: 7n,
  NET_BIND_SERVICE: 10n,
  SYS_CHROOT: 18n,
  AUDIT_WRITE: 29n,
};

/** The bit mask of named capabilities. */
export function maskOf(names: readonly string[]): bigint {
  return names.reduce((mask, name) => {
    const bit = CAPABILITY[name];
    if (bit === undefined) throw new Error(`no capability ${name}`);
    return mask | (1n << bit);
  }, 0n);
}

export interface Mount {
  readonly path: string;
  readonly type: string;
  /** Options of the mount and of its file system. */
  readonly options: readonly string[];
}

/** The mounts that a process sees. */
export async function mountsOf(pid: number): Promise<Mount[]> {
  const text = await readFile(`/proc/${String(pid)}/mountinfo`, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [own = "", rest = ""] = line.split(" - ");
      const fields = own.split(" ");
      const [type = "", , superOptions = ""] = rest.split(" ");
      const options = [...(fields[5] ?? "").split(","), ...superOptions.split(",")];
      return { path: fields[4] ?? "", type, options };
    });
}

/** A limit of the process's cgroup, and of the parent of that cgroup. cgroup v1 and v2. */
export async function cgroupLimit(pid: number, controller: string, file: { v1: string; v2: string }) {
  const groups = await readFile(`/proc/${String(pid)}/cgroup`, "utf8");
  const legacy = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, "m").exec(groups)?.[1];
  const path = legacy ?? /^0::(.*)$/m.exec(groups)?.[1];
  if (path === undefined) throw new Error(`process ${String(pid)} is in no ${controller} cgroup`);
  const root = legacy === undefined ? "/sys/fs/cgroup" : `/sys/fs/cgroup/${controller}`;
  const name = legacy === undefined ? file.v2 : file.v1;
  const parent = path.slice(0, path.lastIndexOf("/"));
  const read = async (group: string): Promise<string | undefined> => {
    try {
      return (await readFile(`${root}${group}/${name}`, "utf8")).trim();
    } catch {
      return undefined;
    }
  };
  return { own: await read(path), parent: await read(parent), parentPath: parent };
}

/** Identity of a namespace, to compare with the host's. */
export async function namespaceOf(pid: number | "self", kind: string): Promise<string> {
  return readlink(`/proc/${String(pid)}/ns/${kind}`);
}
