import { stringify } from "yaml";
import type { Rendering } from "#components/wiring/blueprint.ts";

export const MONGODB_CONFIG = "/etc/mongodb/mongod.yaml";
export const MONGODB_USERS = "/etc/mongodb/users.js";

/** `quiet` leaves out the line for each connection, of which a health check makes thousands a day. */
export function mongodbConfig(): string {
  return stringify({
    systemLog: { quiet: true },
    net: { bindIp: "0.0.0.0", port: 27_017, ipv6: false },
    security: { authorization: "enabled", javascriptEnabled: false },
    storage: { dbPath: "/data/db", wiredTiger: { engineConfig: { cacheSizeGB: 0.25 } } },
    // Counts of what it does, for its vendor; half a percent of a small disk a day.
    setParameter: { diagnosticDataCollectionEnabled: false },
  });
}

/** Read by its shell: makes each client's user, or gives it the password of now, and removes every other. */
export function mongodbUsers(self: Rendering): string {
  const users = self
    .clients()
    .map(({ name, login }) => `  [${JSON.stringify(name)}, ${login({ as: "json" })}],\n`)
    .join("");
  return `const admin = db.getSiblingDB("admin");
const users = new Map([
${users}]);
for (const [user, pwd] of users) {
  const told = { pwd, roles: [{ role: "readWrite", db: user }] };
  if (admin.getUser(user) === null) admin.createUser({ user, ...told });
  else admin.updateUser(user, told);
}
for (const { user } of admin.getUsers().users) {
  if (!users.has(user)) admin.dropUser(user);
}
`;
}
