/**
 * A command line that runs `command` in a tree of processes of its own, with mounts of its own, which the kernel ends
 * and undoes when this process ends, however it ends. For builders that would otherwise go on for nobody.
 */
export function diesWithUs(command: readonly string[]): [program: string, ...args: string[]] {
  const tree = ["unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--"];
  return ["setpriv", "--pdeathsig", "KILL", ...tree, ...command];
}
