import { afterAll, beforeAll, describe } from "vitest";
import { bringUp } from "../support/lab-estate.ts";
import type { LabEstate } from "../support/lab-estate.ts";
import { attacks } from "./estate/attacks.ts";
import { packets } from "./estate/packets.ts";
import { posture } from "./estate/posture.ts";
import { removedService } from "./estate/remove-service.ts";

// One estate for all that looks at a machine that is up and leaves it as it was. The last takes it down.
const minutes = 60_000;

let estate: LabEstate;
const given = (): LabEstate => estate;

beforeAll(async () => {
  estate = await bringUp("estate-test");
}, 15 * minutes);

afterAll(async () => {
  await estate.end();
}, 5 * minutes);

describe("posture", () => {
  posture(given);
});
describe("packets", () => {
  packets(given);
});
describe("a service", () => {
  removedService(given);
});
describe("attacks", () => {
  attacks(given);
});
