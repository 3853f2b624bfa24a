import { GVISOR_RELEASE } from "#components/container/gvisor.ts";
import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";

/** Whose key the package source is signed with: The gVisor Authors. */
export const GVISOR_FINGERPRINT = "6F1DF85E3A71C24918E727D56FC6D554E32BD943";

const HOST = "storage.googleapis.com";

/** From google/gvisor, website/archive.key; a test works its fingerprint out. */
export const GVISOR_KEY = `
-----BEGIN PGP PUBLIC KEY BLOCK-----

mQINBF0meAYBEACcBYPOSBiKtid+qTQlbgKGPxUYt0cNZiQqWXylhYUT4PuNlNx5
s+sBLFvNTpdTrXMmZ8NkekyjD1HardWvebvJT4u+Ho/9jUr4rP71cNwNtocz/w8G
DsUXSLgH8SDkq6xw0L+5eGc78BBg9cOeBeFBm3UPgxTBXS9Zevoi2w1lzSxkXvjx
cGzltzMZfPXERljgLzp9AAfhg/2ouqVQm37fY+P/NDzFMJ1XHPIIp9KJl/prBVud
jJJteFZ5sgL6MwjBQq2kw+q2Jb8Zfjl0BeXDgGMN5M5lGhX2wTfiMbfo7KWyzRnB
RpSP3BxlLqYeQUuLG5Yx8z3oA3uBkuKaFOKvXtiScxmGM/+Ri2YM3m66imwDhtmP
AKwTPI3Re4gWWOffglMVSv2sUAY32XZ74yXjY1VhK3bN3WFUPGrgQx4X7GP0A1Te
lzqkT3VSMXieImTASosK5L5Q8rryvgCeI9tQLn9EpYFCtU3LXvVgTreGNEEjMOnL
dR7yOU+Fs775stn6ucqmdYarx7CvKUrNAhgEeHMonLe1cjYScF7NfLO1GIrQKJR2
DE0f+uJZ52inOkO8ufh3WVQJSYszuS3HCY7w5oj1aP38k/y9zZdZvVvwAWZaiqBQ
iwjVs6Kub76VVZZhRDf4iYs8k1Zh64nXdfQt250d8U5yMPF3wIJ+c1yhxwARAQAB
tCpUaGUgZ1Zpc29yIEF1dGhvcnMgPGd2aXNvci1ib3RAZ29vZ2xlLmNvbT6JAk4E
EwEKADgCGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AWIQRvHfheOnHCSRjnJ9Vv
xtVU4yvZQwUCYO4TxQAKCRBvxtVU4yvZQ9UoEACLPV7CnEA2bjCPi0NCWB/Mo1WL
evqv7Wv7vmXzI1K9DrqOhxuamQW75SVXg1df0hTJWbKFmDAip6NEC2Rg5P+A8hHj
nW/VG+q4ZFT662jDhnXQiO9L7EZzjyqNF4yWYzzgnqEu/SmGkDLDYiUCcGBqS2oE
EQfk7RHJSLMJXAnNDH7OUDgrirSssg/dlQ5uAHA9Au80VvC5fsTKza8b3Aydw3SV
iB8/Yuikbl8wKbpSGiXtR4viElXjNips0+mBqaUk2xpqSBrsfN+FezcInVXaXFeq
xtpq2/3M3DYbqCRjqeyd9wNi92FHdOusNrK4MYe0pAYbGjc65BwH+F0T4oJ8ZSJV
lIt+FZ0MqM1T97XadybYFsJh8qvajQpZEPL+zzNncc4f1d80e7+lwIZV/al0FZWW
Zlp7TpbeO/uW+lHs5W14YKwaQVh1whapKXTrATipNOOSCw2hnfrT8V7Hy55QWaGZ
f4/kfy929EeCP16d/LqOClv0j0RBr6NhRBQ0l/BE/mXjJwIk6nKwi+Yi4ek1ARi6
AlCMLn9AZF7aTGpvCiftzIrlyDfVZT5IX03TayxRHZ4b1Rj8eyJaHcjI49u83gkr
4LGX08lEawn9nxFSx4RCg2swGiYw5F436wwwAIozqJuDASeTa3QND3au5v0oYWnl
umDySUl5wPaAaALgzA==
=5/8T
-----END PGP PUBLIC KEY BLOCK-----
`.trim();

/**
 * gVisor's own package source: one release of it, signed by one key, and nothing but gVisor from there. Debian's gVisor
 * is of 2022, and its `docker exec` is under no seccomp profile.
 */
export function gvisorSource(): BundleEntry[] {
  const key = GVISOR_KEY.split("\n").map((line) => (line === "" ? " ." : ` ${line}`));
  const source = [
    "# Made by Garrison; a change by hand does not stay.",
    "Types: deb",
    `URIs: https://${HOST}/gvisor/releases`,
    `Suites: ${GVISOR_RELEASE}`,
    "Components: main",
    "Signed-By:",
    ...key,
    "",
  ];
  const preferences = `# Made by Garrison; a change by hand does not stay.
Package: *
Pin: origin "${HOST}"
Pin-Priority: -1

Package: runsc
Pin: origin "${HOST}"
Pin-Priority: 990
`;
  return [
    entry("/etc/apt/preferences.d/garrison-gvisor", preferences, { check: "apt" }),
    entry("/etc/apt/sources.list.d/garrison-gvisor.sources", source.join("\n"), { check: "apt" }),
  ];
}
