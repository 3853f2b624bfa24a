import { describe, expect, it } from "vitest";
import { dockerRules, outwardLinks, parseTagged, renderTable } from "#lab/machines/firewall.ts";
import { layOutLab } from "#lab/machines/layout.ts";

const layout = layOutLab({ id: "a23456", network: "10.66.0.0/16" });

describe("the rules beside Docker's", () => {
  const rules = dockerRules(layout, ["eth0"]).map((rule) => rule.join(" "));

  it("let the machines out where the host goes out, and only answers in", () => {
    expect(rules).toHaveLength(3);
    expect(rules[1]).toMatch(/^-i a23456-lab -o eth0 /);
    expect(rules[2]).toMatch(/^-o a23456-lab -m conntrack --ctstate RELATED,ESTABLISHED /);
  });

  it("never open the machines' way to Docker's own networks", () => {
    for (const rule of rules) {
      expect(rule).toMatch(/-o \S+/);
      expect(rule).toContain("--comment garrison-lab-a23456");
    }
  });

  it("are found again by their mark, and nobody else's are", () => {
    const listed = [
      "-N DOCKER-USER",
      "-A DOCKER-USER -i x-lab -o eth0 -m comment --comment garrison-lab-b -j ACCEPT",
      "-A DOCKER-USER -i a23456-lab -o eth0 -m comment --comment garrison-lab-a23456 -j ACCEPT",
      '-A DOCKER-USER -o a23456-lab -m comment --comment "garrison-lab-a23456" -j ACCEPT',
      "-A DOCKER-USER -j RETURN",
    ].join("\n");
    expect(parseTagged(listed, layout.tag).map((rule) => rule.join(" "))).toEqual([
      "-i a23456-lab -o eth0 -m comment --comment garrison-lab-a23456 -j ACCEPT",
      "-o a23456-lab -m comment --comment garrison-lab-a23456 -j ACCEPT",
    ]);
  });
});

it("the ways out of the host are the links of its default routes", () => {
  const routes = [
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "wlan0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
    "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
  ].join("\n");
  expect(outwardLinks(routes)).toEqual(["eth0", "wlan0"]);
});

it("the lab's own table replaces itself in one step", () => {
  const text = renderTable(layout);
  expect(text.startsWith("table ip garrison_lab_a23456\ndelete table ip garrison_lab_a23456\n")).toBe(true);
  expect(text).toContain('ip saddr 10.66.0.0/24 oifname != "a23456-lab" masquerade');
});
