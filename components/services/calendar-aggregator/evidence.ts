import type { Evidence } from "../evidence.ts";

export const evidence: Evidence = {
  lab: "a stand-in that listens on the port and answers the health check",
  claims: [],
  open: ["Its program does not exist yet: name, port, health check and limits are a plan."],
};
