import type { Rule } from "#lib/rule.ts";
import { rule as key } from "./key.ts";
import { rule as keyAge } from "./key-age.ts";
import { rule as oneWay } from "./one-way.ts";
import { rule as signed } from "./signed.ts";

/** Rules on messages from one program to another. */
export const bridgeRules: readonly Rule[] = [key, keyAge, signed, oneWay];
