import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { machineReachability } from "#components/machine/machine-reachability.ts";
import { checkout } from "#helpers/files/directories.ts";
import { register } from "#scripts/commands/reach.ts";
import { askNode } from "#scripts/reach/answers.ts";
import { showNode } from "#scripts/reach/show.ts";
import { office } from "#stacks/office.ts";
import { runCommand } from "../../support/command-line.ts";
import { settings } from "../components/machine/example.ts";

const reach = (...args: string[]) => runCommand(register, "reach", ...args);

test("needs neither a daemon nor an engine", async () => {
  const args = [join(checkout, "scripts/cli.ts"), "reach", "searxng", "valkey:6379"];
  const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock", PATH: "/nonexistent", NO_COLOR: "1" };
  const { exitCode, stdout } = await execa(process.execPath, args, { env, extendEnv: false, reject: false });
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "✓ searxng reaches valkey"]);
});

test("yes, with the way", async () => {
  const { code, out } = await reach("searxng", "valkey:6379");
  expect(code).toBe(0);
  expect(out).toBe(
    "✓ searxng reaches valkey\n" +
      "  6379  over search-cache, from 10.77.1.76 to 10.77.1.77: the search caches and counts",
  );
});

test("no, with the reason, and what the proxy does instead", async () => {
  const { code, out } = await reach("openclaw-gateway", "internet:443");
  expect(code).toBe(1);
  expect(out).toBe(
    "✗ openclaw-gateway does not reach internet\n" +
      "  443  openclaw-gateway is on internal networks only; through egress-proxy to api.anthropic.com, api.telegram.org",
  );
});

test("without a port, every port of the other end", async () => {
  const { code, out } = await reach("lan", "wazuh-manager", "--lab");
  expect(code).toBe(1);
  expect(out.split("\n").slice(1)).toEqual([
    "  1514, 1515  published on 127.0.0.1 only, which no neighbour reaches",
    "  55000       wazuh-manager publishes 1514, 1515, not 55000",
  ]);
  expect((await reach("egress-proxy", "resolver:53/udp")).code).toBe(0);
  expect((await reach("egress-proxy", "resolver:54/udp")).code).toBe(1);
});

test("without another end, everything from and to it", async () => {
  const { code, out } = await reach("searxng");
  expect(code).toBe(0);
  expect(out.split("\n")).toEqual([
    "searxng reaches",
    "  valkey        6379: the search caches and counts",
    "  egress-proxy  3128: search engines are on the internet",
    "  internet      through egress-proxy, by name: en.wikipedia.org, html.duckduckgo.com, www.mojeek.com",
    "searxng is reached by",
    "  host  every port: the host's root alone, who is root over its containers",
  ]);
});

test("the host's root and its other accounts, each by the ports that they reach", async () => {
  const root = "the host's root alone, who is root over its containers";
  const account = "any account of the host, by the published port:";
  const { out } = await reach("wazuh-manager", "--lab");
  expect(out).toMatch(new RegExp(`^  host +1514, 1515: ${account} [^;]*; .*every other port: ${root}$`, "m"));
  const pair = (await reach("host", "wazuh-manager", "--lab")).out;
  expect(pair).toMatch(new RegExp(`^  1514, 1515 .*: ${root}\n +over wazuh-edge.*: ${account} `, "m"));
  expect(pair).toMatch(new RegExp(`^  every other port .*: ${root}\n +over wazuh-edge.*: ${root}$`, "m"));
});

test("as JSON", async () => {
  const answer = z.object({
    from: z.literal("graphiti"),
    to: z.literal("falkordb"),
    reachable: z.literal(true),
    answers: z.tuple([
      z.object({
        port: z.object({ number: z.literal(6379), protocol: z.literal("tcp") }),
        ways: z.tuple([z.object({ network: z.literal("graph"), source: z.string(), destination: z.string() })]),
      }),
    ]),
  });
  const { code, out } = await reach("graphiti", "falkordb", "--json");
  expect(code).toBe(0);
  answer.parse(JSON.parse(out));
  const listing = z.object({
    node: z.literal("falkordb"),
    reaches: z.tuple([]),
    reachedBy: z.array(z.unknown()).length(2),
  });
  listing.parse(JSON.parse((await reach("falkordb", "--json")).out));
});

describe("a service that is switched off outside the lab", () => {
  test("is reached by nobody, and the answer says why and how to ask about the lab", async () => {
    const { code, out } = await reach("openclaw-gateway", "llm-guard:8000");
    expect(code).toBe(1);
    expect(out).toContain("✗ llm-guard is switched off outside the lab: nobody asks it yet");
    expect(out).toContain("With --lab, the lab's answer");
    expect((await reach("wazuh-manager")).code).toBe(1);
    const { out: json } = await reach("lan", "wazuh-manager", "--json");
    expect(JSON.parse(json)).toMatchObject({ reachable: false, switchedOff: [{ service: "wazuh-manager" }] });
  });

  test("is in nobody's list", async () => {
    expect((await reach("nginx")).out).not.toContain("wazuh-dashboard");
    expect((await reach("nginx", "--lab")).out).toContain("wazuh-dashboard");
  });
});

describe("a question that cannot be answered", () => {
  test("names what is near, and everything that is wrong", async () => {
    const { code, out, err } = await reach("opnclaw-gateway", "ngimx:99999");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("found:    opnclaw-gateway");
    expect(err).toContain("next:     npm run reach -- openclaw-gateway nginx:53/udp");
    expect(err).toContain("found:    99999");
  });

  test.each([
    [[], "a service or a place: openclaw-gateway, "],
    [["nginx", "valkey:"], "nothing behind the colon"],
    [["nginx", "valkey:0"], "a number from 1 to 65535"],
    [["nginx", "valkey:80/icmp"], "a number from 1 to 65535"],
    [["nginx", "--stack", "gpu"], "a machine without containers"],
    [["nginx", "--stack", "../office"], "no Pulumi.../office.yaml"],
    [["nginx", "valkey", "searxng"], "too many arguments"],
    [["nginx", "--deep"], "unknown option"],
  ])("%j", async (args, told) => {
    const { code, out, err } = await reach(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(told);
  });
});

test("a neighbour's view, where ports are published for it", () => {
  const own = machineReachability(office, { ...settings, publish: { address: "192.168.1.5" } });
  expect(showNode(askNode(own, "lan"))).toContain(
    "  wazuh-manager  1514, 1515: agents can enrol and report; none is installed yet",
  );
});
