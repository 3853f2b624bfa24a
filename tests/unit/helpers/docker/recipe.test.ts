import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { packagesOf, recipeContext, recipeHash } from "#helpers/docker/recipe.ts";

const files = new Map([
  ["Dockerfile", "ARG BASE\nFROM ${BASE}\n"],
  ["entrypoint", "#!/bin/sh\n"],
]);

describe("packagesOf", () => {
  test("finds what a Dockerfile installs, over lines and comments", () => {
    const dockerfile = `RUN apt-get update \\
  && apt-get install --yes --no-install-recommends \\
    curl \\
    # a reason
    bash \\
  && rm -rf /x
RUN apt-get install git; echo apt-get
`;
    expect(packagesOf(dockerfile)).toEqual(["bash", "curl", "git"]);
  });

  test("knows those of the egress proxy", async () => {
    const dockerfile = await readFile("components/services/egress-proxy/image/Dockerfile", "utf8");
    expect(packagesOf(dockerfile)).toEqual(["bash", "openssl", "squid-openssl"]);
  });
});

test("the same recipe gives the same context, whichever order its files were read in", async () => {
  const other = new Map([...files].reverse());
  expect(await buffer(recipeContext(other))).toEqual(await buffer(recipeContext(files)));
  expect(recipeHash(other, "base")).toBe(recipeHash(files, "base"));
});

test("another base or another file is another recipe", () => {
  expect(recipeHash(files, "other")).not.toBe(recipeHash(files, "base"));
  expect(recipeHash(new Map([...files, ["more", ""]]), "base")).not.toBe(recipeHash(files, "base"));
});
