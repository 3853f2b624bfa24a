/** Azure's own roles that may change everything, or give themselves whatever they lack. */
const WIDE = `
8e3af657-a8ff-443c-a75c-2fe8c4bcb635 Owner
b24988ac-6180-42a0-ab88-20f7382dd24c Contributor
18d7d88d-d35e-4fb5-a5c3-7773c20a72d9 User Access Administrator
f58310d9-a9f6-439a-9e8d-f62e7b41a168 Role Based Access Control Administrator`;

/** Roles that are right on one resource, and in a whole subscription root on each machine or the reader of all data. */
const STRONG = `
9980e02c-c2be-4d73-94e8-173b1dc7cf3c Virtual Machine Contributor
1c0163c0-47e6-4577-8991-ea5c82e286e4 Virtual Machine Administrator Login
d73bb868-a0df-4d4d-bd69-98a00b01fccb Classic Virtual Machine Contributor
cd570a14-e51a-42ad-bac8-bafd67325302 Azure Connected Machine Resource Administrator
00482a5a-887f-4fb3-b363-3b7fe8e74483 Key Vault Administrator
8b54135c-b56d-4d72-a534-26097cfdc8d8 Key Vault Data Access Administrator
b86a8fe4-44ce-4948-aee5-eccb2c155cd7 Key Vault Secrets Officer
4633458b-17de-408a-b874-0445c86b69e6 Key Vault Secrets User
14b46e9e-c2b7-41b4-b07b-48a6ebf60603 Key Vault Crypto Officer
a4417e6f-fecd-4de8-b567-7b0420556985 Key Vault Certificates Officer
f25e0fa2-a7c8-4377-a976-54943a77a395 Key Vault Contributor
17d1049b-9a84-46fb-8f53-869881c3d3ab Storage Account Contributor
81a9662b-bebf-436f-a333-f67b29880f12 Storage Account Key Operator Service Role
b7e6dc6d-f1e8-4753-8033-0f276bb0955b Storage Blob Data Owner
ba92f5b4-2d11-453d-a403-e96b0029c9fe Storage Blob Data Contributor
2a2b9908-6ea1-4ae2-8e65-a410df84e7d1 Storage Blob Data Reader
4d97b98b-1d4f-4787-a291-c67834d212e7 Network Contributor
f1a07417-d97a-45cb-824c-7a7467783830 Managed Identity Operator
e40ec5ca-96e0-45a2-b4ff-59039f2c2b59 Managed Identity Contributor
0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8 Azure Kubernetes Service Cluster Admin Role
b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b Azure Kubernetes Service RBAC Cluster Admin
ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8 Azure Kubernetes Service Contributor Role
f353d9bd-d4a6-484e-a77a-8050b599b867 Automation Contributor
87a39d53-fc1b-424a-814c-f7e04687dc9e Logic App Contributor
de139f84-1756-47ae-9be6-808fbbe84772 Website Contributor
9b7fa17d-e63e-47b0-bb0a-15c516ac86ec SQL DB Contributor
6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437 SQL Server Contributor
7efff54f-a5b4-42b5-a1c5-5411624893ce Disk Snapshot Contributor
92aaf0da-9dab-42b6-94a3-d43ce8d16293 Log Analytics Contributor
673868aa-7521-48a0-acc6-0f60742d39f5 Data Factory Contributor
36243c78-bf99-498c-9df9-86d9f8d28608 Resource Policy Contributor
fb1c8493-542b-48eb-b624-b4c8fea62acd Security Admin
5bd9cd88-fe45-4216-938b-f97437e15450 DocumentDB Account Contributor`;

