import type { KnownFault } from "../known-fault.ts";

/** What OpenClaw says when it does not start; 2026.7.35 from npm was killed in its migration and started again. */
export const faults: readonly KnownFault[] = [
  {
    says: /startup migrations are already running for this state directory; retry after .* or after (\S+Z)\./,
    cause: "the gateway before it was stopped while it migrated its state, and its lease of five minutes still holds",
    first: ([, until = ""]) => `wait until ${until} (docs/how-to/after-the-first-deploy.md says why)`,
  },
];
