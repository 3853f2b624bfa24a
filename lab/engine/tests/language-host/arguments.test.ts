import { describe, expect, test } from "vitest";
import {
  firstFilled,
  nodeArguments,
  parseHostArguments,
  runnerArguments,
  splitArguments,
} from "#language-host/arguments.ts";

describe("the host's command line", () => {
  test.each([
    [["127.0.0.1:1"], { engineAddress: "127.0.0.1:1", tracing: undefined }],
    [["--logtostderr", "-v=9", "127.0.0.1:2"], { engineAddress: "127.0.0.1:2", tracing: undefined }],
    [["--tracing", "file:t", "127.0.0.1:3"], { engineAddress: "127.0.0.1:3", tracing: "file:t" }],
    [["-tracing=file:t", "127.0.0.1:4"], { engineAddress: "127.0.0.1:4", tracing: "file:t" }],
    [[], { engineAddress: "", tracing: undefined }],
  ])("%j", (argv, expected) => {
    expect(parseHostArguments(argv)).toEqual(expected);
  });
});

describe("nodeargs", () => {
  test.each([
    ["--a --b=1", ["--a", "--b=1"]],
    [`--title="two words" '--x y'`, ["--title=two words", "--x y"]],
    ["", []],
  ])("%s", (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });

  test("the flag that switches stack traces off is left out for debugging, and only that one", () => {
    const line = "--stack-trace-limit=0 --max-old-space-size=99";
    expect(nodeArguments(line, {})).toEqual(["--stack-trace-limit=0", "--max-old-space-size=99"]);
    expect(nodeArguments(line, { GARRISON_DEBUG: "1" })).toEqual(["--max-old-space-size=99"]);
    expect(nodeArguments(undefined, {})).toEqual([]);
  });
});

test("a bare --logtostderr does not swallow the address that follows it", () => {
  expect(runnerArguments(["--logtostderr", "127.0.0.1:1"])).toEqual(["--logtostderr=true", "127.0.0.1:1"]);
});

test("a field that was left out reads as an empty text", () => {
  expect(firstFilled("", undefined, "b", "c")).toBe("b");
  expect(firstFilled("")).toBe("");
});
