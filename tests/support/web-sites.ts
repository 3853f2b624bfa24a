const domains = {
  govgpt: "govgpt.example",
  edugpt: "edugpt.example",
  civiqs: "chat.civiqs.example",
  login: "auth.civiqs.example",
  n8n: "n8n.civiqs.example",
  flowise: "flowise.civiqs.example",
  siem: "siem.civiqs.example",
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((site) => [`site${String(site)}`, `site${String(site)}.example`])),
};

/** What the web machine needs to be told of its sites outside of a lab. */
export const webSites = Object.fromEntries(
  Object.entries(domains).map(([name, domain]) => [
    name,
    { domain, certificate: `/etc/ssl/${domain}.pem`, certificateKey: `/etc/ssl/${domain}.key` },
  ]),
);

/** The same as Pulumi hands it to a program. */
export const webSitesGiven: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(webSites).map(([name, value]) => [`garrison:${name}`, JSON.stringify(value)]),
);
