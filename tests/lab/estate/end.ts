import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { estateCgroups } from "#scripts/engine/cgroups.ts";
import { docker, importBusybox, inspect, removeByPrefix, testPrefix } from "#tests/support/docker.ts";
import type { LabEstate } from "#tests/support/lab-estate.ts";

const minutes = 60_000;
const prefix = testPrefix();
const guest = `${prefix}-guest`;

interface Container {
  readonly Id: string;
  readonly State: { readonly Running: boolean };
}

/** The estate's end, among things that are not its own. */
export function end(given: () => LabEstate): void {
  let estate: LabEstate;
  let image = "";
  const nameOf = (name: string): string => `${estate.id}-${name}`;
  /** Named like the estate's own, but without its label: a name proves nothing. */
  const stranger = () => nameOf("stranger");

  beforeAll(async () => {
    estate = given();
    image = await importBusybox(`${prefix}-busybox:1`);
  });
  afterAll(() => removeByPrefix(prefix));

  async function expectOthersUntouched(): Promise<void> {
    expect((await inspect<Container>(stranger())).State.Running).toBe(true);
    expect((await inspect<Container>(guest)).State.Running).toBe(true);
    await inspect(stranger(), "network");
    await inspect(stranger(), "volume");
  }

  async function labelled(): Promise<Record<"containers" | "networks" | "volumes", number>> {
    const count = async (...args: string[]) => {
      const found = await docker(...args, "-q", "--filter", `label=garrison.estate=${estate.id}`);
      return found.split("\n").filter((line) => line !== "").length;
    };
    return {
      containers: await count("ps", "-a"),
      networks: await count("network", "ls"),
      volumes: await count("volume", "ls"),
    };
  }

  test(
    "says who is on a network of the estate, and touches nobody",
    async () => {
      const network = nameOf("search-cache");
      await docker("run", "-d", "--name", guest, "--network", network, image, "/bin/sleep", "100000");
      const { Id: id } = await inspect<Container>(guest);
      const doctor = await estate.start("doctor");
      expect(doctor.exitCode, doctor.all).toBe(1);
      expect(doctor.all).toContain(guest);

      const down = await estate.start("down");
      expect(down.exitCode).toBe(1);
      expect(down.all).toContain(`${network} is in use by ${guest}`);
      expect(down.all).toContain(`docker network disconnect -f ${network} ${guest}`);
      expect((await inspect<Container>(guest)).Id).toBe(id);
    },
    5 * minutes,
  );

  test(
    "removes exactly what up made, and keeps data and identity",
    async () => {
      await docker("network", "disconnect", "-f", nameOf("search-cache"), guest);
      await docker("run", "-d", "--name", stranger(), "--network", "none", image, "/bin/sleep", "100000");
      await docker("network", "create", "--internal", stranger());
      await docker("volume", "create", stranger());
      const { volumes } = await labelled();
      expect(volumes).toBeGreaterThan(0);

      const down = await estate.start("down");
      expect(down.exitCode, down.all).toBe(0);
      expect(await labelled()).toEqual({ containers: 0, networks: 0, volumes });
      expect(await estateCgroups(estate.id)).toEqual([]);
      expect(existsSync(estate.files.facts)).toBe(true);
      await expectOthersUntouched();
    },
    5 * minutes,
  );

  test(
    "with --volumes leaves nothing, also when the machine was taken down before",
    async () => {
      const down = await estate.start("down", "--volumes");
      expect(down.exitCode, down.all).toBe(0);
      expect(await labelled()).toEqual({ containers: 0, networks: 0, volumes: 0 });
      expect(existsSync(estate.files.directory)).toBe(false);
      try {
        await expectOthersUntouched();
      } finally {
        await removeByPrefix(stranger());
      }
    },
    5 * minutes,
  );
}
