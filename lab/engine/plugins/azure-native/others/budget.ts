import { isUnknown } from "@garrison/helpers/pulumi/values.ts";
import type { AzureType, Checking } from "../core/azure-type.ts";
import { at, list, number, text } from "../core/values.ts";
import { checkScope, requireScope } from "./authorization.ts";

const mostNotifications = 5;
const firstStart = "2017-06-01";

/** Microsoft.Consumption 2024-08-01, budgets.json. In the state only: the lab costs nothing. */
export const budget: AzureType = {
  token: "azure-native:consumption:Budget",
  idTemplate: "/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
  name: { pattern: /^[\w-]{1,63}$/, expected: "1 to 63 letters, digits, hyphens and underscores" },
  check: checkBudget,
  admit: requireScope,
  outputs: () => ({ currentSpend: { amount: 0, unit: "USD" } }),
};

function checkBudget(checking: Checking): void {
  const { inputs, problems } = checking;
  checkScope(checking);
  const amount = number(inputs, "amount");
  if (amount !== undefined && amount <= 0) problems.add("amount", String(amount), "more than 0");
  checkPeriod(checking);
  const notifications = Object.entries((at(inputs, "notifications") ?? {}) as Record<string, unknown>);
  if (notifications.length > mostNotifications) {
    problems.add("notifications", String(notifications.length), `at most ${String(mostNotifications)}`);
  }
  for (const [name, notification] of notifications) {
    const threshold = number(notification, "threshold");
    const property = `notifications.${name}`;
    if (threshold !== undefined && (threshold <= 0 || threshold > 1000)) {
      problems.add(`${property}.threshold`, String(threshold), "more than 0 and at most 1000 per cent");
    }
    const known = (field: string) => !isUnknown((notification as Record<string, unknown>)[field]);
    const receivers = ["contactEmails", "contactRoles", "contactGroups"];
    if (receivers.every((field) => known(field) && list(notification, field).length === 0)) {
      problems.add(`${property}.contactEmails`, "empty", "an address, or a role or group to notify");
    }
  }
}

function checkPeriod({ inputs, problems }: Checking): void {
  const start = text(inputs, "timePeriod", "startDate");
  const end = text(inputs, "timePeriod", "endDate");
  if (start !== undefined && !/^\d{4}-(0[1-9]|1[0-2])-01(T00:00:00Z)?$/.test(start)) {
    problems.add("timePeriod.startDate", JSON.stringify(start), "the first of a month: 2026-12-01T00:00:00Z");
  } else if (start !== undefined && start.slice(0, 10) < firstStart) {
    problems.add("timePeriod.startDate", start, `${firstStart} or later`);
  }
  if (end === undefined) return;
  if (!/^\d{4}-(0[1-9]|1[0-2])-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(end)) {
    problems.add("timePeriod.endDate", JSON.stringify(end), "a date: 2027-12-01T00:00:00Z");
  } else if (start !== undefined && end <= start) {
    problems.add("timePeriod.endDate", end, `a date after ${start}`);
  }
}
