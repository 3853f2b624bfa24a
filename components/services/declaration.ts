/** What a service is, for rules that look at several containers. */
export type ServiceRole =
  | "agent"
  | "gateway"
  | "guard"
  | "model"
  | "model-gateway"
  | "memory-service"
  | "memory-store"
  | "egress-proxy"
  | "docker-api-proxy"
  | "approver"
  | "backup"
  | "other";

/**
 * What policies have to know of a service and its container does not show. It travels as an output of the machine: as a
 * label it would replace the container whenever its wording changes.
 */
export interface ServiceDeclaration {
  readonly role: ServiceRole;
  /** Of the three things of which an agent may have two. */
  readonly trust?: readonly ("untrusted-input" | "private-data" | "acts")[];
  /** Path of its configuration, one of its `files`. Secrets in it are shown by their names. */
  readonly configuration?: string;
}
