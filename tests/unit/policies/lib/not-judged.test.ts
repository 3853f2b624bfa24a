import type { StackValidationArgs } from "@pulumi/policy";
import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { notJudgedPolicy } from "#policies/lib/not-judged.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { packOf } from "#policies/lib/to-policy.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { asGiven } from "../support.ts";

function said(resources: readonly ExampleResource[]): string[] {
  const lines: string[] = [];
  const validate = notJudgedPolicy(packOf(rules)).validateStack as (args: StackValidationArgs, report: unknown) => void;
  validate({ resources: asGiven(resources) } as unknown as StackValidationArgs, (line: string) => lines.push(line));
  return lines;
}

const ofTypes = (types: readonly string[]) =>
  types.map((type, index) => ({ type, name: `r${String(index)}`, properties: {} }));

test("one line for the whole stack names each type in scope that no rule knows", () => {
  const unknown = [
    "azure-native:quantum:Workspace",
    "azure:maps/account:Account",
    "cloudflare:index/stream:Stream",
    "docker-build:index:Bake",
    "docker:index/checkpoint:Checkpoint",
  ];
  expect(said(ofTypes([...unknown, ...unknown]))).toEqual([
    `Not judged, because no rule knows these types: ${unknown.join(", ")}.`,
  ]);
});

test("a version of the API makes no other type", () => {
  const versions = ["azure-native:quantum/v20231113preview:Workspace", "azure-native:quantum:Workspace"];
  expect(said(ofTypes(versions))).toEqual([expect.stringMatching(/: azure-native:quantum:Workspace\.$/)]);
});

test.each([
  ["what rules judge", ["azure-native:network/v20240101:NetworkSecurityGroup", "cloudflare:index/record:Record"]],
  ["what rules over the stack look at", ["azure-native:network:Subnet", "azure-native:network:PublicIPAddress"]],
  ["what opens nothing by itself", ["azure-native:resources:ResourceGroup", "azure:core/resourceGroup:ResourceGroup"]],
  [
    "what Docker is given",
    ["docker:index/secret:Secret", "docker:index/serviceConfig:ServiceConfig", "docker-build:index:Image"],
  ],
  ["other providers", ["aws:s3/bucket:Bucket", "random:index/randomPassword:RandomPassword", "pulumi:pulumi:Stack"]],
])("says nothing of %s", (_, types) => {
  expect(said([...ofTypes(types), container({})])).toEqual([]);
});

test("many types are one line that ends", () => {
  const many = Array.from({ length: 40 }, (_, index) => `azure-native:module${String(index)}:Thing`);
  expect(said(ofTypes(many))).toEqual([expect.stringMatching(/ and 32 more\.$/)]);
});
