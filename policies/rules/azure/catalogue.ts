import type { Rule } from "#lib/rule.ts";
import { rule as birthKey } from "./birth-key.ts";
import { rule as customData } from "./custom-data.ts";
import { rule as diskEncryption } from "./disk-encryption.ts";
import { rule as diskExport } from "./disk-export.ts";
import { rule as hostEncryption } from "./host-encryption.ts";
import { rule as identityScope } from "./identity-scope.ts";
import { rule as keyVault } from "./key-vault.ts";
import { rule as locks } from "./locks.ts";
import { rule as networkOpenings } from "./network-openings.ts";
import { rule as networkOpeningsAdvice } from "./network-openings-advice.ts";
import { rule as passwordLogin } from "./password-login.ts";
import { rule as publicIp } from "./public-ip.ts";
import { rule as routing } from "./routing.ts";
import { rule as secureBoot } from "./secure-boot.ts";
import { rule as services } from "./services.ts";
import { rule as storageAccess } from "./storage-access.ts";
import { rule as storageTransport } from "./storage-transport.ts";

/** Rules on Azure resources. */
export const azureRules: readonly Rule[] = [
  networkOpenings,
  networkOpeningsAdvice,
  publicIp,
  routing,
  passwordLogin,
  customData,
  birthKey,
  identityScope,
  hostEncryption,
  secureBoot,
  diskEncryption,
  diskExport,
  storageTransport,
  storageAccess,
  keyVault,
  services,
  locks,
];
