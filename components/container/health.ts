/** How Docker finds out whether a service works. Times in seconds. */
export interface Health {
  /** `["CMD", program, …]` or `["CMD-SHELL", line]`, run inside the container. */
  readonly test: readonly [kind: "CMD" | "CMD-SHELL", ...rest: string[]];
  /** @default 5 */
  readonly interval?: number;
  /** @default 4 */
  readonly timeout?: number;
  /** Failures in a row until the container counts as unhealthy. @default 6 */
  readonly retries?: number;
  /** How long a start may take; failures in it do not count. @default 10 */
  readonly startPeriod?: number;
}

/** Whether it is a check of Garrison's, which the deployment waits for. */
export function isChecked(health: Health | "image" | "none"): health is Health {
  return typeof health !== "string";
}

type Timing = Omit<Health, "test">;

/** A program run inside the container; exit code 0 is healthy. */
export function exec(command: readonly string[], timing: Timing = {}): Health {
  return { test: ["CMD", ...command], ...timing };
}

/** A line for the container's shell. */
export function shell(line: string, timing: Timing = {}): Health {
  return { test: ["CMD-SHELL", line], ...timing };
}

/** An HTTP GET on loopback by the image's wget. */
export function wget(port: number, path: string, timing: Timing = {}): Health {
  return exec(["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`], timing);
}

/** An HTTP GET on loopback by the image's curl. */
export function curl(port: number, path: string, timing: Timing = {}): Health {
  return exec(["curl", "-fsS", "-o", "/dev/null", `http://127.0.0.1:${port}${path}`], timing);
}

/** An HTTP GET on loopback for images that bring Python and neither wget nor curl. */
export function python(port: number, path: string, timing: Timing = {}): Health {
  const script = `import urllib.request; urllib.request.urlopen("http://127.0.0.1:${port}${path}", timeout=3)`;
  return exec(["python", "-c", script], timing);
}

/** An HTTP GET on loopback for images that bring Node and neither wget nor curl. */
export function node(port: number, path: string, timing: Timing = {}): Health {
  const script = `fetch("http://127.0.0.1:${port}${path}").then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return exec(["node", "-e", script], timing);
}
