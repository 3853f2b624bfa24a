import { describe, expect, it } from "vitest";
import { readStatus } from "#helpers/programs/apt.ts";

describe("the status lines of apt-get", () => {
  it.each([
    ["dlstatus:1:20.5:Retrieving file 1 of 4", "21 % Retrieving file 1 of 4"],
    ["pmstatus:docker.io:48.0000:Unpacking docker.io (amd64)", "48 % Unpacking docker.io (amd64)"],
    ["pmstatus:dpkg-exec:0.0000:Running dpkg: now", "0 % Running dpkg: now"],
  ])("%s", (line, words) => {
    expect(readStatus(line)).toBe(words);
  });

  it("are the only ones that are shown", () => {
    expect(readStatus("pmconffile:/etc/x:1:'a' 'b'")).toBeUndefined();
    expect(readStatus("")).toBeUndefined();
  });
});
