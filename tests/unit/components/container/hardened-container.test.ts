import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { exec } from "#components/container/health.ts";
import { HardenedContainer } from "#components/container/hardened-container.ts";
import type { HardenedContainerArgs } from "#components/container/hardened-container.ts";
import { hardenedPosture } from "#components/container/posture.ts";
import { waive } from "#components/container/waiver.ts";
import { record } from "#scripts/report/plan/recording-monitor.ts";
import { DIGEST } from "../machine/example.ts";

const page: HardenedContainerArgs = {
  image: `registry.example/page@${DIGEST}`,
  user: { uid: 20_001, gid: 20_001 },
  memory: 256,
  cpus: 0.5,
  pids: 64,
  writable: {},
  health: exec(["wget", "-q", "http://127.0.0.1:8080/"]),
  listens: [8080],
  networks: [{ name: "data" }],
};
const readOnly = waive("container.read-only-root", {
  reason: "writes its keystore beside its program",
  owner: "security",
  expires: "2027-06-30",
});

describe("a hardened container", () => {
  test("is a component with one Docker container, deleted before it is replaced", async () => {
    const [component, container, ...more] = await record(() => new HardenedContainer("page", page));
    expect(more).toEqual([]);
    expect(component).toMatchObject({ type: "garrison:container:HardenedContainer", name: "page", inputs: {} });
    expect(container).toMatchObject({
      type: "docker:index/container:Container",
      name: "page-container",
      parent: "page",
      deleteBeforeReplace: true,
      replaceOnChanges: ["healthcheck", "init", "mounts", "tmpfs"],
      inputs: { ...hardenedPosture("page", { ...page, containerName: "page" }) },
    });
  });

  test("takes the provider it is given", async () => {
    const all = await record(() => {
      const provider = new docker.Provider("host", { host: "ssh://garrison@office.invalid" });
      new HardenedContainer("page", page, { providers: { docker: provider } });
    });
    expect(all.find(({ name }) => name === "page-container")?.provider).toBe("host");
  });

  test("hands its waivers out in full, for policies and the ledger", async () => {
    const [component] = await record(
      () => new HardenedContainer("page", { ...page, containerName: "office-page", waivers: [readOnly] }),
    );
    expect(component?.outputs).toEqual({
      containerId: "page-container-id",
      containerName: "office-page",
      pids: 64,
      waivers: [{ ...readOnly }],
    });
  });

  test("is refused with everything that is wrong, before anything is declared", async () => {
    const wrong: HardenedContainerArgs = {
      ...page,
      image: "registry.example/page:latest",
      user: { uid: 0, gid: 0 },
      memory: 0,
      cpus: -1,
      pids: Number.NaN,
      agent: true,
      publishes: [8080],
      waivers: [{ ...readOnly, owner: "" }, readOnly],
    };
    const declared = await record(() => {
      expect(() => new HardenedContainer("page", wrong)).toThrow(
        [
          "Container page: 9 problems; nothing was created.",
          "  - page.pids: found NaN; expected a number",
          "  - page.waivers.container.read-only-root: found owner is empty; expected reason, owner and expiry date",
          "  - page.waivers.container.read-only-root: found twice; expected one waiver a rule",
          "  - page.memory: found 0; expected a whole number of MiB, at least 6",
          "  - page.cpus: found -1; expected at least 0.01 CPUs",
          "  - page.image: found registry.example/page:latest; expected repository@sha256:<64 hex digits>, or the id sha256:<64 hex digits>",
          "  - page.cgroupParent: found nothing; expected a cgroup that carries the PID limit",
          "  - page.publishAddress: found nothing; expected the address to publish on",
          "  - page.user: found 0 (root); expected another user, or a waiver container.user",
        ].join("\n"),
      );
    });
    expect(declared.filter(({ type }) => type.startsWith("docker:"))).toEqual([]);
  });
});

describe("what is judged is what is declared", () => {
  /** Says something else each time it is read. */
  const later = (...values: readonly unknown[]): PropertyDescriptor => {
    let reads = 0;
    return { enumerable: true, get: () => values[Math.min(reads++, values.length - 1)] };
  };

  test.each([1, 2, 3, 4, 5, 6])("a mount that is the socket after %i looks", async (looks) => {
    const harmless = Array.from({ length: looks }, () => "/srv/page");
    const mounts = Object.defineProperty({}, "/mnt/page", later(...harmless, "/var/run/docker.sock"));
    const [, container] = await record(() => new HardenedContainer("page", { ...page, mounts }));
    expect(container?.inputs.mounts).toEqual([
      { type: "bind", target: "/mnt/page", source: "/srv/page", readOnly: true },
    ]);
  });

  test("a list with methods of its own", async () => {
    const groupAdds = Object.assign(["0"], { flatMap: () => [] });
    await record(() => {
      expect(() => new HardenedContainer("page", { ...page, groupAdds })).toThrow(/page\.groupAdds: found "0"/);
    });
  });

  test.each(["transforms", "transformations"] as const)("%s, functions that would change it", async (option) => {
    const declared = await record(() => {
      expect(() => new HardenedContainer("page", page, { [option]: [() => undefined] })).toThrow(
        `page.opts.${option}: found functions; expected options and waivers`,
      );
    });
    expect(declared.filter(({ type }) => type.startsWith("docker:"))).toEqual([]);
  });
});

test("takes a network's name when it comes", async () => {
  const networks = [{ name: pulumi.output("data") }];
  const [, container] = await record(() => new HardenedContainer("page", { ...page, networks }));
  expect(container?.inputs.networksAdvanced).toEqual([{ name: "data", aliases: ["page"] }]);
});

test("the recording monitor refuses a name twice, as the engine does", async () => {
  const twice = record(() => {
    new HardenedContainer("page", page);
    new HardenedContainer("page", page);
  });
  await expect(twice).rejects.toThrow(
    "declared twice: garrison:container:HardenedContainer page, docker:index/container:Container page-container",
  );
});
