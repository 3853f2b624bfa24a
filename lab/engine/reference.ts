/**
 * What others write down about the engine: `node lab/engine/reference.ts plugins` prints the reference page of its
 * plugins, `azure-schema` the schema of the simulated Azure.
 */
import { azureSchema } from "./azure-schema/render.ts";
import { pluginsPage } from "./coverage.ts";
import { allPlugins } from "./plugins/all.ts";

const pages: Readonly<Record<string, () => string>> = {
  plugins: () => pluginsPage(allPlugins),
  "azure-schema": azureSchema,
};

const page = pages[process.argv[2] ?? ""];
if (page === undefined) throw new Error(`expected one of: ${Object.keys(pages).join(", ")}`);
process.stdout.write(page());
