import type { CloudCase } from "../clouds/build.ts";
import { assignment, azure, casesOf, classic, cloudflare, guard, list, skip, SUBSCRIPTION } from "../clouds/build.ts";

const CLOSED = { publicNetworkAccess: "Disabled" };
const OFFICE = { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" };
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/** Neighbours of what the attacker made up that do no harm. */
export const harmlessClouds: readonly CloudCase[] = [
  ...casesOf(undefined, {
    "PostgreSQL in the network": azure("dbforpostgresql:Server", { network: CLOSED }),
    "MySQL in the network": azure("dbformysql:Server", { network: CLOSED }),
    "SQL Server in the network": azure("sql:Server", { ...CLOSED, minimalTlsVersion: "1.2" }),
    "event hubs in the network": azure("eventhub:Namespace", { ...CLOSED, disableLocalAuth: true }),
    "a service bus that refuses by default": azure("servicebus:NamespaceNetworkRuleSet", {
      defaultAction: "Deny",
      ipRules: [{ ipMask: "203.0.113.0/24", action: "Allow" }],
    }),
    "a search service in the network": azure("search:Service", {
      publicNetworkAccess: "disabled",
      disableLocalAuth: true,
    }),
    "settings in the network": azure("appconfiguration:ConfigurationStore", { ...CLOSED, disableLocalAuth: true }),
    "a container app over HTTPS": azure("app:ContainerApp", {
      configuration: { ingress: { external: true, targetPort: 8080, allowInsecure: false } },
    }),
    "a container app for its own network": azure("app:ContainerApp", {
      configuration: { ingress: { external: false, targetPort: 5432, transport: "tcp" } },
    }),
    "a workspace in the network": azure("machinelearningservices:Workspace", CLOSED),
    "a notebook's machine without SSH": azure("machinelearningservices:Compute", {
      properties: { computeType: "ComputeInstance", properties: { sshSettings: { sshPublicAccess: "Disabled" } } },
    }),
    "nodes without public addresses": azure("containerservice:AgentPool", { enableNodePublicIP: false }),
    "a cluster for one office": azure("containerservice:ManagedCluster", {
      disableLocalAccounts: true,
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
    }),
    "a route to the firewall": azure("network:Route", {
      addressPrefix: "0.0.0.0/0",
      nextHopType: "VirtualAppliance",
      nextHopIpAddress: "10.0.0.4",
    }),
    "the route that Azure has by itself": azure("network:Route", {
      addressPrefix: "0.0.0.0/0",
      nextHopType: "Internet",
    }),
    "a route of one service": azure("network:Route", { addressPrefix: "AzureMonitor", nextHopType: "Internet" }),
    "a bastion": azure("network:BastionHost", { enableTunneling: true, enableShareableLink: false }),
    "a reader of a subscription": assignment(READER),
    "another company's readers": azure("managedservices:RegistrationDefinition", {
      scope: SUBSCRIPTION,
      properties: { managedByTenantId: "t", authorizations: [{ principalId: "x", roleDefinitionId: READER }] },
    }),
    "one branch takes on an identity": azure("managedidentity:FederatedIdentityCredential", {
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:example/app:ref:refs/heads/main",
      audiences: ["api://AzureADTokenExchange"],
    }),
    "no FTP": azure("web:WebAppFtpAllowed", { name: "app", allow: false }),
    "a web firewall": azure("network:WebApplicationFirewallPolicy", {
      policySettings: { state: "Enabled", mode: "Prevention" },
      customRules: [
        {
          name: "block",
          priority: 1,
          ruleType: "MatchRule",
          action: "Block",
          matchConditions: [
            { matchVariables: [{ variableName: "RemoteAddr" }], operator: "GeoMatch", matchValues: ["ZZ"] },
          ],
        },
      ],
    }),
    "a gateway with its firewall on": azure("network:ApplicationGateway", {
      webApplicationFirewallConfiguration: { enabled: true, firewallMode: "Prevention" },
    }),
    "a workflow for one office": azure("logic:Workflow", {
      accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: "203.0.113.0/24" }] } },
    }),
    "a data explorer in the network": azure("kusto:Cluster", CLOSED),
    "a warehouse for one office": azure("synapse:IpFirewallRule", OFFICE),
    "a cache with TLS": azure("redisenterprise:Database", { clientProtocol: "Encrypted" }),
    "a document database for one office": azure("mongocluster:FirewallRule", { properties: OFFICE }),
    "SSH on request, from one office": azure("security:JitNetworkAccessPolicy", {
      virtualMachines: [{ id: "m", ports: [{ number: 22, allowedSourceAddressPrefix: "203.0.113.7" }] }],
    }),
    "a database with TLS": azure("dbforpostgresql:Configuration", {
      configurationName: "require_secure_transport",
      value: "on",
    }),
    "a setting of a database": azure("dbforpostgresql:Configuration", {
      configurationName: "log_lock_waits",
      value: "off",
    }),
    "PostgreSQL in the network, in classic": classic("postgresql/flexibleServer:FlexibleServer", {
      publicNetworkAccessEnabled: false,
    }),
    "HTTPS by a rule of a classic firewall": classic("network/firewallNatRuleCollection:FirewallNatRuleCollection", {
      action: "Dnat",
      priority: 100,
      rules: [{ protocols: ["TCP"], sourceAddresses: ["*"], destinationPorts: ["443"], translatedPort: "8443" }],
    }),
    "HTTPS outwards by a firewall": azure("network:AzureFirewall", {
      networkRuleCollections: [
        {
          action: { type: "Allow" },
          rules: [
            {
              protocols: ["TCP"],
              sourceAddresses: ["10.0.0.0/16"],
              destinationAddresses: ["*"],
              destinationPorts: ["443"],
            },
          ],
        },
        {
          action: { type: "Deny" },
          rules: [{ protocols: ["Any"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"] }],
        },
      ],
    }),
    "a policy of Gateway for one application": cloudflare("zeroTrustGatewayPolicy", {
      action: "allow",
      precedence: 1,
      filters: ["l4"],
      traffic: "net.dst.ip in {10.0.0.10} and net.dst.port in {443}",
      identity: 'any(identity.groups.name[*] in {"staff"})',
    }),
    "a policy of Gateway that blocks everything": cloudflare("zeroTrustGatewayPolicy", {
      action: "block",
      precedence: 100,
      filters: ["l4"],
      traffic: "net.dst.ip in {0.0.0.0/0}",
    }),
    "a proxy for one office": cloudflare("zeroTrustGatewayProxyEndpoint", { name: "p", ips: ["203.0.113.7/32"] }),
    "a check of health": cloudflare("loadBalancerMonitor", { type: "https", allowInsecure: false }),
    "origins that only Cloudflare asks": cloudflare("authenticatedOriginPullsSettings", { enabled: true }),
    "a lockdown for one office": cloudflare("zoneLockdown", {
      urls: ["a.example.com/admin/*"],
      configurations: [{ target: "ip", value: "203.0.113.7" }],
    }),
    "a list of an office that a rule lets pass": [list("203.0.113.0/24"), skip("ip.src in $office")],
    "a list of everybody that a rule blocks": [
      list("0.0.0.0/1", "128.0.0.0/1"),
      cloudflare("ruleset", {
        kind: "zone",
        phase: "http_request_firewall_custom",
        rules: [{ action: "block", expression: "not ip.src in $office" }],
      }),
    ],
    "one path": skip('http.request.uri.path wildcard "/hooks/*"'),
    "a Worker behind its own name": cloudflare("workersScriptSubdomain", { scriptName: "w", enabled: false }),
    "a printer that devices reach by themselves": cloudflare("zeroTrustSplitTunnel", {
      mode: "exclude",
      tunnels: [{ address: "192.168.1.20/32", description: "printer" }],
    }),
    "a game": cloudflare("spectrumApplication", { protocol: "tcp/25565", originDirects: ["tcp://203.0.113.5:25565"] }),
    mail: cloudflare("spectrumApplication", { protocol: "tcp/465", originDirects: ["tcp://203.0.113.5:465"] }),
    "a zone that one server copies": cloudflare("dnsZoneTransfersAcl", { name: "a", ipRange: "203.0.113.7/32" }),
    "an application behind a certificate of the house's own": guard({
      policies: [{ decision: "non_identity", includes: [{ certificate: {} }] }],
    }),
    "an application behind a certificate of one name": guard({
      policies: [{ decision: "non_identity", includes: [{ commonName: { commonName: "ada.example.com" } }] }],
    }),
  }),
];

