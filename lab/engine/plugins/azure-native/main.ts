import { serve } from "#provider/server.ts";
import { openFabric } from "./fabric.ts";
import { azureNativeProvider } from "./provider.ts";

serve(azureNativeProvider({ openFabric }));
