/** The lab's plugin with a fabric that only records; its file is named by the environment of the engine. */
import { azureNativeProvider } from "../../../lab/engine/plugins/azure-native/provider.ts";
import { serve } from "../../../lab/engine/provider/server.ts";
import { recordingFabric } from "./recording-fabric.ts";

const file = process.env.RECORDED_FABRIC ?? "";

serve(azureNativeProvider({ openFabric: () => Promise.resolve(recordingFabric(file)) }));
