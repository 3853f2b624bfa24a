import type { Problem } from "../lib/problems.ts";
import { optionProblems } from "./container-options.ts";
import { valueProblems } from "./container-values.ts";
import { departureProblems } from "./departures.ts";
import type { JoinedContainer } from "./posture.ts";
import { waiverProblems } from "./waiver.ts";

/** Everything about one container that can be judged without knowing its machine. */
export function containerProblems(name: string, given: JoinedContainer): Problem[] {
  const { problems, readable } = optionProblems(name, given);
  const container = readable as JoinedContainer;
  return [
    ...problems,
    ...waivers(name, container),
    ...valueProblems(name, container),
    ...departureProblems(name, container),
  ];
}

function waivers(name: string, { waivers: given = [] }: JoinedContainer): Problem[] {
  const ids = given.map(({ id }) => id);
  return given.flatMap((waiver, index) => {
    const property = `${name}.waivers.${waiver.id}`;
    return [
      ...waiverProblems(waiver).map((found) => ({ property, found, expected: "reason, owner and expiry date" })),
      ...(ids.indexOf(waiver.id) === index ? [] : [{ property, found: "twice", expected: "one waiver a rule" }]),
    ];
  });
}
