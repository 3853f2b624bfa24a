import { expect, test } from "vitest";

import { behindVolume, normal, overlap } from "#policies/lib/mounts.ts";
import { Properties, Unknowns } from "#policies/lib/properties.ts";

test.each([
  ["/a/b", "/a/b"],
  ["/a//b/", "/a/b"],
  ["/a/./c/../b", "/a/b"],
  ["/..//../a", "/a"],
  ["/var/run/x", "/run/x"],
  ["/var/runner", "/var/runner"],
  ["/", "/"],
])("%s is %s", (path, expected) => {
  expect(normal(path)).toBe(expected);
});

const host = (source: string) => ({ kind: "host" as const, source });
const volume = (source: string) => ({ kind: "volume" as const, source });

test.each([
  [host("/a"), host("/a"), true],
  [host("/a"), host("/a/b"), true],
  [host("/a/b"), host("/a"), true],
  [host("/"), host("/a"), true],
  [host("/a"), host("/ab"), false],
  [volume("v"), volume("v"), true],
  [volume("v"), volume("v/w"), false],
  [volume("/a"), host("/a"), false],
])("%j and %j overlap: %j", (a, b, expected) => {
  expect(overlap(a, b)).toBe(expected);
});

test("a volume with a device is that directory", () => {
  const behind = (options: unknown) => behindVolume(new Properties(options, new Unknowns()));
  expect(behind({ type: "none", device: "/srv//x", o: "bind, RO" })).toEqual({
    source: "/srv/x",
    options: ["bind", "ro"],
  });
  expect(behind({ DEVICE: "/srv" })).toEqual({ source: "/srv", options: [""] });
  expect(behind({ type: "tmpfs", device: "tmpfs" })).toBeUndefined();
  expect(behind({})).toBeUndefined();
});
