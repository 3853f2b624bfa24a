/** What a container is, as far as the agent rules ask. */
export const ROLES = [
  "agent",
  "gateway",
  "guard",
  "model",
  "model-gateway",
  "memory-service",
  "memory-store",
  "egress-proxy",
  "docker-api-proxy",
  "approver",
  "backup",
  "other",
] as const;

/** The three things of which an agent may have two: outside input, private data, and acting on the world. */
export const TRUST = ["untrusted-input", "private-data", "acts"] as const;

/** The part of JSON Schema that the declarations need. */
export interface Schema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | readonly ["object", "string"];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

const text = (description: string): Schema => ({ type: "string", minLength: 1, description });
const flag = (description: string): Schema => ({ type: "boolean", description });
const integer = (description: string, minimum = 1): Schema => ({ type: "integer", minimum, description });
const list = (items: Schema, description: string): Schema => ({ type: "array", items, description });
const day = (description: string): Schema => ({ type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description });
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const approval = object(
  {
    by: text("Container that asks, or `operator` where the program itself asks one."),
    expiresMinutes: integer("Minutes after which an approval that was not used is none."),
  },
  ["by", "expiresMinutes"],
);

const capability = object(
  {
    name: text("What the program can do."),
    destructive: flag("Whether it cannot be undone, or is seen outside."),
    approval,
  },
  ["name", "destructive"],
);

const program = object({
  role: { type: "string", enum: ROLES, description: "What the container is." },
  trust: list({ type: "string", enum: TRUST }, "What it takes in, holds and can do."),
  enforces: flag("A guard: whether it relays what it checks, so that nothing passes it unseen."),
  capabilities: list(capability, "What it can do on somebody's behalf."),
  hostExec: list(text("Absolute path of a program."), "Programs that it may run on the host."),
  costLimits: object({
    turns: integer("The most model calls in one run."),
    perDay: { type: "number", exclusiveMinimum: 0, description: "The most money in one day, in the provider's unit." },
  }),
  logs: text("Path in the container where it writes its log, when that is not its standard output."),
  configuration: {
    type: ["object", "string"],
    description: "Its configuration without secrets (JSON or JSON5), as far as rules read it: OpenClaw's.",
  },
});

const key = object(
  {
    name: text("Name of the key; a direction has one of its own."),
    bytes: integer("Length in bytes."),
    resource: text("Name of the resource that generates it, if one does."),
    issued: day("Day on which it was made."),
    rotationDays: integer("Days after which it is replaced."),
  },
  ["name", "bytes"],
);

const bridge = object(
  {
    from: text("Who sends: a container, or a program on the host."),
    to: text("Container that receives."),
    signature: text("How a message is signed: `hmac-sha256` or `ed25519`."),
    windowSeconds: integer("Seconds for which a signed message is accepted."),
    replayStore: flag("Whether a message that was accepted once is refused afterwards."),
    key,
  },
  ["from", "to", "key"],
);

const model = object(
  {
    name: text("Name of the model."),
    bytes: integer("Bytes of its weights, as they are loaded: quantised where they are."),
    kvBytes: integer("Bytes of the KV cache that it is to serve with.", 0),
    vramBytes: integer("Bytes of memory of the GPUs it is loaded on."),
    utilisation: {
      type: "number",
      exclusiveMinimum: 0,
      maximum: 1,
      description: "Part of that memory that the server may use, for instance 0.9.",
    },
  },
  ["name", "bytes", "kvBytes", "vramBytes", "utilisation"],
);

const flow = object(
  {
    from: text("Who begins: a container or a place outside."),
    to: text("Who answers."),
    ports: list({ type: "string", pattern: "^\\d{1,5}(/(tcp|udp))?$" }, "For instance `8080` or `53/udp`."),
    why: text("What for."),
  },
  ["from", "to"],
);

const backupSet = object(
  {
    name: text("Name of the set."),
    volumes: list(text("Name of a volume on the host."), "What is backed up."),
    drilled: day("Day of the last restore that was tried."),
  },
  ["name", "volumes"],
);

const dropDirectory = object(
  {
    source: text("Path on the host, or name of the volume."),
    options: list(text("Mount option."), "Options that it is mounted with on the host."),
  },
  ["source", "options"],
);

/** What a program declares beside its resources, as output `garrisonDeclarations` of any of its components. */
export const declarationsSchema: Schema = {
  description: "What the resources of a program do not show, for the policies of Garrison.",
  ...object({
    requireDeclaration: flag("Whether a program with containers has to declare its agents."),
    programs: {
      type: "object",
      additionalProperties: program,
      description: "Containers by their names on the host.",
    },
    flows: list(flow, "Every connection that may be begun, where a firewall sees to it."),
    bridges: list(bridge, "One-way messages between programs."),
    backupSets: list(backupSet, "Which volumes are backed up."),
    stateless: list(text("Name of a volume on the host."), "Volumes that hold nothing worth keeping."),
    dropDirectories: list(dropDirectory, "Directories in which an agent may leave requests."),
    models: list(model, "Models and the GPUs that they are served from."),
    blocked: list(text("Address or block."), "Addresses that no container reaches, because a firewall sees to it."),
  }),
};

/** The same as a document of its own, which `declarations.schema.json` holds. */
export const publishedSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "garrisonDeclarations",
  ...declarationsSchema,
};
