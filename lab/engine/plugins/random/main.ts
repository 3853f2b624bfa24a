import { serve } from "#provider/server.ts";
import { randomProvider } from "./provider.ts";

serve(randomProvider);
