import { z } from "zod";

/** The parts of the engine's event stream that people are told about. */
const eventSchema = z.looseObject({
  resourcePreEvent: z
    .looseObject({ metadata: z.looseObject({ op: z.string(), urn: z.string(), type: z.string() }) })
    .optional(),
  resOutputsEvent: z
    .looseObject({ metadata: z.looseObject({ op: z.string(), urn: z.string(), type: z.string() }) })
    .optional(),
  resOpFailedEvent: z
    .looseObject({ metadata: z.looseObject({ op: z.string(), urn: z.string(), type: z.string() }) })
    .optional(),
  diagnosticEvent: z
    .looseObject({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  policyEvent: z
    .looseObject({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      policyPackName: z.string(),
      policyPackVersion: z.string().optional(),
      enforcementLevel: z.string(),
    })
    .optional(),
  summaryEvent: z
    .looseObject({
      isPreview: z.boolean().optional(),
      resourceChanges: z.record(z.string(), z.number()).optional(),
      durationSeconds: z.number().optional(),
      result: z.string().optional(),
    })
    .optional(),
});

export type EngineEvent = z.infer<typeof eventSchema>;

/** One line of `pulumi … --json`; undefined for a line that is no event. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** `urn:pulumi:stack::project::type::name` -> `name`. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
