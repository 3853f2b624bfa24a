import { afterAll, beforeAll, describe } from "vitest";
import { ensureDocker } from "#scripts/docker/ensure.ts";
import { FaultyEstate } from "../support/faulty-estate.ts";
import { sampler } from "../support/sweep.ts";
import { cutOff } from "./faults/cut-off.ts";
import { daemon } from "./faults/daemon.ts";
import { rules, watchRules } from "./faults/rules.ts";
import type { Watcher } from "./faults/rules.ts";

// One estate that is hurt in every way: while it is deployed for the first time, and when it is up. The last takes it
// down. The daemon itself dies too, and all other containers of this host with it: nothing else may run at the same time.
const minutes = 60_000;

let estate: FaultyEstate;
let watcher: Watcher;
const given = (): FaultyEstate => estate;
/** All ways to hurt it are one sweep. */
const isTried = sampler();

beforeAll(async () => {
  estate = await FaultyEstate.make("faults-test");
  watcher = watchRules(estate);
}, 2 * minutes);

afterAll(async () => {
  await watcher.stop();
  // Whatever happened here, the tests that follow find a daemon.
  await ensureDocker();
  await estate.end();
}, 12 * minutes);

describe("an up that is cut off", () => {
  cutOff(given, () => watcher, isTried);
});
// Without a suite around them: of a sample, none may be theirs.
daemon(given, isTried);
describe("the host's rules", () => {
  rules(given);
});
