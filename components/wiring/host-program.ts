import type { HostDefinition } from "../host/bundle/host-spec.ts";
import type { Problem } from "../lib/problems.ts";
import type { SettingsPart } from "../settings/part.ts";
import type { Blueprint, Endpoint, PartOf, ProgramRendering, ProgramSide, Service, Use } from "./blueprint.ts";

/** A program of the machine itself, by a handle that is passed on as that of a service is. */
export interface HostProgram extends Service {
  readonly program: ProgramSide;
}

/** A relation that a program of the machine begins. */
export interface ProgramUse<Protocol extends string = string> extends Use<Protocol> {
  /**
   * The service that the program asks who somebody is, before it hands a request on: another of its wires, and one that
   * authenticates. An agent is asked in no other way. @default nobody is asked
   */
  readonly authenticatedBy?: Endpoint;
}

/** Everything that is said of a program of the machine. */
export interface ProgramBlueprint<U extends Readonly<Record<string, ProgramUse | undefined>>> {
  readonly uses: U;
  /** What containers ask it for, and the TCP port. @default nothing */
  readonly serves?: { readonly speaks: string; readonly port: number };
  /**
   * Number of the account that begins its connections: 33 is www-data of Debian, whom nginx's workers run as. The machine's
   * rules open what it asks to this account alone. @default root, who reaches every container anyway
   */
  readonly account?: number;
  /** See `Blueprint.settings`. @default nothing */
  readonly settings?: readonly (SettingsPart | PartOf)[];
  /**
   * What the machine needs for it: packages, files, units, sites of nginx and ports. Only a machine with `garrison:host` can
   * have it written. @default it is configured by somebody else, as each of its wires says
   */
  readonly configure?: (self: ProgramRendering<U>) => HostDefinition;
  /** What is wrong with what it was told, all of it, told with whatever else is wrong with the machine. @default nothing */
  readonly problems?: (self: ProgramRendering<U>) => readonly Problem[];
}

/**
 * Makes a handle of a program that runs on the machine itself, beside its containers. It goes among the `programs` of the
 * machine. Whom it is handed it may ask, at one address and port and as one account; who is handed it may ask its port, at
 * the machine's address on a network of the two, by its name.
 *
 * @example
 * ```ts
 * const page = valkey("page-sessions");
 * const login = authelia("login", { sessions: page, site: siteSettings("login"), protects: [] });
 * const front = hostProgram("front", {
 *   uses: { login: { to: login, why: "it asks who somebody is" } },
 *   account: 33,
 *   configure: (self) => ({
 *     nginx: {
 *       sites: { login: `server { listen 443 ssl; location / { proxy_pass ${self.use("login").url}; } }` },
 *     },
 *   }),
 * });
 * ```
 */
export function hostProgram<
  const U extends Readonly<Record<string, ProgramUse | undefined>>,
  const Speaks extends string,
>(
  name: string,
  blueprint: ProgramBlueprint<U> & { readonly serves: { readonly speaks: Speaks } },
): HostProgram & Endpoint<Speaks>;
export function hostProgram<const U extends Readonly<Record<string, ProgramUse | undefined>>>(
  name: string,
  blueprint: ProgramBlueprint<U>,
): HostProgram;
export function hostProgram(
  name: string,
  {
    uses,
    serves,
    account,
    settings,
    configure,
    problems,
  }: ProgramBlueprint<Readonly<Record<string, ProgramUse | undefined>>>,
): HostProgram {
  const blueprint: Blueprint = {
    uses,
    ...(serves !== undefined && { serves }),
    ...(settings !== undefined && { settings }),
    facts: () => {
      throw new Error(`${name} is a program of the machine, and no container`);
    },
  };
  const program = {
    ...(account !== undefined && { account }),
    ...(configure !== undefined && { configure }),
    ...(problems !== undefined && { problems }),
  };
  return { name, blueprint, program, ...(serves !== undefined && { speaks: serves.speaks, port: serves.port }) };
}

export function isProgram(service: Service): service is HostProgram {
  return service.program !== undefined;
}
