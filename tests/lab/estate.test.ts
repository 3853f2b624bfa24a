import { afterAll, beforeAll, describe } from "vitest";
import { LabEstate } from "../support/lab-estate.ts";
import { attacks } from "./estate/attacks.ts";
import { commands } from "./estate/commands.ts";
import { end } from "./estate/end.ts";
import { packets } from "./estate/packets.ts";
import { posture } from "./estate/posture.ts";
import { removedService } from "./estate/remove-service.ts";
import { secrets } from "./estate/secrets.ts";

// One estate from before its first deployment to its end. What is between the two leaves it as it was.
const minutes = 60_000;

let estate: LabEstate;
const given = (): LabEstate => estate;

beforeAll(async () => {
  estate = await LabEstate.make("estate-test");
});

afterAll(async () => {
  await estate.end();
}, 5 * minutes);

describe("the commands", () => {
  commands(given);
});
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
describe("the secrets of an estate", () => {
  secrets(given);
});
describe("down, among things of others", () => {
  end(given);
});