export const harmlessCommands: readonly string[] = [
  "git clone https://git.example/a/b.git /srv/www",
  "git clone https://git.example/a/b.git && git -C b checkout 0123456789abcdef0123456789abcdef01234567 && make -C b",
  "cd /opt/app && make && make install",
  "sftp deploy@h <<< 'get backup.tar /srv/backup.tar'",
  "tar cz data | ssh h 'tar xz -C /srv'",
  "rsync -a site/ h:/srv/www/ && ssh h systemctl reload nginx",
  "echo 'LANG=C.UTF-8' >> /etc/environment",
  "echo /usr/local/lib > /etc/ld.so.conf.d/local.conf && ldconfig",
  'echo \'SUBSYSTEM=="usb", ATTR{idVendor}=="1050", MODE="0660", GROUP="plugdev"\' > /etc/udev/rules.d/70-key.rules',
  "modprobe br_netfilter",
  "grep -r pam_permit /etc/pam.d",
  "openssl passwd -6 -stdin < /run/secrets/password",
  "htpasswd -B /etc/nginx/htpasswd ada",
  "mosquitto_passwd -U /etc/mosquitto/passwd",
  "rabbitmqctl list_users",
  'psql -c "ALTER USER ada NOSUPERUSER"',
  "ssh -N -L 127.0.0.1:5432:db:5432 bastion@h",
  "nc -l -p 9000 > /srv/dump",
  "python3 -m http.server --directory /srv/www --bind 127.0.0.1 8000",
  "echo 'GatewayPorts no' >> /etc/ssh/sshd_config",
];

export const harmlessContainers: readonly (readonly string[])[] = [
  ["cloudflared", "tunnel", "run", "--token-file", "/run/secrets/token"],
  ["ssh", "-N", "-L", "5432:db:5432", "bastion@192.0.2.1"],
  ["node", "ghost.js"],
  ["socat", "TCP-LISTEN:8080,fork", "TCP:web:80"],
];
