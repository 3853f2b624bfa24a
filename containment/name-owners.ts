import ipaddr from "ipaddr.js";

/** Names that belong to others: whoever answers in their place gets keys, models, packages or images of the program. */
const OWNED = (
  "anthropic.com claude.ai openai.com chatgpt.com oaistatic.com mistral.ai cohere.ai cohere.com groq.com x.ai " +
  "deepseek.com together.ai together.xyz openrouter.ai perplexity.ai replicate.com huggingface.co hf.co fireworks.ai " +
  "googleapis.com google.com gstatic.com googleusercontent.com gcr.io pkg.dev google.internal goog " +
  "github.com github.io githubusercontent.com ghcr.io gitlab.com bitbucket.org codeberg.org atlassian.com " +
  "nodejs.org jsdelivr.net unpkg.com deno.land jsr.io bun.sh python.org rust-lang.org rustup.rs go.dev apache.org " +
  "docker.com docker.io quay.io redhat.com k8s.io mcr.microsoft.com kubernetes.io hashicorp.com terraform.io " +
  "debian.org ubuntu.com canonical.com alpinelinux.org archlinux.org fedoraproject.org centos.org opensuse.org " +
  "snapcraft.io flathub.org nixos.org microsoft.com microsoftonline.com windows.net azure.com azure.net azurecr.io " +
  "azurewebsites.net live.com office.com office365.com amazonaws.com amazon.com awsapps.com aws.dev cloudflare.com " +
  "cloudflareaccess.com workers.dev letsencrypt.org slack.com discord.com telegram.org whatsapp.com twilio.com " +
  "sendgrid.net stripe.com paypal.com okta.com auth0.com apple.com icloud.com pulumi.com vercel.com netlify.com " +
  "sentry.io datadoghq.com digicert.com sigstore.dev"
).split(" ");

/** Indexes of packages, by the one label that all their names have: a program installs what they say. */
const INDEXES =
  /(?:^|\.)(?:npmjs|yarnpkg|pypi|pythonhosted|anaconda|conda|rubygems|crates|golang|packagist|getcomposer|maven|gradle|nuget)\.(?:com|dev|io|org)$/;

/** Resolvers that anybody may ask and whose operators say who they are. */
const RESOLVERS = new Set(
  (
    "1.1.1.1 1.0.0.1 1.1.1.2 1.0.0.2 1.1.1.3 1.0.0.3 8.8.8.8 8.8.4.4 9.9.9.9 9.9.9.10 9.9.9.11 149.112.112.112 " +
    "149.112.112.10 149.112.112.11 208.67.222.222 208.67.220.220 208.67.222.123 208.67.220.123 94.140.14.14 " +
    "94.140.15.15 94.140.14.15 94.140.15.16 94.140.14.140 94.140.14.141 185.228.168.9 185.228.169.9 185.228.168.168 " +
    "185.228.169.168 76.76.2.0 76.76.10.0 76.76.2.1 76.76.2.2 76.76.2.3 76.76.19.19 84.200.69.80 84.200.70.40 " +
    "64.6.64.6 64.6.65.6 4.2.2.1 4.2.2.2 45.90.28.0 45.90.30.0 194.242.2.2 194.242.2.3 194.242.2.4 185.222.222.222 " +
    "45.11.45.11 193.110.81.0 185.253.5.0 213.133.98.98 213.133.99.99 213.133.100.100 185.12.64.1 185.12.64.2 " +
    "168.63.129.16 169.254.169.253 169.254.169.254 100.100.100.100 77.88.8.8 77.88.8.1 223.5.5.5 223.6.6.6 " +
    "119.29.29.29 80.80.80.80 80.80.81.81 8.26.56.26 8.20.247.20 2606:4700:4700::1111 2606:4700:4700::1001 " +
    "2001:4860:4860::8888 2001:4860:4860::8844 2620:fe::fe 2620:fe::9 2620:119:35::35 2620:119:53::53"
  ).split(" "),
);

/** Services that hand a machine's identity to whoever asks. */
const METADATA = new Set(["169.254.169.254", "168.63.129.16", "169.254.170.2", "100.100.100.200", "fd00:ec2::254"]);

/** Where packets to this address go, as far as names are concerned. */
function kindOf(address: string): "this" | "near" | "far" | "none" {
  if (!ipaddr.isValid(address)) return "none";
  const range = ipaddr.process(address).range();
  if (range === "loopback" || range === "unspecified") return "this";
  return ["private", "uniqueLocal", "linkLocal", "carrierGradeNat"].includes(range) ? "near" : "far";
}

/**
 * Says what is wrong about a container that takes a name for an address, or undefined where nothing is known to be. A name
 * that leads to the container itself is one that it is kept from.
 */
export function flawOfHost(name: string, address: string): string | undefined {
  const [host, ip] = [name.trim().toLowerCase().replace(/\.$/, ""), address.trim().replace(/^\[(.*)\]$/, "$1")];
  if (ipaddr.isValid(ip) && METADATA.has(ipaddr.process(ip).toString()))
    return "the service that gives out the machine's identity";
  if (kindOf(ip) === "this") return undefined;
  const owner = OWNED.find((domain) => host === domain || host.endsWith(`.${domain}`));
  if (INDEXES.test(host)) return "a name of a package index, led elsewhere";
  return owner === undefined ? undefined : `a name of ${owner}, led elsewhere`;
}

/** Says what is wrong about a resolver: one of the network's own and the public ones are asked by many programs. */
export function flawOfResolver(address: string, own: readonly string[] = []): string | undefined {
  const ip = address
    .trim()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/#\d+$/, "");
  if (kindOf(ip) !== "far") return undefined;
  return own.includes(ip) || RESOLVERS.has(ipaddr.parse(ip).toString()) ? undefined : "a resolver that nobody knows";
}
