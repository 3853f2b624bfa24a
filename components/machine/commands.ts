/** An image that has no digest, and what would give it one. */
export interface UnlockedImage {
  /** Key in the image lock. */
  readonly key: string;
  readonly stack: string;
  /** `lab`: the lab builds it; `build`: the lock has a recipe; `look-up`: somebody publishes it. */
  readonly way: "lab" | "build" | "look-up";
}

/** What a report tells to type where that depends on who deploys. */
export interface Commands {
  /** Gives what is new on a machine its number. */
  readonly numbers: (machine: string) => string;
  /** @default nothing is told to type */
  readonly image?: (image: UnlockedImage) => string;
  /** Where it is told what to do about a machine that is gone for good. @default nowhere */
  readonly goneFor?: string;
}

/** Of a program that has the package. */
export const packageCommands: Commands = { numbers: () => "npx garrison numbers" };
