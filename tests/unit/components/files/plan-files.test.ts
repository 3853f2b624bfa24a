import { expect, test } from "vitest";
import { fileProblems, fingerprint, planFiles } from "#components/files/plan-files.ts";
import type { FileContext } from "#components/files/service-files.ts";
import { secret } from "#components/secrets/reference.ts";
import { aService, settings } from "../machine/example.ts";

const context: FileContext = { settings, networks: [], flows: [], allowed: [] };

function filesOf(...texts: readonly Readonly<Record<string, string>>[]) {
  return planFiles(
    texts.map((files, index) => aService(`s${String(index)}`, index + 1, { files: () => files })),
    context,
  );
}

test("files lie on the host by service and directory", () => {
  const [files] = filesOf({ "/etc/page/b": secret("two"), "/etc/page/a": secret("one") + secret("two"), "/srv/x": "" });
  expect(files).toMatchObject({
    service: "s0",
    user: { uid: 20_001, gid: 20_001 },
    secrets: ["one", "two"],
    directories: [
      { source: "/run/garrison/office/s0/etc-page", target: "/etc/page" },
      { source: "/run/garrison/office/s0/srv", target: "/srv" },
    ],
  });
  expect(filesOf({})).toEqual([]);
});

test("a blank in the path of a file is refused: the host's writer reads words", () => {
  expect(fileProblems(filesOf({ "/etc/a/one two": "", "/etc/b/x": "" }))).toEqual([
    { property: "services.s0.files./etc/a/one two", found: "a blank", expected: "a path without any" },
  ]);
});

test("what cannot be mounted beside each other is refused", () => {
  const files = filesOf(
    { "/etc/a/x": "", "/etc/a/b/y": "" },
    { "/etc/a-b/x": "", "/etc/a/b/y": "" },
    { "/etc/ab/x": "" },
  );
  expect(fileProblems(files).map(({ property, found }) => `${property}: ${found}`)).toEqual([
    "services.s0.files./etc/a/b: inside /etc/a, which is mounted read-only",
    "services.s1.files./etc/a/b: the same name on the host as /etc/a-b",
  ]);
});

test("the fingerprint changes with a text and with a rotation of a secret in it, and with nothing else", () => {
  const print = (text: string, versions: Readonly<Record<string, string>>) => {
    const [files] = filesOf({ "/etc/x/y": text });
    return files && fingerprint(files, (name) => versions[name] ?? "1");
  };
  const first = print(secret("one"), {});
  expect(print(secret("one"), { two: "2" })).toBe(first);
  expect(print(secret("one"), { one: "2" })).not.toBe(first);
  expect(print(`${secret("one")} `, {})).not.toBe(first);
});
