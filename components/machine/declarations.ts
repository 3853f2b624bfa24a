import { posix } from "node:path";
import type { ServiceFiles } from "../files/plan-files.ts";
import { formatPort } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import { fillIn } from "../secrets/reference.ts";
import type { ServiceDeclaration } from "../services/declaration.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { MachineDefinition } from "./machine-definition.ts";

/** What a machine tells policies beside its resources; the policies publish the shape. */
export interface Declarations {
  readonly requireDeclaration: boolean;
  /** Containers by their names on the host. */
  readonly programs: Readonly<Record<string, ProgramDeclaration>>;
  readonly flows: readonly DeclaredFlow[];
}

export type ProgramDeclaration = Pick<ServiceDeclaration, "role" | "trust"> & {
  /** Parsed where it is JSON, text otherwise; never with the value of a secret. */
  readonly configuration?: unknown;
};

export interface DeclaredFlow {
  readonly from: string;
  readonly to: string;
  /** `8080`, or `53/udp`. */
  readonly ports: readonly string[];
  readonly why: string;
}

/** Works out what a machine declares. Files still have references where the host gets secrets. */
export function planDeclarations(
  definition: MachineDefinition,
  files: readonly ServiceFiles[],
  nameOf: (service: string) => string,
): Declarations {
  const services = new Set(definition.services.map(({ name }) => name));
  const end = (name: string): string => (services.has(name) ? nameOf(name) : name);
  const flow = ({ from, to, ports, why }: Flow): DeclaredFlow => ({
    from: end(from),
    to: end(to),
    ports: ports.map(formatPort),
    why,
  });
  return {
    requireDeclaration: definition.requireDeclaration === true,
    programs: Object.fromEntries(
      definition.services.flatMap((service) => {
        const declared = declarationOf(service, files);
        return declared === undefined ? [] : [[nameOf(service.name), declared] as const];
      }),
    ),
    flows: definition.flows.map(flow),
  };
}

function declarationOf(service: ServiceSpec, files: readonly ServiceFiles[]): ProgramDeclaration | undefined {
  const { declares } = service;
  if (declares === undefined) return service.agent === true ? { role: "agent" } : undefined;
  const { configuration: path, ...declared } = declares;
  if (path === undefined) return declared;
  const directories = files.find((own) => own.service === service.name)?.directories ?? [];
  const text = directories.find(({ target }) => target === posix.dirname(path))?.files[posix.basename(path)];
  if (text === undefined) throw new Error(`${service.name} has no file ${path}`);
  return { ...declared, configuration: readable(text) };
}

/** The text with the names of its secrets, as an object where it is JSON: a policy can then say which property is wrong. */
function readable(text: string): unknown {
  const named = fillIn(text, ({ name, as }) => (as === "json" ? JSON.stringify(`secret ${name}`) : `secret ${name}`));
  try {
    return JSON.parse(named) as unknown;
  } catch {
    return named;
  }
}
