import type { Rule } from "#lib/rule.ts";
import { rule as inCommand } from "./in-command.ts";
import { rule as inEnvironment } from "./in-environment.ts";
import { rule as plainProperty } from "./plain-property.ts";
import { rule as rotationOverdue } from "./rotation-overdue.ts";
import { rule as weakPassword } from "./weak-password.ts";

/** Rules on secrets and where they must not be. */
export const secretRules: readonly Rule[] = [plainProperty, inEnvironment, inCommand, weakPassword, rotationOverdue];
