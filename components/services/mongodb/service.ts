import { join } from "node:path";
import { tmpfs, volume } from "#components/container/facts.ts";
import { exec } from "#components/container/health.ts";
import { shellFile } from "#components/lib/shell.ts";
import { define } from "#components/wiring/blueprint.ts";
import type { Endpoint } from "#components/wiring/blueprint.ts";
import { MONGODB_CONFIG, MONGODB_USERS, mongodbConfig, mongodbUsers } from "./config.ts";
import { evidence } from "./evidence.ts";

const SERVE = "/etc/mongodb/serve.sh";

/**
 * Asks as any client does, before it logs in: `hello`, in MongoDB's own protocol. Its shell would take a second of a
 * processor each time, and leave a log each time.
 */
const HEALTH = [
  "exec 3<>/dev/tcp/127.0.0.1/27017",
  String.raw`printf '\x34\0\0\0\1\0\0\0\0\0\0\0\xdd\7\0\0\0\0\0\0\0\x1f\0\0\0\x10hello\0\1\0\0\0\2$db\0\6\0\0\0admin\0\0' >&3`,
  // Its answer is longer, and the connection stays open.
  "timeout 3 head -c 200 <&3 | grep -qa isWritablePrimary",
].join(" && ");

/**
 * MongoDB, a server alone. Each client has a user of its own with one database, both by the client's name. Users are what
 * the machine says at every start: a client that is added later, or a new password, needs no word to a server that runs.
 *
 * @example
 * ```ts
 * const database = mongodb("documents");
 * const keeper = define("keeper", {
 *   uses: { database: { to: database, why: "documents are kept" } },
 *   facts: () => facts,
 *   files: (self) => ({ "/etc/keeper/password": self.use("database").login() }),
 * });
 * ```
 */
export function mongodb(name: string): Endpoint<"mongodb"> {
  return define(name, {
    uses: {},
    serves: { speaks: "mongodb", port: 27_017, login: { why: "opens the client's own database" } },
    facts: (self) => ({
      purpose: "MongoDB: documents",
      image: "mongodb",
      evidence,
      memory: 768,
      memoryFloor: 64,
      cpus: 1,
      pids: 128,
      command: ["sh", SERVE],
      // Its shell writes below its home, which is the data's directory in the image.
      environment: { HOME: "/tmp" },
      writable: {
        "/tmp": tmpfs(64),
        "/data/db": volume(`${self.name}-data`),
        // The image declares a volume there too: Docker would add an anonymous one.
        "/data/configdb": tmpfs(1),
      },
      health: exec(["bash", "-c", HEALTH], { interval: 10, startPeriod: 60 }),
      listens: [27_017],
      ulimits: { nofile: [64_000, 64_000] },
      database: true,
      startSeconds: 180,
      stopSeconds: 60,
    }),
    files: (self) => ({
      [SERVE]: shellFile(join(import.meta.dirname, "serve.sh")),
      [MONGODB_CONFIG]: mongodbConfig(),
      [MONGODB_USERS]: mongodbUsers(self),
    }),
  });
}
