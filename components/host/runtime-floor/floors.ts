import { GVISOR_FLOOR } from "#components/container/gvisor.ts";

/** The oldest version of one program that may run containers, and why. */
export interface Floor {
  /** Program as its users call it. */
  readonly program: "kernel" | "docker" | "containerd" | "runc" | "incus" | "gvisor";
  /**
   * Oldest good version of each release line that is known to have the fix, oldest line first. A line is everything
   * before the last number. A version of another line is good when it is newer than all of these.
   */
  readonly fixed: readonly string[];
  /** Packages that hold the program, in the order in which they are looked for. The kernel's is the running one. */
  readonly packages: readonly string[];
  /**
   * Versions of distributions that carry the fix under an older number, by the number that they began from: a package of
   * the same beginning that is not older has the fix.
   */
  readonly backports: readonly string[];
  readonly cves: readonly string[];
  readonly why: string;
  /** Where the versions come from: what was read. */
  readonly source: string;
  /** What helps where the machine's package sources have no fix. */
  readonly otherwise: string;
}

/**
 * What an agent's container stands on. A floor rises with each known way out of a container or into the machine, and
 * with what leaves an agent's processes without their profile.
 */
export const FLOORS: readonly Floor[] = [
  {
    program: "kernel",
    fixed: ["6.1.170", "6.12.85", "6.18.22", "6.19.13"],
    packages: [],
    backports: [],
    cves: ["CVE-2026-31431"],
    why: "any process that may open an AF_ALG socket writes into the page cache of files it can only read, those of the host and of other containers included",
    source:
      "changelogs of Debian's linux 6.1.170-1 and 6.12.85-1; kata-containers#12977 for 6.18.22, flashbots-images#138 for 6.19.13; read",
    otherwise: "boot a newer kernel: the distribution's backports have one",
  },
  {
    program: "docker",
    fixed: ["23.0.15", "25.0.6", "26.1.5", "27.1.1"],
    packages: ["docker-ce", "docker.io"],
    backports: ["20.10.24+dfsg1-1+deb12u1"],
    cves: ["CVE-2024-41110"],
    why: "a request with an empty body passes the daemon's authorization plugins unseen",
    source: "changelogs of Debian's docker.io; GHSA-v23v-6jw2-98fq; read",
    otherwise: "a newer release of the distribution, or Docker's own packages",
  },
  {
    program: "containerd",
    fixed: ["1.7.29", "2.0.7", "2.1.5", "2.2.0"],
    packages: ["containerd.io", "containerd"],
    backports: ["1.6.20~ds1-1+deb12u3", "1.7.24~ds1-6+deb13u1"],
    cves: ["CVE-2024-25621", "CVE-2025-64329"],
    why: "its directories let any user of the machine at the files of containers",
    source: "changelogs of Debian's containerd; GHSA-pwhc-rpq9-4c8w; read",
    otherwise: "a newer release of the distribution, or Docker's own packages",
  },
  {
    program: "runc",
    fixed: ["1.2.8", "1.3.3"],
    packages: ["containerd.io", "runc"],
    backports: ["1.1.15+ds1-2+deb13u1"],
    cves: ["CVE-2025-31133", "CVE-2025-52565"],
    why: "a container that swaps what is mounted over /dev/null or /dev/console while it starts writes to the host's /proc",
    source: "changelog of Debian's runc 1.1.15+ds1-2+deb13u1; buildah#6522 and #6482 for the others; read",
    otherwise: "Debian 13, or Docker's own packages: Debian 12 has no fix",
  },
  {
    program: "incus",
    fixed: ["7.0.1", "7.3.0"],
    packages: ["incus-base", "incus"],
    backports: ["6.0.4-2+deb13u8"],
    cves: ["CVE-2026-48749", "CVE-2026-48750", "CVE-2026-48751", "CVE-2026-48752"],
    why: "an image reads and writes files of the host, and a restricted project runs commands outside of it",
    source: "changelogs of Debian's incus; Flatcar#2325; read",
    otherwise: "Debian 13 or its backports: those of Debian 12 have no fix",
  },
  {
    program: "gvisor",
    fixed: [GVISOR_FLOOR],
    packages: ["runsc"],
    backports: [],
    cves: [],
    why: "what docker exec starts in an agent's container, health checks too, is not under its seccomp profile",
    source: "google/gvisor#12692 and the tags of its repository; read",
    otherwise: "gVisor's own package source: Debian's packages are older",
  },
];
