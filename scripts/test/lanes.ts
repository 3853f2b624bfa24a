/** A run of Vitest over some of the lab tests. */
export interface Lane {
  readonly name: string;
  /** Behind `vitest run --project lab`. */
  readonly args: readonly string[];
}

/**
 * Beginnings of the names of test files that neither bring an estate up on this host's daemon nor look at one: they
 * have machines, engines or single containers of their own.
 */
const apart = ["azure-", "engine-", "host-", "lab-", "posture-difference", "registry", "ssh-machine"];

/** What ends the daemon ends everybody's containers; what compares the host's routes sees everybody's networks. */
const alone = ["daemon", "internet"];

/**
 * The lab tests as stages; the lanes of a stage run side by side, each one file after the other. Much of their time
 * they wait for a health check or a timeout. A new file belongs to the first lane until it is named here.
 */
export const labStages: readonly (readonly Lane[])[] = [
  [
    { name: "estates", args: [...apart, ...alone].flatMap((name) => ["--exclude", `tests/lab/${name}*`]) },
    { name: "machines", args: apart.map(fileFilter) },
  ],
  [{ name: "alone", args: alone.map(fileFilter) }],
];

function fileFilter(name: string): string {
  return `tests/lab/${name}`;
}
