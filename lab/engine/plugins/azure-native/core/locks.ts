import type { Entry, State } from "./state.ts";
import { isWithin, lastPart, sameId } from "./ids.ts";
import { ArmError } from "./problems.ts";
import { text } from "./values.ts";

const lockType = "Microsoft.Authorization/locks";

/**
 * A lock holds for its scope and all that is inside. `CanNotDelete` refuses to delete, `ReadOnly` to change as well. Locks
 * themselves are free.
 *
 * @throws ArmError `ScopeLocked`
 */
export function refuseLocked(state: State, id: string, action: "write" | "delete"): void {
  if (isLock(id)) return;
  const locks = state.ofType(lockType).filter((lock) => {
    const scope = scopeOf(lock);
    // A group that is deleted takes what is locked inside it along.
    const concerned = isWithin(id, scope) || (action === "delete" && isWithin(scope, id));
    return concerned && (action === "delete" || text(lock.inputs, "level") === "ReadOnly");
  });
  const [first] = locks;
  if (first === undefined) return;
  const scopes = locks.map((lock) => `'${scopeOf(lock)}' (${lastPart(lock.id)})`).join(", ");
  throw new ArmError(
    "ScopeLocked",
    `The scope '${id}' cannot perform the ${action} operation because the following scope(s) are locked: ${scopes}. ` +
      "Please remove the lock and try again.",
  );
}

function isLock(id: string): boolean {
  return sameId(id.split("/").at(-2) ?? "", "locks");
}

/** What the lock's id says before its provider. */
function scopeOf({ id }: Entry): string {
  return id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/locks/"));
}
