import type { z } from "zod";
import type { User } from "../container/facts.ts";
import type { HostDefinition } from "../host/bundle/host-spec.ts";
import type { FileContext, Reconcile } from "../files/service-files.ts";
import type { Problem } from "../lib/problems.ts";
import type { PortText } from "../network/flow.ts";
import type { OtherMachine } from "../network/other-machine.ts";
import type { SecretUse } from "../secrets/reference.ts";
import type { SecretSource } from "../secrets/secret.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { SettingsPart } from "../settings/part.ts";

/**
 * A service of a machine, made by the factory of its kind. To pass a handle on to another service is to say that there
 * is a relation: flow, network, secret and start order follow from it.
 */
export interface Service {
  /** Unique on its machine: name of the container, of its host name and of its alias. */
  readonly name: string;
  readonly blueprint: Blueprint;
  /** Of a program of the machine itself, made by `hostProgram`. @default a container */
  readonly program?: ProgramSide;
}

/** What a program of the machine is beside its relations. */
export interface ProgramSide {
  /** See {@link ProgramBlueprint.account}. */
  readonly account?: number;
  readonly configure?: (self: ProgramRendering) => HostDefinition;
  readonly problems?: (self: ProgramRendering) => readonly Problem[];
}

/** A service that others ask. What it speaks is a part of its type: a wrong wire does not compile. */
export interface Endpoint<Protocol extends string = string> extends Service {
  readonly speaks: Protocol;
  /** The TCP port that clients ask. */
  readonly port: number;
  /** Another machine that answers. @default a container of this one */
  readonly machine?: OtherMachine;
}

/** What a container of the kind is and needs; name, number and files come from elsewhere. */
export type Facts = Omit<ServiceSpec, "name" | "number" | "files" | "reconcile">;

/** What the settings say of another service. */
export interface PartOf {
  readonly part: SettingsPart;
  readonly of: Service;
}

/** A relation, as the client states it. */
export interface Use<Protocol extends string = string> {
  readonly to: Endpoint<Protocol>;
  /** Why a connection is begun. */
  readonly why: string;
  /**
   * What the client may ask a forward proxy for: `[{ hosts: [".example.org"], why: "pages are read" }]`.
   * @default nothing
   */
  readonly hosts?: readonly AllowedHosts[];
  /**
   * What has the client ask where no file or setting of ours does: its image's own configuration, or a person.
   * @default what we deliver looks the server up
   */
  readonly configuredBy?: string;
  /**
   * `"any"`: the client bears it that the server starts after it, with a new secret of the two. For one of two that log in
   * to each other. @default the client of a server that it logs in to waits for it
   */
  readonly start?: "any";
  /** Which keys of a Redis are the client's, as Redis writes patterns: `"search:*"`. @default none */
  readonly keys?: string;
}

/** Names on the internet; `.example.org` stands for the name and everything below it, `*` for every public name. */
export interface AllowedHosts {
  readonly hosts: readonly string[];
  readonly why: string;
}

/** Relations by the name that the kind gives each: one that is switched off is undefined. */
export type Uses = Readonly<Record<string, Use | undefined>>;

/** A connection that a service begins to a place, or that the machine's neighbours begin to it. */
export interface PlaceRelation {
  readonly place: "internet" | "resolver" | "host" | "lan";
  readonly ports: PortText | readonly PortText[];
  readonly why: string;
}

/** A secret of a service's own, made by the deployment. */
export interface OwnSecret {
  readonly why: string;
  readonly source: SecretSource;
}

/** What lets the clients of a service in. */
export interface Login {
  readonly why: string;
  /** One secret for all of them, because the program knows no more. @default each client has its own */
  readonly shared?: boolean;
}

/** A service's own secret, handed on. Made by `secretOf`. */
export interface Secret {
  readonly of: Service;
  /** Its name among the service's secrets. */
  readonly secret: string;
}

/** A secret of another service that a service reads. */
export interface Taken {
  readonly from: Secret;
  readonly why: string;
}

/** Everything that a kind says of one of its services. */
export interface Blueprint<U extends Uses = Uses> {
  readonly uses: U;
  /** @default nobody asks it for anything */
  readonly serves?: {
    readonly speaks: string;
    readonly port: number;
    readonly login?: Login;
    /** It says to a web server who is asking, or that nobody may. @default false */
    readonly authenticates?: boolean;
  };
  /**
   * Secrets of others, by a name of the kind's own: `{ jwt: { from: secretOf(api, "jwt"), why: "…" } }`. One that is
   * switched off is undefined. @default none
   */
  readonly takes?: Readonly<Record<string, Taken | undefined>>;
  /** Places that it reaches directly, and neighbours that reach it. @default none */
  readonly places?: readonly PlaceRelation[];
  /** Minted, by a name of the kind's own. @default none */
  readonly secrets?: Readonly<Record<string, OwnSecret>>;
  /**
   * Issued by others, by name, and what each is for. `openai-api-key` is the setting `garrison:openaiApiKey`, kept
   * encrypted. @default none
   */
  readonly external?: Readonly<Record<string, string>>;
  /**
   * What its configuration asks the settings for, beside what every machine has. What is said of another service is
   * needed where that one is switched on: `{ part: site, of: wiki }`. @default nothing
   */
  readonly settings?: readonly (SettingsPart | PartOf)[];
  readonly facts: (self: Self<U>) => Facts;
  /** Text by absolute path. @default no files */
  readonly files?: (self: Rendering<U>) => Readonly<Record<string, string>>;
  /** What it has to be told while it runs, such as the logins of its clients. @default nothing */
  readonly reconcile?: (self: Rendering<U>) => Reconcile;
}

