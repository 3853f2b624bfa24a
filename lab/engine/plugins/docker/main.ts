import { serve } from "#provider/server.ts";
import { dockerProvider } from "./provider.ts";

serve(dockerProvider);
