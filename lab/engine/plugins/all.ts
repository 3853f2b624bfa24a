/** Every plugin of the lab, for what speaks about them and does not run them. */
import type { Described } from "../coverage.ts";
import { azureNativeProvider } from "./azure-native/provider.ts";
import { commandProvider } from "./command/provider.ts";
import { dockerProvider } from "./docker/provider.ts";
import { randomProvider } from "./random/provider.ts";
import { tlsProvider } from "./tls/provider.ts";

/** Nothing of it is made real: it is only spoken about. */
const azureNative = azureNativeProvider({ openFabric: () => Promise.reject(new Error("there is no fabric")) });

export const allPlugins: readonly Described[] = [
  azureNative,
  commandProvider,
  dockerProvider,
  randomProvider,
  tlsProvider,
];
