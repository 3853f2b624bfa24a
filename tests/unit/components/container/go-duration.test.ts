import { expect, test } from "vitest";
import { goDuration } from "#components/container/go-duration.ts";

// As Go 1.25's time.Duration.String() answered for the same times.
test.each([
  [0, "0s"],
  [0.001, "1ms"],
  [0.25, "250ms"],
  [1, "1s"],
  [1.5, "1.5s"],
  [59.999, "59.999s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [61.001, "1m1.001s"],
  [3600, "1h0m0s"],
  [3661, "1h1m1s"],
  [90_000, "25h0m0s"],
])("%d seconds are %s", (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
});
