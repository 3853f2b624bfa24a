import type { Commands } from "../components/machine/commands.ts";

/** What reports tell to type in this checkout. */
export const commands: Commands = {
  numbers: (machine) => `npm run numbers -- ${machine}`,
  goneFor: '"Another machine in its place" in docs/how-to/deploy-the-office-machine.md',
  image: ({ key, stack, way }) => {
    if (way === "lab") return "npm run up";
    return way === "build" ? `npm run images -- build ${key} --stack ${stack}` : `npm run images -- lock ${key}`;
  },
};
