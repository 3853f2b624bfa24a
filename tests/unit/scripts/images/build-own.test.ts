import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseImageLock } from "#components/container/image-lock.ts";
import type { BuiltLock } from "#components/container/image-lock.ts";
import { buildOwn } from "#scripts/images/build-own.ts";
import type { BuildOwnOptions } from "#scripts/images/build-own.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const DAEMON = "ssh://me@machine";
const published = { repository: "docker.io/library/debian", tag: "1", digest: DIGEST };
const own = (recipe: string, base = "debian") => ({ repository: null, tag: null, digest: null, recipe, base });

let checkout: string;
let daemon: FakeDaemon;
let recorded: BuiltLock;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "garrison-build-own-"));
  for (const name of ["proxy", "box"]) {
    await mkdir(join(checkout, name));
    await writeFile(join(checkout, name, "Dockerfile"), "ARG BASE\nFROM ${BASE}\n");
  }
  daemon = new FakeDaemon();
  recorded = { images: {} };
});

afterEach(() => rm(checkout, { recursive: true }));

/** As much of a daemon as a build needs: it remembers what was asked of it. */
class FakeDaemon {
  readonly asked: string[] = [];
  /** What a build of this tag says in the end, in the place of an image. */
  readonly failing = new Map<string, string>();
  refuses: string | undefined;
  #images = new Map<string, string>();

  get docker(): Docker {
    const lines = (...all: readonly object[]) => Promise.resolve(Readable.from(all));
    return {
      modem: {
        followProgress: (stream: Readable, done: (error: Error | null, all: unknown[]) => void) => {
          void stream.toArray().then((all) => {
            done(null, all);
          });
        },
      },
      getImage: (name: string) => ({
        inspect: () => {
          const Id = this.#images.get(name);
          return Id === undefined ? Promise.reject(new Error(`no image ${name}`)) : Promise.resolve({ Id });
        },
        push: ({ authconfig }: { authconfig: { username: string } }) => {
          this.asked.push(`push ${name.replace(/:[^:]*$/, "")} as ${authconfig.username}`);
          return this.refuses === undefined ? lines({ aux: { Digest: DIGEST } }) : lines({ error: this.refuses });
        },
      }),
      pull: (name: string) => {
        this.asked.push(`pull ${name}`);
        this.#images.set(name, name);
        return lines();
      },
      buildImage: (
        _context: unknown,
        { t, buildargs, nocache }: { t: string; buildargs: object; nocache: boolean },
      ) => {
        const key = /\/([a-z]+):/.exec(t)?.[1] ?? "";
        this.asked.push(`build ${key} on ${JSON.stringify(buildargs)}${nocache ? " anew" : ""}`);
        const failure = this.failing.get(key);
        if (failure !== undefined)
          return lines({ stream: "Step 2/2 : RUN x\n" }, { stream: "not found\n" }, { error: failure });
        const id = `sha256:${Buffer.from(`${key}${String(this.asked.length)}`)
          .toString("hex")
          .padEnd(64, "0")}`;
        this.#images.set(t, id).set(id, id);
        return lines();
      },
    } as unknown as Docker;
  }

  forget(): void {
    this.#images.clear();
  }
}

const ALL = ["proxy", "box"];

function build(keys: readonly string[], changes: Partial<BuildOwnOptions> = {}) {
  const lock = parseImageLock({ images: { debian: published, proxy: own("proxy"), box: own("box") } });
  return buildOwn(keys, {
    checkout,
    lock,
    built: recorded,
    docker: daemon.docker,
    daemon: DAEMON,
    fresh: false,
    say: () => undefined,
    record: (built) => {
      recorded = built;
      return Promise.resolve();
    },
    ...changes,
  });
}

async function refused(building: Promise<unknown>): Promise<ProblemReport> {
  const error: unknown = await building.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemReport)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

const BASE = `docker.io/library/debian@${DIGEST}`;

test("builds every recipe on its pinned base and records the ids", async () => {
  const outcomes = await build(ALL);
  expect(outcomes.map(({ key, kind }) => [key, kind])).toEqual([
    ["proxy", "built"],
    ["box", "built"],
  ]);
  expect(daemon.asked).toEqual([
    `pull ${BASE}`,
    `build proxy on {"BASE":"${BASE}"}`,
    `build box on {"BASE":"${BASE}"}`,
  ]);
  expect(recorded.images.proxy).toMatchObject({ repository: null, daemon: DAEMON, digest: outcomes[0]?.reference });
});

