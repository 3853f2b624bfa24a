import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planNetworks } from "#components/network/plan-networks.ts";
import { candidateBlocks, overlaps } from "#lab/estate/network-block.ts";
import { internetAddresses } from "#lab/internet/addresses.ts";
import { blockOfHostEnd, layOutInternet } from "#lab/internet/layout.ts";

const block = fc.constantFrom(...candidateBlocks);
const id = fc.stringMatching(/^[a-z][a-z0-9]{1,7}$/);

describe("the layout of a lab internet", () => {
  it("follows from the estate's id and block", () => {
    expect(layOutInternet({ id: "k3x9qa", network: "10.77.0.0/16" }, true)).toEqual({
      namespace: "garrison-k3x9qa",
      hostLink: "k3x9qa-inet",
      insideLink: "inet0",
      block: "10.77.0.0/16",
      ends: { host: "10.77.255.253", inside: "10.77.255.254" },
      ends6: { host: "fd00:77:4d::1", inside: "fd00:77:4d::2" },
      table: 20_077,
      rules: [
        { priority: 20_077, from: "10.77.0.0/16", to: "10.77.0.0/16", table: "main" },
        { priority: 20_577, from: "10.77.255.254/32", table: "main" },
        { priority: 21_077, from: "10.77.0.0/16", table: "20077" },
        { priority: 22_077, from: "all", to: "10.77.255.254/32", table: "20077" },
      ],
      addresses: Object.values(internetAddresses),
    });
  });

  it("leaves IPv6 out where there is none", () => {
    const { ends6, addresses } = layOutInternet({ id: "k3x9qa", network: "10.77.0.0/16" }, false);
    expect(ends6).toBeUndefined();
    expect(addresses.filter((address) => address.includes(":"))).toEqual([]);
    expect(addresses).toContain(internetAddresses.web);
  });

  it("names a link that the kernel takes", () => {
    fc.assert(
      fc.property(id, block, (name, network) => layOutInternet({ id: name, network }, true).hostLink.length <= 15),
    );
  });

  it("shares nothing between two estates", () => {
    fc.assert(
      fc.property(fc.uniqueArray(block, { minLength: 2, maxLength: 2 }), ([left = "", right = ""]) => {
        const parts = [left, right].flatMap((network, index) => {
          const layout = layOutInternet({ id: `e${index}`, network }, true);
          const { namespace, hostLink, table, rules, ends, ends6 = ends } = layout;
          const priorities = rules.map(({ priority }) => String(priority));
          // A table is numbered like the first of its rules.
          expect(priorities[0]).toBe(String(table));
          return [namespace, hostLink, ...priorities, ends.host, ends.inside, ends6.host, ends6.inside];
        });
        expect(new Set(parts).size).toBe(parts.length);
      }),
    );
  });

  it("keeps a block's inner traffic on the host before anything leads out, and then leads answers back, for all estates", () => {
    const layouts = candidateBlocks.map((network) => layOutInternet({ id: "any", network }, true));
    const inner = layouts.flatMap(({ rules }) => rules.filter(({ table }) => table === "main"));
    const back = layouts.flatMap(({ rules }) => rules.filter(({ from }) => from === "all"));
    const out = layouts.flatMap(({ rules }) => rules.filter(({ to, table }) => to === undefined && table !== "main"));
    const priorities = (rules: typeof inner) => rules.map(({ priority }) => priority);
    expect(Math.max(...priorities(inner))).toBeLessThan(Math.min(...priorities(out)));
    expect(Math.max(...priorities(out))).toBeLessThan(Math.min(...priorities(back)));
    // The kernel's own: 0 is the local table, 32766 the main one.
    expect(Math.min(...priorities(inner))).toBeGreaterThan(0);
    expect(Math.max(...priorities(back))).toBeLessThan(32_766);
  });

  it("has its cable where no network of a machine with a hundred of them is", () => {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      name: `n${index}`,
      number: index + 1,
      why: "test",
      members: ["a"],
    }));
    const { networks, problems } = planNetworks(requests, [{ name: "a", number: 1 }], "abc", "10.77.0.0/16");
    expect(problems).toEqual([]);
    const { ends } = layOutInternet({ id: "abc", network: "10.77.0.0/16" }, true);
    for (const { subnet } of networks) expect(overlaps(subnet, `${ends.host}/30`)).toBe(false);
  });

  it("tells the block from the cable's address", () => {
    fc.assert(
      fc.property(block, (network) => {
        expect(blockOfHostEnd(layOutInternet({ id: "any", network }, true).ends.host)).toBe(network);
      }),
    );
  });

  it("owns no address that an estate could have", () => {
    const owned = Object.values(internetAddresses).filter((address) => !address.includes(":"));
    for (const address of owned) expect(overlaps("10.64.0.0/10", `${address}/32`)).toBe(false);
  });
});
