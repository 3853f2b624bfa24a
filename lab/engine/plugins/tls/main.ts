import { serve } from "#provider/server.ts";
import { tlsProvider } from "./provider.ts";

serve(tlsProvider);