/** What a role of one's own must not hold, in lower case, with what comes of it. */
const POWERS: readonly (readonly [action: string, power: string])[] = [
  ["microsoft.authorization/roleassignments/write", "hands out roles"],
  ["microsoft.authorization/roledefinitions/write", "changes roles"],
  ["microsoft.authorization/elevateaccess/action", "raises itself to everything"],
  ["microsoft.compute/virtualmachines/runcommand/action", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachines/runcommands/write", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachines/extensions/write", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachinescalesets/virtualmachines/runcommand/action", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachinescalesets/extensions/write", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachinescalesets/virtualmachines/runcommands/write", "runs commands on machines as root"],
  ["microsoft.compute/virtualmachinescalesets/virtualmachines/extensions/write", "runs commands on machines as root"],
  ["microsoft.serialconsole/serialports/connect/action", "has the console of machines"],
  ["microsoft.containerservice/managedclusters/runcommand/action", "becomes a cluster's administrator"],
  ["microsoft.containerinstance/containergroups/containers/exec/action", "runs commands in containers"],
  ["microsoft.hybridcompute/machines/extensions/write", "runs commands on machines as root"],
  ["microsoft.hybridcompute/machines/runcommands/write", "runs commands on machines as root"],
  ["microsoft.automation/automationaccounts/jobs/write", "runs commands as the account"],
  ["microsoft.storage/storageaccounts/listkeys/action", "reads the keys of storage"],
  ["microsoft.storage/storageaccounts/listaccountsas/action", "signs access to storage"],
  ["microsoft.storage/storageaccounts/regeneratekey/action", "makes keys of storage"],
  ["microsoft.documentdb/databaseaccounts/listkeys/action", "reads the keys of databases"],
  ["microsoft.cache/redis/listkeys/action", "reads the keys of caches"],
  ["microsoft.servicebus/namespaces/authorizationrules/listkeys/action", "reads the keys of queues"],
  ["microsoft.eventhub/namespaces/authorizationrules/listkeys/action", "reads the keys of event hubs"],
  ["microsoft.cognitiveservices/accounts/listkeys/action", "reads the keys of models"],
  ["microsoft.search/searchservices/listadminkeys/action", "reads the keys of a search service"],
  ["microsoft.containerregistry/registries/listcredentials/action", "reads the password of a registry"],
  ["microsoft.containerservice/managedclusters/listclusteradmincredential/action", "becomes a cluster's administrator"],
  ["microsoft.operationalinsights/workspaces/sharedkeys/action", "reads the keys of a workspace"],
  ["microsoft.web/sites/publishxml/action", "reads what deploys an app"],
  ["microsoft.web/sites/config/list/action", "reads an app's secrets"],
  ["microsoft.web/sites/host/listkeys/action", "reads the keys of functions"],
  ["microsoft.keyvault/vaults/accesspolicies/write", "gives itself the secrets of a vault"],
  ["microsoft.managedidentity/userassignedidentities/assign/action", "takes on other identities"],
  ["microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/write", "takes on other identities"],
  ["microsoft.compute/disks/begingetaccess/action", "downloads disks"],
  ["microsoft.compute/snapshots/begingetaccess/action", "downloads disks"],
  ["microsoft.compute/virtualmachines/loginasadmin/action", "logs in to machines as root"],
];

/** Everything that can be read with a role whose data actions are these. */
const DATA_POWERS: readonly (readonly [action: string, power: string])[] = [
  ["microsoft.keyvault/vaults/secrets/delete", "reads and deletes the secrets of vaults"],
  ["microsoft.keyvault/vaults/secrets/getsecret/action", "reads the secrets of vaults"],
  ["microsoft.storage/storageaccounts/blobservices/containers/blobs/manageownership/action", "owns all blobs"],
  ["microsoft.compute/virtualmachines/loginasadmin/action", "logs in to machines as root"],
];

/** A role of Azure's own that reaches far. */
export interface FarRole {
  readonly name: string;
  readonly kind: "wide" | "strong";
}

const roles: ReadonlyMap<string, FarRole> = new Map(
  (["wide", "strong"] as const).flatMap((kind) =>
    (kind === "wide" ? WIDE : STRONG)
      .trim()
      .split("\n")
      .flatMap((line): [string, FarRole][] => {
        const name = line.slice(37);
        return [
          [line.slice(0, 36), { name, kind }],
          [name.toLowerCase(), { name, kind }],
        ];
      }),
  ),
);

/** The role behind an id, a path that ends in one, or a name. */
export function farRole(idOrName: string): FarRole | undefined {
  const text = idOrName.trim().toLowerCase().replace(/\/+$/, "");
  return roles.get(text.split("/").at(-1) ?? "") ?? roles.get(text);
}

/** What an action of a role lets its holder do that nobody should, once the exceptions are taken away. */
export function powerOf(action: string, exceptions: readonly string[], data: boolean): string | undefined {
  if (action.trim() === "*" && exceptions.length === 0) return data ? "reads and writes all data" : "does everything";
  const [granted, excepted] = [matcher(action), exceptions.map(matcher)];
  const all = data ? DATA_POWERS : POWERS;
  return all.find(([one]) => granted.test(one) && !excepted.some((other) => other.test(one)))?.[1];
}

/** A star stands for anything, slashes too. */
function matcher(action: string): RegExp {
  const parts = action.trim().toLowerCase().slice(0, 300).split(/\*+/);
  return new RegExp(`^${parts.map((part) => part.replace(/[^\w/]/g, "\\$&")).join(".*")}$`);
}
