/** A health check in the daemon's words and in the provider's. Pure. */
import type Dockerode from "dockerode";
import { goDuration, parseDuration } from "../durations.ts";
import { defined, type Healthcheck } from "../inputs.ts";

const TIMES = {
  interval: "Interval",
  timeout: "Timeout",
  startPeriod: "StartPeriod",
  startInterval: "StartInterval",
} as const;

type Times = Readonly<Partial<Record<(typeof TIMES)[keyof typeof TIMES], number | undefined>>>;

export function healthcheck(check: Healthcheck): Dockerode.HealthConfig {
  const times = Object.entries(TIMES).map(([name, theirs]) => {
    const text = check[name as keyof typeof TIMES];
    return [theirs, text === undefined ? undefined : parseDuration(text)] as const;
  });
  return defined({ Test: check.tests, ...Object.fromEntries(times), Retries: check.retries });
}

/** As the provider reads it back: times in Go's own form, however the program wrote them. */
export function healthcheckAsRead(check: Healthcheck, found: Dockerode.HealthConfig | undefined): Healthcheck {
  const live: Times = found ?? {};
  const times = Object.entries(TIMES).map(([name, theirs]) => [name, goDuration(live[theirs] ?? 0)] as const);
  return { ...check, ...Object.fromEntries(times), retries: found?.Retries ?? 0, tests: found?.Test ?? [] };
}
