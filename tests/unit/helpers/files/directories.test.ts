import { expect, test } from "vitest";
import { cacheDirectory, stateDirectory } from "#helpers/files/directories.ts";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";

test("the cache follows XDG_CACHE_HOME where that is an absolute path", () => {
  expect(pulumiCacheFile({ XDG_CACHE_HOME: "/c" })).toMatch(/^\/c\/garrison\/pulumi\/v[\d.]+\/bin\/pulumi$/);
  expect(cacheDirectory({ XDG_CACHE_HOME: "" })).toMatch(/\/\.cache\/garrison$/);
  expect(cacheDirectory({ XDG_CACHE_HOME: "relative" })).toBe(cacheDirectory({}));
});

test("so does the state, with XDG_STATE_HOME", () => {
  expect(stateDirectory({ XDG_STATE_HOME: "/s" })).toBe("/s/garrison");
  expect(stateDirectory({ XDG_STATE_HOME: "relative" })).toMatch(/\/\.local\/state\/garrison$/);
});
