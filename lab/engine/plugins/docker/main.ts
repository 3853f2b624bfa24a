import { serve } from "../../provider/server.ts";
import { docker } from "./definition.ts";

serve(docker);
