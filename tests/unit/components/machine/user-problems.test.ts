import { expect, test } from "vitest";
import { waive } from "#components/container/waiver.ts";
import { userProblems } from "#components/machine/user-problems.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { office } from "#stacks/office.ts";
import { aHost } from "../host/bundle/a-host.ts";
import { aService } from "./example.ts";

const as = (uid: number, gid = uid, reason = "the image owns its directories as this user"): Partial<ServiceSpec> => ({
  user: { uid, gid },
  waivers: [waive("container.user", { reason, owner: "security", expires: "2027-06-30" })],
});
const host = (uid: number, deployer = 1501) =>
  aHost({
    users: [
      { name: "ops", uid, groups: ["sudo"], sudo: true },
      { name: "deploy", uid: deployer, groups: ["docker"], sudo: true },
    ],
  });
const said = (services: readonly ServiceSpec[], machine = host(1500)): string[] =>
  userProblems(services, machine).map(({ property, found }) => `${property}: ${found}`);
const page = (changes: Partial<ServiceSpec> = {}) => aService("page", 1, changes);
const other = (changes: Partial<ServiceSpec> = {}) => aService("other", 2, changes);

test("services with the numbers that we give are nobody else", () => {
  expect(said([page(), other()])).toEqual([]);
});

test("a user of its own is a departure that needs its waiver", () => {
  expect(said([page({ user: { uid: 999, gid: 999 } })])).toEqual(["services.page.user: 999:999"]);
  expect(said([page(as(999))])).toEqual([]);
});

test("two services of one number are told of each other, until each waiver names the other", () => {
  expect(said([page(as(999)), other(as(999, 998))])).toEqual([
    "services.page.user: 999:999, the number of other too",
    "services.other.user: 999:998, the number of page too",
  ]);
  const named = [
    page(as(999, 999, "the image forces uid 999, which other has too")),
    other(as(999, 998, "as page does")),
  ];
  expect(said(named)).toEqual([]);
  // Another name that only contains it is not it.
  expect(said([page(as(999, 999, "the image forces it, as another does")), named[1] ?? other()])).toHaveLength(1);
});

test("a service with the number that we give another one is told", () => {
  expect(said([page(), other(as(20_001))])).toEqual(["services.other.user: 20001:20001, the number of page too"]);
});

test("root is asked about elsewhere", () => {
  expect(said([page(as(0)), other(as(0))])).toEqual([]);
});

test("a person with a container's number, or with its group's, gets another one, each of them a different one", () => {
  const problems = userProblems([page(as(1000, 1001))], host(1000, 1001));
  expect(problems).toMatchObject([
    { property: "garrison:host.operators.ops.uid", found: "1000, the number of the containers of page" },
    { property: "garrison:host.deployer.uid", found: "1001, the number of the containers of page" },
  ]);
  expect(problems.map(({ fix }) => fix)).toEqual([
    "pulumi config set --path garrison:host.operators.ops.uid 2001 --type int",
    "pulumi config set --path garrison:host.deployer.uid 2002 --type int",
  ]);
  expect(said([page(as(1000))], host(1002))).toEqual([]);
  expect(userProblems([page(as(1000))])).toEqual([]);
});

test("of our own services three share a number, and say so; a person may not have it", () => {
  const names = ["llm-guard", "wazuh-indexer", "wazuh-dashboard", "wazuh-manager"];
  const ours = names.flatMap((name) => office.services.filter((service) => service.name === name));
  expect(said(ours)).toEqual([]);
  expect(said(ours, host(1000))).toEqual([
    "garrison:host.operators.ops.uid: 1000, the number of the containers of llm-guard, wazuh-indexer, wazuh-dashboard",
  ]);
});
