/** What the web machine needs to be told of its sites outside of a lab. */
export const webSites = {
  govgpt: { domain: "govgpt.example" },
  edugpt: { domain: "edugpt.example" },
  civiqs: { domain: "chat.civiqs.example" },
  login: { domain: "auth.civiqs.example" },
  n8n: { domain: "n8n.civiqs.example" },
  flowise: { domain: "flowise.civiqs.example" },
  siem: { domain: "siem.civiqs.example" },
} as const;

/** The same as Pulumi hands it to a program. */
export const webSitesGiven: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(webSites).map(([name, value]) => [`garrison:${name}`, JSON.stringify(value)]),
);
