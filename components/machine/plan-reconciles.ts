import type { PlannedReconcile } from "../files/reconcile.ts";
import type { FileContext } from "../files/service-files.ts";
import { referencesIn } from "../secrets/reference.ts";
import { userOf } from "../services/service.ts";
import type { ServiceSpec } from "../services/service.ts";

/** Works out what the services of a machine are told. */
export function planReconciles(services: readonly ServiceSpec[], context: FileContext): PlannedReconcile[] {
  return services.flatMap((service) => {
    const told = service.reconcile?.(context);
    if (told === undefined) return [];
    const secrets = [...new Set(referencesIn(told.input).map(({ name }) => name))].sort();
    const directories = [{ source: "", target: "reconcile", files: { input: told.input } }];
    const asFile = { service: service.name, user: userOf(service), directories, secrets };
    return [{ ...told, service: service.name, container: `${context.settings.estate}-${service.name}`, asFile }];
  });
}
