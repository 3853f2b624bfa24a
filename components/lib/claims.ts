/** What more than one claims, with everybody who does: in the order in which each was first claimed. */
export function claimedTwice<Owner, Claim>(
  entries: Iterable<readonly [owner: Owner, claim: Claim]>,
): [claim: Claim, owners: Owner[]][] {
  const owners = new Map<Claim, Owner[]>();
  for (const [owner, claim] of entries) {
    const known = owners.get(claim);
    if (known === undefined) owners.set(claim, [owner]);
    else known.push(owner);
  }
  return [...owners].filter(([, all]) => all.length > 1);
}
