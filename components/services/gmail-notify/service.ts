import type { Service } from "#components/wiring/blueprint.ts";
import { awaitedProgram } from "../awaited-program.ts";
import { evidence } from "./evidence.ts";

export function gmailNotify(name: string): Service {
  return awaitedProgram(name, { purpose: "Tells the operator of new mail", image: "gmail-notify", evidence });
}
