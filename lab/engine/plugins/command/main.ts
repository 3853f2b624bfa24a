import { serve } from "#provider/server.ts";
import { commandProvider } from "./provider.ts";

serve(commandProvider);
