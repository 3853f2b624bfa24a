/** Where the egress proxy listens. Each client meets it on a network of its own, under this one name. */
export const EGRESS_PROXY = "http://egress-proxy:3128";

/**
 * Environment of a program whose way out is the proxy. HTTPS alone: the proxy tunnels nothing else, and what a program
 * asks its neighbours for over HTTP must not go there.
 */
export const throughEgressProxy = { HTTPS_PROXY: EGRESS_PROXY } as const;
