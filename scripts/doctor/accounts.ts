import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { note, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** A container by its name, and the number that it runs as. */
interface Numbered {
  readonly container: string;
  readonly uid: number;
}

/** Accounts of this host that have the number of one of an estate's containers. Who works at a lab is root of it. */
export async function checkAccounts(estate: string, docker: Docker): Promise<Finding> {
  const listed = await docker.listContainers({ all: true, filters: { label: [`garrison.estate=${estate}`] } });
  const details = await Promise.all(listed.map(({ Id: id }) => docker.getContainer(id).inspect()));
  const numbered = details.map(({ Name: name, Config: { User: user } }) => ({
    container: name.slice(1),
    uid: Number.parseInt(user, 10),
  }));
  return judgeAccounts(await readFile("/etc/passwd", "utf8"), numbered);
}

/** Root is everybody already. */
export function judgeAccounts(passwd: string, containers: readonly Numbered[]): Finding {
  const accounts = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid = ""]) => ({ name, uid: Number(uid) }));
  const told = accounts.flatMap(({ name, uid }) => {
    const same = containers.filter((one) => one.uid === uid && uid !== 0).map(({ container }) => container);
    return same.length === 0 ? [] : [`${name} has the number ${String(uid)} of ${same.sort().join(", ")}`];
  });
  if (told.length === 0) return ok("accounts", "none has a container's number");
  return note("accounts", `${told.join("; ")}: who gets out of one is this account; outside of a lab it is refused`);
}
