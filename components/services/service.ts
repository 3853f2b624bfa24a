import type { ContainerFacts, User } from "../container/facts.ts";
import type { FileContext, FilesOf, Reconcile } from "../files/service-files.ts";
import type { ServiceDeclaration } from "./declaration.ts";
import type { Evidence } from "./evidence.ts";
import type { KnownFault } from "./known-fault.ts";

/** What one container of the estate is and needs, stated once, as facts with reasons. */
export interface ServiceSpec extends ContainerFacts {
  /** Name of the container, of its host name and of its alias on every network it is on. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly purpose: string;
  /**
   * Unique on its machine, 1 to 60 where subnets have their usual size. User id and group id (20000 + number) and the
   * host part of every static address come from it, so adding a service renumbers nobody.
   */
  readonly number: number;
  /** Key in the image lock. */
  readonly image: string;
  /** How what is said here of the image is known. */
  readonly evidence?: Evidence;
  /** Only where the image forces a user. Needs a waiver `container.user`. */
  readonly user?: User;
  /** What it cannot start with less of, in MiB: the floor when a lab scales the estate to its host. */
  readonly memoryFloor: number;
  /** Configuration and secrets that it finds as files, read-only: text by absolute path, made from where it runs. */
  readonly files?: FilesOf;
  /** What it has to be told while it runs, where a file at its start does not do. @default nothing */
  readonly reconcile?: (machine: FileContext) => Reconcile;
  /** Keeps data that others must not reach: it is on no network that leads out. @default false */
  readonly database?: boolean;
  /** Relays what its clients ask for: it has a network of its own with each. @default false */
  readonly proxy?: boolean;
  /** What it is, where its container does not show it. Agents need no more than `agent`. */
  readonly declares?: ServiceDeclaration;
  /** What its program says where it does not become healthy, and what `up` tells of it. @default nothing is known */
  readonly faults?: readonly KnownFault[];
  /** Why its real image does not work yet: outside a lab it is switched off. */
  readonly unready?: string;
  /** What nobody would see or stop without it, so that no setting switches it off. @default a setting can */
  readonly guards?: string;
  /** Why the container only holds its place and posture so far. */
  readonly idle?: string;
}

/** Declares a service: `service("valkey", { … })`. */
export function service(name: string, facts: Omit<ServiceSpec, "name">): ServiceSpec {
  return { name, ...facts };
}

/** Our user ids start here: the user of a service is `UID_BASE + number`. */
const UID_BASE = 20_000;

/** The numeric user and group that a service runs as. */
export function userOf(spec: Pick<ServiceSpec, "number" | "user">): User {
  const own = UID_BASE + spec.number;
  return spec.user ?? { uid: own, gid: own };
}