/** What a service knows of itself and of those that it asks. Whatever it looks up counts as used. */
export interface Self<U extends Uses = Uses> {
  readonly name: string;
  /** Who asks this service, sorted. */
  readonly clientNames: readonly string[];
  use(wire: keyof U & string): Peer;
}

/** The same while its files are rendered: addresses, settings and secrets are known by then. */
export interface Rendering<U extends Uses = Uses> extends Self<U>, FileContext {
  /**
   * Whether the other end of a wire is there: a service without a program is switched off, one that the settings switch
   * off is, and so is another machine of which the settings do not say where it is.
   */
  readonly has: (wire: keyof U & string) => boolean;
  /** Whether the settings leave a service on that no wire leads to. */
  readonly isOn: (service: Service) => boolean;
  /** Who asks this service, sorted by name: not whom the settings switch off. One without a program has no addresses. */
  readonly clients: () => Client[];
  /** Whom another service of the machine runs as. */
  readonly userOf: (service: Service) => User;
  /** What the settings say of a part that the kind has among its `settings`. */
  readonly setting: <Fields extends z.ZodRawShape>(part: SettingsPart<Fields>) => z.infer<z.ZodObject<Fields>>;
  /** A reference to a secret of the service's own. */
  readonly own: (secret: string, use?: SecretUse) => string;
  /** A reference to a secret of another service, by the kind's name among `takes`. */
  readonly taken: (secret: string, use?: SecretUse) => string;
}

/** What a program of the machine knows when its configuration is made. It is given no secret. */
export interface ProgramRendering<U extends Uses = Uses>
  extends FileContext, Pick<Rendering<U>, "name" | "has" | "isOn" | "setting"> {
  /** By address, because the machine knows no container by its name: `http://10.77.0.66:8080`. */
  readonly use: (wire: keyof U & string) => Omit<Peer, "login">;
  /** Which containers ask it, sorted by name. */
  readonly clients: () => Omit<Client, "login">[];
  /**
   * The machine's addresses at which they do, sorted. They are there once Docker has made its networks, which at a start of
   * the machine is later than most programs begin to listen.
   */
  readonly addresses: () => readonly string[];
}

/** The other end of a wire. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  /** What it speaks. */
  readonly speaks: string;
  /** `valkey:6379`; of another machine, once files are rendered, with the name in its certificate if it has one. */
  readonly authority: string;
  /** For whoever is asked over HTTP: `http://search:8080`; `https://models.example.org:8000` where a certificate is known. */
  readonly url: string;
  /** A reference to the secret that opens it for this client. */
  readonly login: (use?: SecretUse) => string;
}

/** Somebody who asks a service. */
export interface Client {
  readonly name: string;
  /** Where its connections come from: its addresses on the networks that carry them. */
  readonly addresses: readonly string[];
  /** Every address that it has on the machine. */
  readonly everyAddress: readonly string[];
  readonly hosts: readonly string[];
  /** See {@link Use.keys}. */
  readonly keys: string | undefined;
  /** A reference to the secret that opens the service for this client. */
  readonly login: (use?: SecretUse) => string;
}

/**
 * Makes a handle, typed by what the service speaks. For the factories of kinds.
 *
 * @example
 * ```ts
 * // Turns documents into PDF.
 * function gotenberg(name: string): Endpoint<"http"> {
 *   return define(name, {
 *     uses: {},
 *     serves: { speaks: "http", port: 3000 },
 *     facts: () => ({
 *       purpose: "Gotenberg: documents to PDF",
 *       image: "gotenberg",
 *       memory: 512,
 *       memoryFloor: 64,
 *       cpus: 1,
 *       pids: 128,
 *       writable: { "/tmp": tmpfs(128) },
 *       health: curl(3000, "/health"),
 *       listens: [3000],
 *     }),
 *   });
 * }
 * ```
 */
export function define<U extends Uses, const Speaks extends string>(
  name: string,
  blueprint: Blueprint<U> & { readonly serves: { readonly speaks: Speaks } },
): Endpoint<Speaks>;
export function define<U extends Uses>(name: string, blueprint: Blueprint<U>): Service;
export function define(name: string, blueprint: Blueprint): Service | Endpoint {
  const { serves } = blueprint;
  return serves === undefined ? { name, blueprint } : { name, blueprint, speaks: serves.speaks, port: serves.port };
}
