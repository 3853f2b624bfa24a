import type { Rendering } from "#components/wiring/blueprint.ts";
import { aclUser } from "../redis-acl.ts";

/**
 * Redis's settings under FalkorDB. The image's entrypoint adds the data's directory, the module and `protected-mode no`
 * to them; who may do what is said by the users' file, and nobody is let in by default.
 */
export function falkordbConf(): string {
  return `aclfile /etc/falkordb/users.acl

appendonly yes
save 60 1
maxmemory 3gb
maxmemory-policy noeviction
loglevel warning

enable-debug-command no
enable-module-command no
`;
}

/**
 * A client may use graphs and drop them. It may not read or change how the server is set up, see or end other
 * connections, or use keys without the module.
 */
export function falkordbUsers(self: Rendering): string {
  const commands = ["list", "query", "ro_query", "delete"].map((name) => `+graph.${name}`);
  const rights = ["+@connection", "-@dangerous", "+info", ...commands].join(" ");
  const users = self.clients().map((client) => aclUser(client, "*", rights));
  return ["user default off resetpass resetkeys resetchannels -@all", ...users, ""].join("\n");
}
