import type { CloudCase } from "./build.ts";
import { casesOf, cloudflare, guard, policy, tunnel } from "./build.ts";

const route = (service: string, more: object = {}) => [
  tunnel([{ hostname: "a.example.com", service, ...more }]),
  guard(),
];
const before = (config: object) => cloudflare("tunnelConfig", { tunnelId: "t", config });
const ruleset = (rule: object, phase = "http_request_firewall_custom") =>
  cloudflare("ruleset", { kind: "zone", name: "r", phase, rules: [rule] });
const skip = (expression: string) => ruleset({ action: "skip", expression });
const token = (resources: unknown, more: object = {}) =>
  cloudflare("apiToken", {
    name: "t",
    policies: [{ effect: "allow", permissionGroups: [{ id: "x" }], resources }],
    ...more,
  });
const setting = (settingId: string, value: string) => cloudflare("zoneSetting", { settingId, value });
const everyone = [{ everyone: {} }];

export const dangerousCloudflare: readonly CloudCase[] = [
  ...casesOf("cloudflare.tunnel-services", {
    "the Docker socket": route("unix:/var/run/docker.sock"),
    "the containerd socket": route("unix:/run/containerd/containerd.sock"),
    "the Podman socket": route("unix:/run/user/1000/podman/podman.sock"),
    "the Incus socket": route("unix:/var/lib/incus/unix.socket"),
    "the Docker API": route("http://127.0.0.1:2375"),
    "the Docker API with TLS": route("https://localhost:2376/"),
    etcd: route("tcp://10.0.0.5:2379"),
    kubelet: route("https://127.0.0.1:10250"),
    "a SOCKS proxy": route("socks-proxy"),
    "a bastion": route("bastion"),
    "a SOCKS proxy by an option": route("tcp://127.0.0.1:1", { originRequest: { proxyType: "socks" } }),
    "a bastion by an option": route("tcp://127.0.0.1:1", { originRequest: { bastionMode: true } }),
    "a bastion for all routes": [tunnel([], { originRequest: { bastionMode: true } })],
    "a machine's metadata": route("http://169.254.169.254"),
    "the same as one number": route("http://2852039166/latest"),
    "the same in IPv6": route("http://[::ffff:169.254.169.254]"),
    "in the words of before": before({ ingressRules: [{ service: "unix:/var/run/docker.sock" }] }),
  }),
  ...casesOf("cloudflare.access", {
    "a bookmark": [tunnel([{ hostname: "a.example.com", service: "http://web:1" }]), guard({ type: "bookmark" })],
    "a program's own login": [
      tunnel([{ hostname: "a.example.com", service: "http://web:1" }]),
      guard({ type: "saas" }),
    ],
    "in the words of before": before({ ingressRules: [{ hostname: "a.example.com", service: "http://web:1" }] }),
    "an application of before that lets everybody pass": [
      before({ ingressRules: [{ hostname: "a.example.com", service: "http://web:1" }] }),
      cloudflare("accessApplication", { id: "app", domain: "a.example.com", type: "self_hosted" }, "app"),
      cloudflare("accessPolicy", { applicationId: "app", decision: "bypass", includes: [{ everyone: true }] }, "open"),
    ],
  }),
  ...casesOf("cloudflare.catch-all", {
    "in the words of before": before({
      ingressRules: [{ hostname: "a.example.com", service: "http://web:1" }, { service: "http://web:2" }],
    }),
  }),
  ...casesOf("cloudflare.tls-verify", {
    "in the words of before": before({
      ingressRules: [{ hostname: "a.example.com", service: "https://web:1" }],
      originRequest: { noTlsVerify: true },
    }),
  }),
  ...casesOf("cloudflare.tunnel-secret", {
    "in the words of before": cloudflare("tunnel", { name: "t", secret: "c2hvcnQ=" }),
    "in the words of long before": cloudflare("argoTunnel", { name: "t", secret: "c2hvcnQ=" }),
  }),
  ...casesOf("cloudflare.everyone", {
    "a country": policy({ includes: [{ geo: { countryCode: "DE" } }] }),
    "everyone in a country": policy({ includes: everyone, requires: [{ geo: { countryCode: "DE" } }] }),
    "everyone with a second factor": policy({ includes: everyone, requires: [{ authMethod: { authMethod: "mfa" } }] }),
    "everyone with a program's token": policy({ includes: everyone, requires: [{ anyValidServiceToken: {} }] }),
    "everyone but a country": policy({ includes: everyone, excludes: [{ geo: { countryCode: "US" } }] }),
    "bypass for a country": policy({ decision: "bypass", includes: [{ geo: { countryCode: "US" } }] }),
    "the internet in /9s": policy({
      includes: Array.from({ length: 40 }, (_, index) => ({ ip: { ip: `${String(index + 11)}.0.0.0/9` } })),
    }),
    "the internet in halves": policy({ includes: ["0.0.0.0/1", "128.0.0.0/1"].map((ip) => ({ ip: { ip } })) }),
    "a public provider of mail": policy({ includes: [{ emailDomain: { domain: "yahoo.com" } }] }),
    "mail of a whole ending": policy({ includes: [{ emailDomain: { domain: "edu" } }] }),
    "a certificate of any name": policy({ decision: "non_identity", includes: [{ commonName: { commonName: "*" } }] }),
    "a star before a domain": policy({ includes: [{ email: { email: "*@example.com" } }] }),
    "a policy of before": cloudflare("accessPolicy", { decision: "allow", includes: [{ everyone: true }] }),
    "mail of before": cloudflare("accessPolicy", {
      decision: "allow",
      includes: [{ emailDomains: ["example.com", "gmail.com"] }],
    }),
    "addresses of before": cloudflare("accessPolicy", {
      decision: "bypass",
      includes: [{ ips: ["8.0.0.0/9", "8.128.0.0/9"] }],
    }),
    "countries of before": cloudflare("accessGroup", { includes: [{ geos: ["DE"] }] }),
    "a group of everybody in a country": cloudflare("zeroTrustAccessGroup", {
      includes: [{ geo: { countryCode: "DE" } }],
    }),
    "within an application": guard({ policies: [{ decision: "allow", includes: [{ anyValidServiceToken: {} }] }] }),
  }),
  ...casesOf("cloudflare.cors", {
    "every page": guard({ corsHeaders: { allowAllOrigins: true, allowCredentials: true } }),
    "a star among the pages": guard({ corsHeaders: { allowedOrigins: ["*"], allowCredentials: true } }),
    "in the words of before": cloudflare("accessApplication", {
      corsHeaders: [{ allowAllOrigins: true, allowCredentials: true }],
    }),
    "a bucket that every page writes": cloudflare("r2BucketCors", {
      rules: [{ allowed: { origins: ["*"], methods: ["PUT"] } }],
    }),
  }),
  ...casesOf("cloudflare.access-advice", {
    "a session of a month": guard({ sessionDuration: "730h" }),
    "a policy's session of a month": policy({
      includes: [{ email: { email: "a@example.com" } }],
      sessionDuration: "720h0m",
    }),
    "a token for ever": cloudflare("zeroTrustAccessServiceToken", { name: "t", duration: "forever" }),
    "a token for ten years, of before": cloudflare("accessServiceToken", { name: "t", duration: "87600h" }),
    "preflight requests pass": guard({ optionsPreflightBypass: true }),
    "a cookie for scripts": guard({ httpOnlyCookieAttribute: false }),
  }),
  ...casesOf("cloudflare.private-routes", {
    "10.0.0.0/8": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "10.0.0.0/8", tunnelId: "t" }),
    "192.168.0.0/16": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "192.168.0.0/16", tunnelId: "t" }),
    "the internet": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "0.0.0.0/0", tunnelId: "t" }),
    "the metadata": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "169.254.169.254/32", tunnelId: "t" }),
    "of before": cloudflare("tunnelRoute", { network: "172.16.0.0/12", tunnelId: "t" }),
    "of between": cloudflare("zeroTrustTunnelRoute", { network: "10.0.0.0/7", tunnelId: "t" }),
    "in halves": [
      cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "10.0.0.0/9", tunnelId: "t" }, "low"),
      cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "10.128.0.0/9", tunnelId: "t" }, "high"),
    ],
  }),
  ...casesOf("cloudflare.unproxied-origin", {
    "an origin": cloudflare("dnsRecord", { name: "origin", type: "A", content: "203.0.113.5", proxied: false }),
    IPv6: cloudflare("dnsRecord", { name: "www", type: "AAAA", content: "2001:db8::1", proxied: false }),
    "nothing said": cloudflare("dnsRecord", { name: "@", type: "A", content: "203.0.113.5" }),
    "of before": cloudflare("record", { name: "www", type: "A", value: "203.0.113.5", proxied: false }),
  }),
  ...casesOf("cloudflare.wildcard-dns", {
    "of before": cloudflare("record", { name: "*", type: "A", value: "203.0.113.5", proxied: true }),
  }),
  ...casesOf("cloudflare.zone-tls", {
    "flexible, among settings": cloudflare("zoneSettingsOverride", { settings: { ssl: "flexible" } }),
    "an old TLS, among settings": cloudflare("zoneSettingsOverride", { settings: { minTlsVersion: "1.0" } }),
    "no firewall, among settings": cloudflare("zoneSettingsOverride", { settings: { waf: "off" } }),
    "plain HTTP": setting("always_use_https", "off"),
    "no protection": setting("security_level", "essentially_off"),
    "no firewall": setting("waf", "off"),
    "an old TLS": setting("min_tls_version", "1.1"),
    "an old TLS of one name": cloudflare("hostnameTlsSetting", {
      settingId: "min_tls_version",
      value: "1.0",
      hostname: "a",
    }),
    "an old TLS of a customer's name": cloudflare("customHostname", { ssl: { settings: { minTlsVersion: "1.0" } } }),
    "an old TLS of a bucket": cloudflare("r2CustomDomain", { domain: "a.example.com", enabled: true, minTls: "1.0" }),
    "security off for pages": cloudflare("pageRule", { target: "x/*", actions: { disableSecurity: true } }),
    "flexible for pages": cloudflare("pageRule", { target: "x/*", actions: { ssl: "flexible" } }),
    "off by a configuration rule": ruleset(
      { action: "set_config", expression: "true", actionParameters: { ssl: "off" } },
      "http_config_settings",
    ),
  }),
  ...casesOf("cloudflare.firewall-skips", {
    "for all": skip("true"),
    "for all, in brackets": skip("((true))"),
    "for a country": skip('(ip.geoip.country eq "DE")'),
    "for countries": skip('ip.src.country in {"DE" "AT"}'),
    "for a browser's name": skip('http.user_agent contains "Mozilla"'),
    "for a header": skip('any(http.request.headers["x-secret"][*] eq "1") or true'),
    "for all paths": skip('starts_with(http.request.uri.path, "/")'),
    "for a method": skip('http.request.method in {"GET" "POST"}'),
    "for all addresses": skip("ip.src in {0.0.0.0/0 ::/0}"),
    "for halves": skip("ip.src in {0.0.0.0/1 128.0.0.0/1}"),
    "for one address or a country": skip('(ip.src eq 203.0.113.7) or (ip.geoip.country eq "US")'),
    "for a country and a method": skip('ip.geoip.country eq "US" and http.request.method eq "GET"'),
    "the managed rules off": ruleset(
      { action: "execute", expression: "true", actionParameters: { id: "x", overrides: { enabled: false } } },
      "http_request_firewall_managed",
    ),
    "a country let in": cloudflare("accessRule", {
      mode: "whitelist",
      configuration: { target: "country", value: "DE" },
    }),
    "half of the internet let in": cloudflare("accessRule", {
      mode: "whitelist",
      configuration: { target: "ip_range", value: "0.0.0.0/1" },
    }),
  }),
  ...casesOf("cloudflare.public-bucket", {
    "a public bucket": cloudflare("r2ManagedDomain", { bucketName: "b", enabled: true }),
  }),
  ...casesOf("cloudflare.api-token", {
    "every account": token('{"com.cloudflare.api.account.*":"*"}'),
    "every account, as a map": token({ "com.cloudflare.api.account.*": "*" }),
    "every user": token('{"com.cloudflare.api.user.*":"*"}'),
    "every zone": token('{"com.cloudflare.api.account.zone.*":"*"}'),
    "from anywhere": token('{"com.cloudflare.api.account.zone.x":"*"}', {
      condition: { requestIp: { ins: ["0.0.0.0/1", "128.0.0.0/1"] } },
    }),
    "an account's token": cloudflare("accountToken", {
      policies: [{ effect: "allow", permissionGroups: [], resources: '{"com.cloudflare.api.account.*":"*"}' }],
    }),
  }),
];
