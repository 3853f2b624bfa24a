/** How gVisor is started for a container, and where it comes from. */
export type GvisorSource = "release" | "debian";

/** The name under which Docker knows gVisor; what agents ask for. */
export const GVISOR = "runsc";

/** Debian's package puts it there, and gVisor's own as well. */
export const GVISOR_PROGRAM = "/usr/bin/runsc";

/**
 * The oldest release in which a command that is started inside later (`docker exec`, health checks) is under the seccomp
 * profile too: google/gvisor#12692. Looked up in the tags of its repository.
 */
export const GVISOR_FLOOR = "20260330.0";

/** The release that is installed, by the name of its suite: the newest on its release page, of 16 October 2026. */
export const GVISOR_RELEASE = "20261012";

/**
 * Arguments that Docker starts gVisor with.
 *
 * `--oci-seccomp`: the profile of the container holds inside, where gVisor would ignore it. `--overlay2=none`: what is
 * written goes where the mount says, and not into a layer of gVisor's own.
 *
 * Debian 12's (0.0~20221219) does not know systrap, nor the other option's new default. Run
 * on Linux 6.18 it refuses a network of its own, because it takes every network namespace for the host's: it is given
 * the kernel's sockets of the container's namespace instead. A release has its own network.
 */
export const GVISOR_ARGUMENTS: Readonly<Record<GvisorSource, readonly string[]>> = {
  release: ["--oci-seccomp", "--overlay2=none", "--platform=systrap"],
  debian: ["--oci-seccomp", "--overlay2=none", "--platform=ptrace", "--network=host"],
};

/**
 * Installs gVisor by hand and registers it with what its version needs, on a machine whose configuration is not
 * Garrison's: Debian's package where there is none yet, gVisor's own where its source is known to apt.
 */
export const GVISOR_COMMAND = [
  "sudo apt-get install runsc",
  `case $(dpkg-query -W -f '\${Version}' runsc) in 0.0~*) set -- ${GVISOR_ARGUMENTS.debian.join(" ")} ;; *) set -- ${GVISOR_ARGUMENTS.release.join(" ")} ;; esac`,
  `sudo ${GVISOR_PROGRAM} install -- "$@"`,
  "sudo systemctl reload docker",
].join(" && ");
