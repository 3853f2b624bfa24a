/**
 * IPv4 blocks that no container reaches, whatever its network: what is not the public internet.
 *
 * Sources: the IANA registry of special-purpose addresses; Azure's documentation for its virtual public address. Left
 * out are the documentation blocks (TEST-NET), which are routed nowhere and which the lab's internet uses.
 */
export const CLOSED_BLOCKS: Readonly<Record<string, string>> = {
  "0.0.0.0/8": "this network",
  "10.0.0.0/8": "private",
  "100.64.0.0/10": "carrier-grade NAT, tailnets, a cloud's metadata service",
  "127.0.0.0/8": "loopback",
  "168.63.129.16/32": "Azure's platform address",
  "169.254.0.0/16": "link-local, with the metadata service of every large cloud",
  "172.16.0.0/12": "private",
  "192.0.0.0/24": "protocol assignments, with another cloud's metadata service",
  "192.88.99.0/24": "6to4 relays",
  "192.168.0.0/16": "private",
  "198.18.0.0/15": "benchmarks",
  "224.0.0.0/3": "multicast, reserved and broadcast",
};
