import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [],
  open: [
    "Its image is whoever's who uses it: what is said here of it is what it is asked to keep to, and no program of ours does yet.",
    "What of it runs code of a model's is not an agent here: such code belongs into a sandbox.",
  ],
};
