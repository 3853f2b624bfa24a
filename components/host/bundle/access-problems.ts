import type { Problem } from "#components/lib/problems.ts";
import { isNearlyEverywhere } from "#components/network/address-set.ts";
import { mustGetIn } from "./host-spec.ts";
import type { HostSpec, HostUser } from "./host-spec.ts";
import { neverBanned, notToBeBanned } from "./never-banned.ts";

/** Types of keys that sshd of Debian 12 takes, without the ones that are broken (ssh-dss) or short-lived in trust. */
const KEY =
  /^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa) [A-Za-z0-9+/]{40,}={0,2}( [^\n]*)?$/;

/** Numbers of users that a machine's own packages do not take; containers' begin at 20001. */
const UIDS = { first: 1000, last: 19_999 };

/** Wrong users, and everything by which an operator or the deployer would not get in again. */
export function accessProblems(spec: HostSpec): Problem[] {
  return [
    ...spec.users.flatMap((user, index) => userProblems(user, spec.users.slice(0, index))),
    ...wayInProblems(spec),
  ];
}

function userProblems(user: HostUser, before: readonly HostUser[]): Problem[] {
  const found: Problem[] = [];
  const property = `users.${user.name}`;
  const add = (field: string, value: string, expected: string): void => {
    found.push({ property: `${property}${field}`, found: value, expected });
  };
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user.name))
    add("", JSON.stringify(user.name), "small letters, digits, _ and -, at most 32");
  if (before.some(({ name }) => name === user.name)) add("", "the same name twice", "one user of a name");
  const twin = before.find(({ uid }) => uid === user.uid);
  if (twin !== undefined && twin.name !== user.name)
    add(".uid", `${String(user.uid)}, which is ${twin.name}'s`, "a number of its own");
  if (user.name === "root") {
    if (user.uid !== 0) add(".uid", String(user.uid), "0");
  } else if (!Number.isInteger(user.uid) || user.uid < UIDS.first || user.uid > UIDS.last) {
    add(".uid", String(user.uid), `${String(UIDS.first)} to ${String(UIDS.last)}`);
  }
  if (user.shell !== undefined && !/^\/[\w./-]+$/.test(user.shell))
    add(".shell", JSON.stringify(user.shell), "an absolute path");
  for (const group of user.groups ?? []) {
    if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(group)) add(".groups", JSON.stringify(group), "the name of a group");
  }
  for (const key of user.keys ?? []) {
    if (!KEY.test(key)) add(".keys", JSON.stringify(key.slice(0, 40)), "a public key on one line, as in a .pub file");
  }
  return found;
}

function wayInProblems(spec: HostSpec): Problem[] {
  const { access, users } = spec;
  const found: Problem[] = [];
  if (access.operators.length === 0) {
    found.push({
      property: "access.operators",
      found: "nobody",
      expected: "at least one user, who can repair the machine",
    });
  }
  for (const name of mustGetIn(spec)) {
    const user = users.find((one) => one.name === name);
    const role = access.operators.includes(name) ? "operators" : "deployer";
    if (user === undefined) {
      found.push({
        property: `access.${role}`,
        found: `${name}, whom the machine does not have`,
        expected: "a user below users",
      });
      continue;
    }
    if ((user.keys ?? []).length === 0) {
      found.push({ property: `users.${name}.keys`, found: "none", expected: "a public key: there is no other way in" });
    }
    if (/(^|\/)(nologin|false)$/.test(user.shell ?? "")) {
      found.push({
        property: `users.${name}.shell`,
        found: user.shell ?? "",
        expected: "a shell: the user has to log in",
      });
    }
    if (name !== "root" && user.sudo !== true) {
      found.push({
        property: `users.${name}.sudo`,
        found: "no",
        expected: "true: the machine could not be configured or repaired again",
      });
    }
  }
  const deployer = users.find(({ name }) => name === access.deployer);
  if (
    spec.docker !== undefined &&
    deployer !== undefined &&
    deployer.name !== "root" &&
    deployer.groups?.includes("docker") !== true
  ) {
    found.push({
      property: `users.${deployer.name}.groups`,
      found: "not docker",
      expected: "docker: deployments talk to the daemon as this user",
    });
  }
  for (const target of access.passesOnTo ?? []) {
    if (!/^\d{1,3}(\.\d{1,3}){3}:\d{1,5}$/.test(target))
      found.push({
        property: "access.passesOnTo",
        found: JSON.stringify(target),
        expected: "an IPv4 address and a port",
      });
  }
  const port = access.port ?? 22;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    found.push({ property: "access.port", found: String(port), expected: "1 to 65535" });
  }
  for (const [field, from] of [
    ["operatorsFrom", access.operatorsFrom],
    ["deployerFrom", access.deployerFrom],
  ] as const) {
    if (spec.fail2ban !== false && from.length > 0 && neverBanned(from).length === 0) {
      found.push({
        property: `access.${field}`,
        found:
          from.length === 1 && from[0] === "0.0.0.0/0" ? "everywhere" : `everywhere, or nearly: ${from.join(", ")}`,
        expected: "at least one address more: fail2ban never bans the ones that are named, and must ban the rest",
      });
    }
    if (from.length === 0) {
      found.push({
        property: `access.${field}`,
        found: "nowhere",
        expected: "the addresses they come from: the machine's own firewall would keep them out, and fail2ban ban them",
      });
    }
  }
  return [...found, ...exemptionProblems(spec)];
}

/** Blocks that are everywhere only together are nobody's addresses either. */
function exemptionProblems(spec: HostSpec): Problem[] {
  const exempt = neverBanned(notToBeBanned(spec));
  if (spec.fail2ban === false || !isNearlyEverywhere(exempt)) return [];
  const found = `${String(exempt.length)} blocks that hold a sixteenth of all addresses or more`;
  const expected = "the addresses they come from: fail2ban bans none of them";
  return [{ property: "access.operatorsFrom", found, expected }];
}
