import { ensureProgram } from "#helpers/programs/host-program.ts";

/** Makes sure of `nft`, which loads the host's rules: installs it where it is missing and we may. */
export async function ensureNft(): Promise<void> {
  await ensureProgram({ program: "nft", packageName: "nftables", without: "The host's rules cannot be loaded" });
}
