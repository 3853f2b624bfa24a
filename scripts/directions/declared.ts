/** A folder of the repository, and which others its files may import from. Types count. */
export interface Part {
  readonly is: string;
  readonly needs: readonly string[];
  /** The only file of it that other parts may import. */
  readonly entry?: string;
  /** Its own folders, the highest first: each imports from those after it. Its own files stand above them. */
  readonly order?: readonly string[];
}

/** An import against the directions that is still there. The lint fails when it is gone and its line is not. */
export interface Exception {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** Files that import each other in a circle. */
interface Circle {
  readonly files: readonly string[];
  readonly why: string;
}

export interface Directions {
  readonly parts: Readonly<Record<string, Part>>;
  readonly exceptions: readonly Exception[];
  readonly circles: readonly Circle[];
}

const definition = (name: string) => ({
  to: "components/machine/machine-definition.ts",
  why: `the definition of a machine is the input of ${name}, and lies with what plans the whole machine`,
});
const settings = "components/settings/settings.ts";
const service = "components/services/service.ts";

/** The highest part first. A file belongs to the longest name that its path begins with. */
export const directions: Directions = {
  parts: {
    tests: {
      is: "tests of everything; lab tests apart from unit tests",
      needs: [
        ...["bench", "scripts", "stacks", "policies", "components", "components/lib", "containment"],
        ...["lab", "lab/engine", "lab/fabric", "helpers", "programs", "programs/lib"],
      ],
    },
    bench: {
      is: "measurements",
      needs: ["scripts", "stacks", "components", "components/lib", "policies", "lab", "helpers"],
    },
    scripts: {
      is: "what a person or CI types",
      needs: [
        "stacks",
        "policies",
        "components",
        "components/lib",
        "containment",
        "lab",
        "lab/engine",
        "lab/fabric",
        "helpers",
        "programs/lib",
      ],
    },
    lab: {
      is: "the estate on one machine",
      needs: ["stacks", "components", "components/lib", "lab/fabric", "helpers"],
    },
    "lab/engine": {
      is: "the offline engine: language host and provider plugins",
      needs: ["lab/fabric", "helpers"],
      entry: "lab/engine/install.ts",
    },
    "lab/fabric": { is: "what the simulated Azure asks of the lab's machines", needs: ["helpers"] },
    helpers: {
      is: "files, processes, programs, terminal, Docker and Pulumi on this computer",
      needs: ["components/lib"],
    },
    stacks: { is: "the estate: what runs where, wired how", needs: ["components", "components/lib"] },
    components: {
      is: "the library: how a thing is made",
      needs: ["containment", "components/lib"],
      order: [
        "estate",
        "azure",
        "machine",
        "sandbox",
        "services",
        "wiring",
        "firewall",
        "files",
        "container",
        "host",
        "settings",
        "secrets",
        "network",
      ],
    },
    "components/lib": { is: "what every folder of the library stands on, how a problem is told among it", needs: [] },
    policies: { is: "what must never happen", needs: ["containment"] },
    containment: { is: "what gives a host away, which components and policies both ask", needs: [] },
    programs: { is: "programs of our own", needs: ["programs/lib"] },
    "programs/lib": { is: "what the programs share: events, and who is told of them", needs: [] },
  },
  exceptions: [
    ...["first-boot", "profile", "report", "run"].map((name) => ({
      from: "scripts/commands/bench.ts",
      to: `bench/${name}.ts`,
      why: "the command that measures; it alone loads what it runs",
    })),
    {
      from: "bench/host-machine.ts",
      to: "tests/support/debian-machine.ts",
      why: "measures on the machine that the lab tests make",
    },
    ...["openclaw-sandbox", "sandbox-profile"].map((name) => ({
      from: "components/services/openclaw-gateway/config.ts",
      to: `components/sandbox/${name}.ts`,
      why: "the gateway's configuration repeats how its sandboxes are made",
    })),
    {
      from: "components/services/openclaw-gateway/service.ts",
      to: "components/sandbox/sandbox-profile.ts",
      why: "the gateway takes a sandbox",
    },
    { from: "components/wiring/machine-of.ts", ...definition("what is derived from handles") },
    ...["blueprint", "machine-of", "rendering"].map((name) => ({
      from: `components/wiring/${name}.ts`,
      to: service,
      why: "what is derived from handles is a service of the plan",
    })),
    { from: "components/files/service-files.ts", ...definition("what renders files") },
    {
      from: "components/files/plan-files.ts",
      to: service,
      why: "a file plan takes the whole service, of which it reads its files",
    },
    ...["host-spec", "plan-bundle", "render/docker-daemon", "render/gvisor-source"].map((name) => ({
      from: `components/host/bundle/${name}.ts`,
      to: "components/container/gvisor.ts",
      why: "the host installs the runtime that containers name",
    })),
    {
      from: "components/host/runtime-floor/floors.ts",
      to: "components/container/gvisor.ts",
      why: "the host installs the runtime that containers name",
    },
    ...["host-spec", "unit-problems"].map((name) => ({
      from: `components/host/bundle/${name}.ts`,
      to: "components/container/waiver.ts",
      why: "units of the host have waivers too",
    })),
    ...["plan-secrets", "secret-problems"].flatMap((name) => [
      { from: `components/secrets/${name}.ts`, to: settings, why: "judged against all settings of a machine" },
      {
        from: `components/secrets/${name}.ts`,
        to: "components/files/plan-files.ts",
        why: "secrets are found as marks in planned files",
      },
    ]),
    ...[
      "flow-problems",
      "network-problems",
      "plan-networks",
      "proxy-problems",
      "reachability",
      "subnet-size",
      "unwanted-paths",
      "way-out-problems",
    ].map((name) => ({ from: `components/network/${name}.ts`, ...definition("what plans and judges networks") })),
    ...["flow-problems", "reachability"].map((name) => ({
      from: `components/network/${name}.ts`,
      to: service,
      why: "a flow is judged with the ports of its service",
    })),
    ...[settings, "components/settings/docker.ts"].map((to) => ({
      from: "components/network/setting-problems.ts",
      to,
      why: "judges settings",
    })),
    {
      from: "components/network/way-out-problems.ts",
      to: "components/container/posture.ts",
      why: "knows by the posture which container may send",
    },
  ],
  circles: [
    {
      files: [
        "components/files/service-files.ts",
        "components/machine/machine-definition.ts",
        "components/network/plan-networks.ts",
        "components/network/subnet-size.ts",
        "components/services/service.ts",
      ],
      why: "types only: a service renders its files from the machine that it is part of",
    },
    {
      files: ["checksums", "clones", "effects", "installs", "remote-copies"].map(
        (name) => `policies/lib/shell/${name}.ts`,
      ),
      why: "shell holds shell: what a line does is read by what reads lines",
    },
    {
      files: ["policies/lib/scripts/first-boot-data.ts", "policies/lib/scripts/places.ts"],
      why: "data of the first boot is a place of scripts, and holds places",
    },
    {
      files: [
        "policies/lib/composed-containers.ts",
        "policies/lib/container-code.ts",
        "policies/lib/container-requests.ts",
        "policies/lib/other-runtimes.ts",
        "policies/lib/pod-containers.ts",
        "policies/lib/scripts/reading.ts",
        "policies/lib/started-builds.ts",
        "policies/lib/started-containers.ts",
      ],
      why: "scripts start containers, and containers run scripts",
    },
  ],
};
