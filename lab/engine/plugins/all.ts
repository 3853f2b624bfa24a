/** Every plugin of the lab, for what speaks about them and does not run them. */
import type { Described } from "../coverage.ts";
import { commandProvider } from "./command/provider.ts";
import { dockerProvider } from "./docker/provider.ts";
import { randomProvider } from "./random/provider.ts";
import { tlsProvider } from "./tls/provider.ts";

export const allPlugins: readonly Described[] = [commandProvider, dockerProvider, randomProvider, tlsProvider];
