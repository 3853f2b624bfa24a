import { describe, expect, test } from "vitest";
import { office } from "#stacks/office.ts";
import type { LiveContainer } from "#scripts/status/collect.ts";
import { allWell, statusRows } from "#scripts/status/rows.ts";
import { renderFooter, renderTable } from "#scripts/status/table.ts";

const mebibyte = 1024 ** 2;

function live(service: string, over: Partial<LiveContainer> = {}): LiveContainer {
  return {
    name: `abc-${service}`,
    service,
    state: "running",
    health: "healthy",
    networks: [{ name: "guard", address: "10.64.0.2" }],
    memoryLimit: 128 * mebibyte,
    memoryUsed: 10.4 * mebibyte,
    standIn: true,
    agent: false,
    waivers: [],
    ...over,
  };
}

const everything = office.services.map(({ name }) => live(name));
const row = (container: LiveContainer) =>
  statusRows(office, "abc", [container]).find(({ service }) => service === container.service);

describe("status", () => {
  test("has a row for each service, in the machine's order", () => {
    const rows = statusRows(office, "abc", everything);
    expect(rows.map(({ service }) => service)).toEqual(office.services.map(({ name }) => name));
    expect(allWell(rows)).toBe(true);
  });

  test("shows a service without a container as missing, and that is not well", () => {
    const rows = statusRows(office, "abc", everything.slice(1));
    expect(rows[0]).toMatchObject({ service: "openclaw-gateway", health: "missing", program: "unknown" });
    expect(allWell(rows)).toBe(false);
  });

  test("shows a container that no service explains", () => {
    const rows = statusRows(office, "abc", [...everything, live("stranger")]);
    expect(rows.at(-1)?.service).toBe("stranger");
    expect(rows).toHaveLength(everything.length + 1);
  });

  test.each([
    [{ state: "exited" }, "stopped", false],
    [{ state: "restarting" }, "stopped", false],
    [{ health: "unhealthy" }, "unhealthy", false],
    [{ health: "starting" }, "starting", false],
    [{ health: undefined }, "running", true],
    [{}, "healthy", true],
  ] as const)("judges %o as %s", (over, health, well) => {
    const rows = statusRows(
      office,
      "abc",
      everything.map((one, index) => (index === 0 ? { ...one, ...over } : one)),
    );
    expect(rows[0]?.health).toBe(health);
    expect(allWell(rows)).toBe(well);
  });

  test("gives an address to what people open, and to nothing else", () => {
    const onPage = {
      networks: [
        { name: "guard", address: "10.64.0.2" },
        { name: "page-gateway", address: "10.64.2.2" },
      ],
    };
    expect(row(live("openclaw-gateway", onPage))?.address).toBe("http://10.64.2.2:18789");
    expect(row(live("valkey"))?.address).toBeUndefined();
    expect(
      row(live("openclaw-gateway", { networks: [{ name: "page-gateway", address: "" }] }))?.address,
    ).toBeUndefined();
  });

  test("prints service, health, networks, memory, program and scale", () => {
    const rows = statusRows(
      office,
      "abc",
      everything.map((one) => (one.service === "egress-proxy" ? live("egress-proxy", { standIn: false }) : one)),
    );
    const line =
      renderTable(rows)
        .split("\n")
        .find((text) => text.includes("egress-proxy")) ?? "";
    for (const part of ["healthy", "guard", "10 / 128", "real"]) expect(line).toContain(part);
    const footer = renderFooter(rows, 0.82, "npm run up");
    const all = String(everything.length);
    expect(footer).toContain(`${all} of ${all} containers are well; ${String(everything.length - 1)} are stand-ins.`);
    expect(footer).toContain("82 %");
    expect(renderFooter(rows, 1, "npm run up")).toContain("those of the real machine");
    expect(footer).not.toMatch(/Stopped|Missing/);
  });

  test("says of containers that do not run how to see why, and what starts them", () => {
    const stopped = (service: string, state: string) => live(service, { state, health: undefined });
    const some = [...everything.slice(2), stopped("openclaw-gateway", "created")];
    const footer = renderFooter(statusRows(office, "abc", some), 1, "npm run up -- --estate trial");
    expect(footer).toContain(
      "Stopped: abc-openclaw-gateway. See why (docker logs abc-openclaw-gateway), " +
        "then npm run up -- --estate trial (starts them again).",
    );
    expect(footer).toContain("npm run up -- --estate trial (makes them again)");
  });
});
