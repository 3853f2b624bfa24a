import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { announcement } from "#plugins/command/announcement.ts";

test("the process group is found and its line taken out, however the bytes are cut", async () => {
  const whole = "motd\nnonce 4711\nreal words: äöü\n";
  const cuts = fc.array(fc.integer({ min: 1, max: Buffer.byteLength(whole) - 1 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const bytes = Buffer.from(whole);
      const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      const said = announcement("nonce");
      expect(await text(Readable.from(chunks).pipe(said.rest))).toBe("motd\nreal words: äöü\n");
      expect(said.group()).toBe(4711);
    }),
  );
});

test("what a server says that never ran the command is kept", async () => {
  const said = announcement("nonce");
  expect(await text(Readable.from([Buffer.from("This account is not available.\n")]).pipe(said.rest))).toBe(
    "This account is not available.\n",
  );
  expect(said.group()).toBeUndefined();
});
