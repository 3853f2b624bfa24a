import type { Service } from "#components/wiring/blueprint.ts";
import { awaitedProgram } from "../awaited-program.ts";
import { evidence } from "./evidence.ts";

export function requestBroker(name: string): Service {
  return awaitedProgram(name, {
    purpose: "Request broker: asks the operator before anything irreversible",
    image: "request-broker",
    evidence,
    declares: { role: "approver" },
  });
}
