/** Whether a host's name or address means the machine itself, over which nobody else's packets go. */
export function isLoopbackName(name: string): boolean {
  const host = name
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  return /^(localhost|.+\.localhost|localhost\.localdomain|ip6-localhost|127(\.\d{1,3}){1,3}|::1|0:0:0:0:0:0:0:1|0\.0\.0\.0|::)$/.test(
    host,
  );
}
