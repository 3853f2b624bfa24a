import { describe, expect, it } from "vitest";
import { internetAddresses } from "#lab/internet/addresses.ts";
import { parseSockets, wantedSockets } from "#lab/internet/sockets.ts";

const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";
const rest = "00000000:00000000 00:00000000 00000000     0        0 57049 1";

describe("the kernel's table of sockets", () => {
  it("tells what listens, in IPv4", () => {
    const text = [
      header,
      `   0: 507100CB:01BB 00000000:0000 0A ${rest}`,
      // Somebody who is connected listens to nothing.
      `   1: 507100CB:0050 0100007F:D431 01 ${rest}`,
      "",
    ].join("\n");
    expect(parseSockets(text, "tcp")).toEqual(["203.0.113.80 port 443/tcp"]);
  });

  it("tells what is bound, in UDP", () => {
    const text = [header, `   0: FEA9FEA9:0035 00000000:0000 07 ${rest}`].join("\n");
    expect(parseSockets(text, "udp")).toEqual(["169.254.169.254 port 53/udp"]);
  });

  it("tells what listens, in IPv6", () => {
    const text = [header, `   0: 770000FD000000000000000010000000:0016 ${"0".repeat(32)}:0000 0A ${rest}`].join("\n");
    expect(parseSockets(text, "tcp")).toEqual(["fd00:77::10 port 22/tcp"]);
  });

  it("may be empty, or not there", () => {
    expect(parseSockets(`${header}\n`, "tcp")).toEqual([]);
    expect(parseSockets("", "udp")).toEqual([]);
  });
});

describe("the sockets that are wanted", () => {
  it("are the resolver's two and the server's", () => {
    const { resolver, server } = wantedSockets(true);
    expect(resolver).toEqual(["tcp", "udp"].map((protocol) => `${internetAddresses.resolver} port 53/${protocol}`));
    for (const socket of [
      `${internetAddresses.web} port 443/tcp`,
      "2001:db8:77::80 port 80/tcp",
      "fd00:77::10 port 9999/udp",
    ]) {
      expect(server).toContain(socket);
    }
    expect(new Set(server).size).toBe(server.length);
  });

  it("are of the first family only where there is no other", () => {
    const { server } = wantedSockets(false);
    expect(server.filter((socket) => socket.startsWith("fd00") || socket.startsWith("2001"))).toEqual([]);
    expect(server.length).toBeGreaterThan(0);
  });
});
