import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { lastPart, parentOf, sameId } from "../core/ids.ts";
import { judgeName, networkName } from "../core/names.ts";
import { ArmError } from "../core/problems.ts";
import { list, text } from "../core/values.ts";
import { judgeBeside, judgeRule, judgeTogether, ruleRefusals, sameOrder } from "./rule-checks.ts";
import { rulesOf } from "./views.ts";

const groupTemplate =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}";
const ruleToken = "azure-native:network:SecurityRule";

/** Microsoft.Network 2024-05-01, networkSecurityGroup.json. */
export const networkSecurityGroup: AzureType = {
  token: "azure-native:network:NetworkSecurityGroup",
  idTemplate: groupTemplate,
  name: networkName(80),
  takes: ["location", "securityRules", "tags"],
  refuses: {
    ...Object.fromEntries(Object.entries(ruleRefusals).map(([name, reason]) => [`securityRules.${name}`, reason])),
    "securityRules.etag": "it is an answer of Azure",
    "securityRules.provisioningState": "it is an answer of Azure",
  },
  fixed: { location: "InvalidResourceLocation" },
  completes: ["securityRules"],
  regional: true,
  effect: "network",
  inUseCode: "InUseNetworkSecurityGroupCannotBeDeleted",
  check: ({ inputs, problems }) => {
    const rules = list(inputs, "securityRules").map((rule, index) => ({
      name: text(rule, "name") ?? `securityRules[${String(index)}]`,
      rule,
      property: `securityRules[${String(index)}].`,
    }));
    for (const { rule, property } of rules) {
      judgeName(rule, property, problems);
      judgeRule(rule, property, problems);
    }
    judgeTogether(rules, problems);
  },
  outputs: ({ id, inputs }, state) => ({
    securityRules: rulesOf({ id, inputs }, state).map((rule) => ({
      ...rule,
      id: `${id}/securityRules/${text(rule, "name") ?? ""}`,
      provisioningState: "Succeeded",
    })),
  }),
};

/** Microsoft.Network 2024-05-01, networkSecurityGroup.json. */
export const securityRule: AzureType = {
  token: ruleToken,
  idTemplate: `${groupTemplate}/securityRules/{securityRuleName}`,
  name: networkName(80),
  takes: [
    "access",
    "description",
    "destinationAddressPrefix",
    "destinationAddressPrefixes",
    "destinationPortRange",
    "destinationPortRanges",
    "direction",
    "name",
    "priority",
    "protocol",
    "sourceAddressPrefix",
    "sourceAddressPrefixes",
    "sourcePortRange",
    "sourcePortRanges",
  ],
  refuses: ruleRefusals,
  effect: "network",
  check: checkRule,
  admit: admitRule,
};

function checkRule({ inputs, id, problems, plan }: Checking): void {
  judgeRule(inputs, "", problems);
  const parent = id === undefined ? undefined : parentOf(id);
  if (id === undefined || parent === undefined) return;
  const group = plan.find(parent);
  if (list(group?.inputs, "securityRules").length > 0) {
    const expected = "a group that lists no rules itself: with its next change it would remove this one";
    problems.add("networkSecurityGroupName", JSON.stringify(text(inputs, "networkSecurityGroupName")), expected);
  }
  const others = plan.parts(parent, ruleToken, id).map((other) => placed(other.id, other.inputs));
  judgeBeside(placed(id, inputs), others, problems);
}

function placed(id: string, rule: unknown) {
  return { name: lastPart(id), rule, property: "" };
}

function admitRule({ id, inputs }: Wanted, state: State): void {
  const parent = parentOf(id);
  const group = parent === undefined ? undefined : state.find(parent);
  if (group === undefined) return;
  if (list(group.inputs, "securityRules").length > 0) {
    throw new ArmError(undefined, `${group.id} lists its rules itself, and would remove ${id} with its next change`);
  }
  const clash = rulesOf(group, state).find(
    (other) => !sameId(text(other, "name") ?? "", lastPart(id)) && sameOrder(other, inputs),
  );
  if (clash === undefined) return;
  throw new ArmError(
    "SecurityRuleConflict",
    `Security rule ${lastPart(id)} conflicts with rule ${text(clash, "name") ?? ""}. Rules cannot have the same Priority and Direction.`,
  );
}
