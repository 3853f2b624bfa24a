// The ids and names of both lists are those of Microsoft's page "Azure built-in roles" (MicrosoftDocs/azure-docs,
// articles/role-based-access-control/built-in-roles.md, of 2026-04-09), against which each was compared.

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
5bd9cd88-fe45-4216-938b-f97437e15450 DocumentDB Account Contributor
959f8984-c045-4866-89c7-12bf9737be2e Data Operator for Managed Disks
66f75aeb-eabe-4b70-9f1e-c350c4c9ad04 Virtual Machine Data Access Administrator (preview)
a6333a3e-0164-44c3-b281-7a577aff287f Windows Admin Center Administrator Login
b748a06d-6150-4f8a-aaa9-ce3940cd96cb Azure Arc VMware VM Contributor
a959dbd1-f747-45e3-8ba6-dd80f235f97c Desktop Virtualization Virtual Machine Contributor
48b40c6e-82e0-4eb3-90d5-19e40f49b624 Hybrid Server Resource Administrator
cd08ab90-6b14-449c-ad9a-8f8e549482c6 Scheduled Patching Contributor
c12c1c16-33a1-487b-954d-41c89c60f349 Reader and Data Access
92b92042-07d9-4307-87f7-36a593fc5850 Azure File Sync Administrator
69566ab7-960f-475b-8e7c-b3118f30c6bd Storage File Data Privileged Contributor
b8eda974-7b85-4f76-af95-65846b26df6d Storage File Data Privileged Reader
bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b Storage File Data SMB Admin
86e8f5dc-a6e9-4c67-9d15-de283e8eac25 Classic Storage Account Contributor
985d6b00-f706-48f5-a6fe-d0ca12fb668d Classic Storage Account Key Operator Service Role
80dcbedb-47ef-405d-95bd-188a1b4ac406 Elastic SAN Owner
db79e9a7-68ee-4b58-9aeb-b90e7c24fcba Key Vault Certificate User
18500a29-7fe2-46b2-a342-b16a415e101d Managed HSM contributor
28bf596f-4eb7-45ce-b5bc-6cf482fec137 Locks Contributor
3498e952-d568-435e-9b2c-8d77e338d7f7 Azure Kubernetes Service RBAC Admin
a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb Azure Kubernetes Service RBAC Writer
8393591c-06b9-48a2-a542-1bd6b377f6a2 Azure Arc Kubernetes Cluster Admin
dffb1e0c-446f-4dde-a09f-99eb5cc68b96 Azure Arc Kubernetes Admin
b29efa5f-7782-4dc3-9537-4d5bc70a5e9f Azure Kubernetes Service Arc Cluster Admin Role
85cb6faf-e071-4c9b-8136-154b5a04f717 Kubernetes Extension Contributor
5d977122-f97e-4b4d-a52f-6b43003ddb4d Azure Container Instances Contributor Role
358470bc-b998-42bd-ab17-a7e34c199c0f Container Apps Contributor
f3bd1b5c-91fa-40e7-afe7-0c11d331232c Container Apps Operator
fb382eab-e894-4461-af04-94435c366c3f Container Registry Tasks Contributor
3bc748fc-213d-45c1-8d91-9da5725539b9 Container Registry Contributor and Data Access Configuration Administrator
69b07be0-09bf-439a-b9a6-e73de851bd59 Container Registry Configuration Reader and Data Access Configuration Reader
e0f68234-74aa-48ed-b826-c38b57376e17 Redis Cache Contributor
4939a1f6-9ae0-4e48-a1e0-f2cbe897382d SQL Managed Instance Contributor
056cd41c-7e88-42e1-933e-88ba6a50c9c3 SQL Security Manager
25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68 Cognitive Services Contributor
a97b65f3-24c7-4388-baec-2e87135dc908 Cognitive Services User
7ca78c08-252a-4471-8644-bb5ff32d4ba0 Search Service Contributor
5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b App Configuration Data Owner
ad710c24-b039-4e85-a019-deb4a06e8570 Logic Apps Standard Contributor (Preview)
4fe576fe-1146-4730-92eb-48519fa6bf9f Automation Job Operator
437d2ced-4a38-4302-8479-ed2bcb43d090 Blueprint Operator
641177b8-a67a-45b9-a033-47bc880bb21e Managed Application Contributor Role
6670b86e-a3f7-4917-ac9b-5d6ab1be4567 Site Recovery Contributor
29fe4964-1e60-436b-bd3a-77fd4c178b3c Azure Batch Account Contributor
6aaa78f1-f7de-44ca-8722-c64a23943cae Azure Batch Data Contributor
b6efc156-f0da-4e90-a50a-8c000140b017 Service Fabric Cluster Contributor
e79298df-d852-4c6d-84f9-5d13249d1e55 SRE Agent Administrator
bda0d508-adf1-4af0-9c28-88919fc3ae06 Azure Stack HCI Administrator`;

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
interface FarRole {
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
