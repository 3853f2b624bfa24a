import { expect, test } from "vitest";
import { readFirstBoot, summariseFirstBoots } from "#bench/first-boot.ts";

const moments = { unpacking: 100, starting: 104, ready: 115 };

test("the parts of a first boot are told apart by one clock", () => {
  const boot = readFirstBoot(moments, "105500000\n107000000\n108500000\n112000000\n");
  expect(boot).toEqual({ unpack: 4, start: 1.5, ssh: 1.5, docker: 3, cloudInit: 6.5, ready: 15 });
});

test.each(["", "1\n2\n3", "105500000\n107000000\n0\n112000000", "a\nb\nc\nd"])(
  "an answer that lacks a moment is no measurement: %j",
  (answer) => {
    expect(() => readFirstBoot(moments, answer)).toThrow("not what systemd says");
  },
);

test("of several first boots each part has its median", () => {
  const one = readFirstBoot(moments, "105500000\n107000000\n108500000\n112000000");
  const summary = summariseFirstBoots([one, { ...one, ready: 25 }, { ...one, ready: 17 }]);
  expect(summary.at(-1)?.seconds).toEqual({ median: 17, least: 15, most: 25 });
});
