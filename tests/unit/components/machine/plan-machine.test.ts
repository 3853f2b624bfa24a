import { describe, expect, test } from "vitest";
import { volume } from "#components/container/facts.ts";
import { waive } from "#components/container/waiver.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { egress, internal } from "#components/machine/machine-definition.ts";
import { planMachine } from "#components/machine/plan-machine.ts";
import type { MachineInput } from "#components/machine/plan-machine.ts";
import { flow } from "#components/network/flow.ts";
import { DIGEST, aService, anInput, definition, lockOf, settings } from "./example.ts";

function problemsOf(input: MachineInput): readonly { property: string; found: string; fix?: string }[] {
  try {
    planMachine(input);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
  throw new Error("no problem was reported");
}

const record = { reason: "it cannot do without this", owner: "security", expires: "2027-06-30" };

describe("a plan", () => {
  test("names everything after the estate and places it", () => {
    const plan = planMachine(anInput());
    expect(plan.labels).toEqual({ "garrison.estate": "office", "garrison.stack": "office" });
    expect(plan.containers.map(({ name, container }) => [name, container.containerName])).toEqual([
      ["page", "office-page"],
      ["database", "office-database"],
      ["sandbox", "office-sandbox"],
    ]);
    const [page] = plan.containers;
    expect(page?.container).toMatchObject({
      image: `registry.example/page@${DIGEST}`,
      user: { uid: 20_001, gid: 20_001 },
      networks: [{ name: "office-data", address: "10.77.0.66" }],
      publishAddress: "127.0.0.1",
    });
  });

  test("only an agent gets a parent cgroup, with its PID limit", () => {
    const plan = planMachine(anInput());
    expect(plan.containers.map(({ container }) => container.cgroupParent)).toEqual([
      undefined,
      undefined,
      "garrison-office-n03.slice",
    ]);
    expect(plan.cgroups).toEqual([{ cgroup: "garrison-office-n03.slice", pids: 64 }]);
    const docker = { host: "unix:///var/run/docker.sock", cgroupDriver: "cgroupfs" as const };
    const local = planMachine(anInput({ settings: { ...settings, docker } }));
    expect(local.cgroups).toEqual([{ cgroup: "/garrison-office/n03", pids: 64 }]);
  });

  test("volumes carry the estate's name and belong to their service's user, or are as the image has them", () => {
    const services = [
      aService("page", 1, { writable: { "/data": volume("page-data") } }),
      aService("database", 2, {
        user: { uid: 999, gid: 998 },
        waivers: [waive("container.user", record)],
        writable: { "/var/lib": volume("database-data") },
      }),
    ];
    const plan = planMachine(anInput({ definition: { ...definition, services } }));
    expect(plan.volumes).toEqual([
      { volume: "office-page-data", uid: 20_001, gid: 20_001 },
      { volume: "office-database-data", uid: 999, gid: 998, fromImage: true },
    ]);
    expect(plan.containers[0]?.container.writable).toEqual({ "/data": volume("office-page-data") });
  });

  test("puts a container on its egress network first", () => {
    const networks = [...definition.networks, egress("out", 2, "because", ["page"])];
    const flows = [...definition.flows, flow("page", "internet", 443, "because")];
    const services = [aService("page", 1, { waivers: [waive("network.egress", record)] }), aService("database", 2)];
    const plan = planMachine(anInput({ definition: { ...definition, services, networks, flows } }));
    expect(plan.containers[0]?.container.networks).toEqual([
      { name: "office-out", address: "10.77.0.130" },
      { name: "office-data", address: "10.77.0.66" },
    ]);
    expect(plan.containers[1]?.container.networks).toEqual([{ name: "office-data", address: "10.77.0.67" }]);
  });

  test("scales limits in the lab only", () => {
    const resources = { memoryMiB: 1408, cpus: 0.25, reserveMiB: 1024 };
    const lab = planMachine(anInput({ settings: { ...settings, lab: true, resources } }));
    expect(lab.scale).toBe(0.5);
    expect(lab.containers.map(({ container }) => [container.memory, container.cpus])).toEqual([
      [128, 0.25],
      [128, 0.25],
      [128, 0.25],
    ]);
    expect(planMachine(anInput()).scale).toBe(1);
    expect(problemsOf(anInput({ settings: { ...settings, resources } })).map(({ property }) => property)).toEqual([
      "garrison:resources.memoryMiB",
      "services.page.cpus",
      "services.database.cpus",
      "services.sandbox.cpus",
    ]);
  });

  test("asks a lab's daemon for no more open files than it can grant", () => {
    const ulimits = { nofile: [4096, 65_536], core: [0, 0] } as const;
    const services = [aService("page", 1, { ulimits })];
    const small = { ...settings, resources: { ...settings.resources, openFiles: 8192 } };
    const planned = (own: typeof settings): unknown =>
      planMachine(anInput({ settings: own, definition: { ...definition, services, flows: [], networks: [] } }))
        .containers[0]?.container.ulimits;
    expect(planned({ ...small, lab: true })).toEqual({ nofile: [4096, 8192], core: [0, 0] });
    expect(planned(small)).toEqual(ulimits);
    expect(planned({ ...settings, lab: true })).toEqual(ulimits);
  });

  test("labels a stand-in, which nobody but a lab deploys", () => {
    const { images } = lockOf("page", "database", "sandbox");
    const page = { repository: "r", tag: "1", digest: DIGEST, program: "stand-in" as const };
    const withStandIn = { images: { images: { ...images, page } } };
    expect(problemsOf(anInput(withStandIn))).toEqual([
      { property: "images.page", found: "a stand-in", expected: "the real program, outside the lab" },
    ]);
    const plan = planMachine(anInput({ ...withStandIn, settings: { ...settings, lab: true } }));
    const labels = plan.containers.map(({ container }) => container.labels?.["garrison.stand-in"]);
    expect(labels).toEqual(["true", undefined, undefined]);
  });

  test("starts a stand-in by itself: the program that a service begins with is not in it", () => {
    const [first, ...rest] = definition.services;
    if (first === undefined) throw new Error("there is a service");
    const own = { ...definition, services: [{ ...first, entrypoint: ["node", "index.js"] }, ...rest] };
    const { images } = lockOf("page", "database", "sandbox");
    const begins = (program: "real" | "stand-in"): unknown =>
      planMachine(
        anInput({
          definition: own,
          settings: { ...settings, lab: true },
          images: { images: { ...images, page: { repository: "r", tag: "1", digest: DIGEST, program } } },
        }),
      ).containers[0]?.container.entrypoint;
    expect(begins("real")).toEqual(["node", "index.js"]);
    expect(begins("stand-in")).toBeUndefined();
  });
});

describe("an image without a digest", () => {
  const images = { images: { ...lockOf("page").images, sandbox: { repository: null, tag: null, digest: null } } };

  test("is refused, each image once, with what to type", () => {
    const services = [...definition.services, aService("second-sandbox", 4, { image: "sandbox" })];
    expect(problemsOf(anInput({ images, definition: { ...definition, services } }))).toEqual([
      {
        property: "images.database",
        found: "no entry in the image lock",
        expected: "its repository and tag in images.lock.json, then its digest",
        fix: "npm run images -- lock database",
      },
      {
        property: "images.sandbox",
        found: "neither a published image nor a recipe",
        expected: "its repository and tag in images.lock.json, then its digest",
        fix: "npm run images -- lock sandbox",
      },
    ]);
  });

  test("has only to be looked up, where the lock says where", () => {
    const published = {
      images: {
        ...lockOf("page", "sandbox").images,
        database: { repository: "docker.io/library/database", tag: "1", digest: null },
      },
    };
    expect(problemsOf(anInput({ images: published }))).toEqual([
      {
        property: "images.database",
        found: "docker.io/library/database:1 without a digest",
        expected: "a digest in the image lock",
        fix: "npm run images -- lock database",
      },
    ]);
  });

  test("has only to be built, where there is a recipe", () => {
    const recipe = { repository: null, tag: null, digest: null, recipe: "components/database/image", base: "debian" };
    const own = { images: { ...lockOf("page", "sandbox").images, database: recipe } };
    expect(problemsOf(anInput({ images: own }))).toEqual([
      {
        property: "images.database",
        found: "not built yet (components/database/image)",
        expected: "an image that was built",
        fix: "npm run images -- build database --stack office",
      },
    ]);
  });

  test("is built by the lab", () => {
    const lab = { ...settings, lab: true };
    expect(problemsOf(anInput({ images, settings: lab })).map(({ fix }) => fix)).toEqual(["npm run up", "npm run up"]);
  });

  test("has a placeholder that nothing can pull, where that was asked for", () => {
    const plan = planMachine(anInput({ images, unlocked: "placeholder" }));
    expect(plan.containers.map(({ container }) => container.image)).toEqual([
      `registry.example/page@${DIGEST}`,
      `unbuilt.invalid/database@sha256:${"0".repeat(64)}`,
      `unbuilt.invalid/sandbox@sha256:${"0".repeat(64)}`,
    ]);
  });
});

test("everything that is wrong is in one report", () => {
  const services = [
    aService("page", 1, { memory: 9000, writable: { "/data": volume("data") } }),
    aService("database", 1, { writable: { "/data": volume("data") }, user: { uid: 999, gid: 999 } }),
    aService("root", 3, { user: { uid: 0, gid: 0 }, pids: 0 }),
    aService("vague", 4, {
      waivers: [waive("container.read-only-root", { ...record, reason: "needed" })],
    }),
  ];
  const networks = [internal("data", 1, "because", ["page", "cache"])];
  const flows = [flow("lan", "root", 443, "because"), flow("lan", "vague", 443, "because")];
  const problems = problemsOf(
    anInput({ images: lockOf("page", "root", "vague"), definition: { ...definition, services, networks, flows } }),
  );
  expect(problems.map(({ property, found }) => `${property}: ${found}`)).toEqual([
    "garrison:resources.memoryMiB: 4 containers that ask for 9768 MiB",
    "services: 1 twice (page, database)",
    "networks.data.members: unknown service cache",
    "flows.lan -> root: port 443, on which root does not listen",
    "flows.lan -> root: no path: root on no network at all",
    "flows.lan -> vague: port 443, on which vague does not listen",
    "flows.lan -> vague: no path: vague on no network at all",
    "flows.lan -> root: a way out of root's own",
    "flows.lan -> vague: a way out of vague's own",
    "images.database: no entry in the image lock",
    "volumes.data: claimed by page and database",
    "publishes.443: claimed by root and vague",
    "services.database.user: 999:999",
    "services.root.pids: 0",
    "services.root.publishes: [443]",
    "services.root.user: 0 (root)",
    "services.root.publishes: 443",
    'services.vague.waivers.container.read-only-root: reason "needed" does not explain anything',
    "services.vague.publishes: [443]",
    "services.vague.publishes: 443",
  ]);
});

test("a service that answers for another, by any name that Docker knows, or mounts what was delivered to others", () => {
  const services = definition.services.map((one) =>
    one.name === "sandbox"
      ? {
          ...one,
          aliases: ["Database", "office-page"],
          hostname: "page",
          mounts: { "/a": "/var/run/garrison/office/x" },
        }
      : one,
  );
  const problems = problemsOf(anInput({ definition: { ...definition, services } }));
  expect(problems.map(({ property, found }) => `${property}: ${found}`)).toEqual([
    "names.page: claimed by page and sandbox",
    "names.office-page: claimed by page and sandbox",
    "names.database: claimed by database and sandbox",
    "services.sandbox.mounts./a: /var/run/garrison/office/x, where the secrets of services are",
  ]);
});
