import type { Rule } from "#lib/rule.ts";
import { rule as docker } from "./docker.ts";
import { rule as downloads } from "./downloads.ts";
import { rule as hostKey } from "./host-key.ts";
import { rule as incus } from "./incus.ts";
import { rule as passwords } from "./passwords.ts";
import { rule as protection } from "./protection.ts";
import { rule as root } from "./root.ts";
import { rule as unseen } from "./unseen.ts";

/** Rules on commands that run on a host. */
export const commandRules: readonly Rule[] = [docker, unseen, incus, hostKey, passwords, downloads, root, protection];