test("builds what another of ours begins with first, and the other anew when it changes", async () => {
  const images = { debian: published, base: own("proxy"), program: own("box", "base") };
  const lock = parseImageLock({ images });
  const [base, program] = await build(["program"], { lock });
  expect([base?.key, program?.key]).toEqual(["base", "program"]);
  expect(daemon.asked.at(-1)).toBe(`build program on {"BASE":"${base?.reference ?? ""}"}`);
  expect((await build(["program"], { lock })).map(({ kind }) => kind)).toEqual(["kept", "kept"]);
  await writeFile(join(checkout, "proxy", "Dockerfile"), "ARG BASE\nFROM ${BASE}\nRUN true\n");
  expect((await build(["program"], { lock })).map(({ kind }) => kind)).toEqual(["built", "built"]);
});

test("builds nothing the second time, but what is gone, changed, elsewhere, or wanted anew", async () => {
  await build(ALL);
  expect((await build(ALL)).map(({ kind }) => kind)).toEqual(["kept", "kept"]);
  await writeFile(join(checkout, "box", "Dockerfile"), "ARG BASE\nFROM ${BASE}\nRUN true\n");
  expect((await build(ALL)).map(({ kind }) => kind)).toEqual(["kept", "built"]);
  expect((await build(["box"], { fresh: true })).map(({ kind }) => kind)).toEqual(["built"]);
  expect(daemon.asked.at(-1)).toMatch(/^build box .* anew$/);
  expect((await build(["box"], { daemon: "ssh://me@other" })).map(({ kind }) => kind)).toEqual(["built"]);
  daemon.forget();
  expect((await build(["proxy"])).map(({ kind }) => kind)).toEqual(["built"]);
});

test("tells a build that failed with its last lines, after the others, and goes on from there", async () => {
  daemon.failing.set("proxy", "exit code: 127");
  const report = await refused(build(ALL));
  expect(report.problems).toEqual([
    {
      property: "proxy",
      found: "Step 2/2 : RUN x\nnot found\nexit code: 127",
      expected: "an image",
      fix: "npm run images -- build proxy",
    },
  ]);
  expect(Object.keys(recorded.images)).toEqual(["box"]);
  daemon.failing.clear();
  expect((await build(ALL)).map(({ kind }) => kind)).toEqual(["built", "kept"]);
});

test("pushes into a registry with the account of its login, and records the digest there", async () => {
  const registry = { name: "ghcr.io/example", account: { username: "me", password: "secret" } };
  const [outcome] = await build(["proxy"], { registry });
  expect(outcome?.reference).toBe(`ghcr.io/example/proxy@${DIGEST}`);
  expect(daemon.asked.at(-1)).toBe("push ghcr.io/example/proxy as me");
  expect((await build(["proxy"], { registry })).map(({ kind }) => kind)).toEqual(["kept"]);
  expect((await build(["proxy"])).map(({ kind }) => kind)).toEqual(["built"]);
});

test("tells a registry that refuses", async () => {
  daemon.refuses = "denied: requested access to the resource is denied";
  const report = await refused(build(["proxy"], { registry: { name: "ghcr.io/example" } }));
  expect(report.problems[0]).toMatchObject({
    found: daemon.refuses,
    fix: "docker login ghcr.io, then npm run images -- build proxy",
  });
  expect(recorded.images).toEqual({});
});

test("tells everything that cannot be built before it begins", async () => {
  const lock = parseImageLock({
    images: {
      debian: { ...published, digest: null },
      proxy: own("proxy"),
      lost: own("nowhere", "alpine"),
      alpine: published,
      broker: { repository: null, tag: null, digest: null, missing: "not written yet" },
    },
  });
  const report = await refused(build(["proxy", "lost"], { lock }));
  expect(report.problems.map(({ property, fix }) => [property, fix])).toEqual([
    ["proxy: base debian", "npm run images -- lock debian"],
    ["lost", "git status -- nowhere"],
  ]);
  const unknown = await refused(build(["alpine", "broker", "nobody"], { lock }));
  expect(unknown.problems.map(({ found }) => found)).toEqual([
    "alpine: published, there is nothing to build",
    "broker: not written yet",
    "nobody",
  ]);
  expect(daemon.asked).toEqual([]);
});
