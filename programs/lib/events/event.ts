import { z } from "zod";
import { secretShape } from "./secret-shapes.ts";

/** The version that this code writes. A new version adds or changes fields below the envelope, never the envelope. */
export const EVENT_VERSION = 1;

/** From this level on an event is an alert: people are told at once, and it is never lost, left out or evicted. */
export const ALERT_LEVEL = 10;

/** Names of machines, programs, actions and rules: what code chose, never what somebody wrote. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a name of at most 64 small letters, digits, '.', '_' and '-'");

/** Letters of one line, as people read them: what a terminal, a mail's header or a reader would obey is refused. */
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "expected one line without control characters")
    .superRefine((text, context) => {
      const shape = secretShape(text);
      if (shape !== undefined) context.addIssue({ code: "custom", message: `looks like ${shape}; expected no secret` });
    });

/** What every version has, in the same words: enough to be told of an event that a newer program wrote. */
const envelope = {
  id: z.uuid().describe("Of this event alone; a repetition of the same line is recognised by it."),
  time: z.iso.datetime({ offset: true }).describe("When it happened, with its zone, by the clock of `machine`."),
  level: z.int().min(0).max(15).describe("As Wazuh counts: 0 is nothing, 3 normal, 7 bad, 10 and more an alert."),
  machine: name.describe("Where it happened, such as `office`."),
  program: name.describe("Who enforced, such as `guard`, `broker`, `bridge` or `egress-proxy`."),
  action: name.describe("What was to be done, such as `message.in`, `connect` or `rotate`."),
};

/** On whose behalf: what is known of who asked. */
const behalf = z
  .strictObject({
    run: name.describe("The agent's run.").optional(),
    sender: line(200).describe("Who wrote to the agent: a numeric id of Telegram, or an address.").optional(),
    agent: name.describe("Such as `dakota`.").optional(),
  })
  .refine((given) => Object.keys(given).length > 0, "expected run, sender or agent");

const amount = z.number().nonnegative();
const cost = z
  .strictObject({
    usd: amount.describe("US dollars.").optional(),
    tokens: z.int().nonnegative().describe("Tokens of a model, in and out.").optional(),
    seconds: amount.describe("Seconds of work.").optional(),
  })
  .refine((given) => Object.keys(given).length > 0, "expected usd, tokens or seconds");

/**
 * One thing that a program of the estate allowed, denied, did or noticed: a line of JSON.
 *
 * It says who decided what, on whose behalf and by which rule. It never holds a body (the text of a message, a mail, a
 * page, a command's output) or a secret: there is no field for the first, and what has the shape of the second is
 * refused. A secret without a shape is not recognised, so names of things go into `subject`, never what they contain.
 */
export const eventSchema = z
  .strictObject({
    version: z.literal(EVENT_VERSION).describe("Of this schema."),
    ...envelope,
    decision: z
      .enum(["allowed", "denied", "asked", "done", "failed", "noticed"])
      .describe("`asked`: a person has to say. `done` and `failed`: of work. `noticed`: nobody decided anything."),
    rule: name.describe("By which rule; required where `decision` is `denied`.").optional(),
    subject: line(200).describe("On what: a host's name, a request's id, a container. No query of a URL.").optional(),
    onBehalfOf: behalf.describe("On whose behalf; left out where a program acts by itself.").optional(),
    cost: cost.describe("What it cost, as far as that is known.").optional(),
  })
  .refine((event) => event.decision !== "denied" || event.rule !== undefined, {
    path: ["rule"],
    message: "expected the rule that denied it",
  });

/** See {@link eventSchema}. */
export type Event = z.infer<typeof eventSchema>;

/** What is read of an event of a newer version. */
export const envelopeSchema = z.object({ version: z.int().min(EVENT_VERSION + 1), ...envelope });

/** See {@link envelopeSchema}. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** The schema in the words of JSON Schema, for programs in other languages. */
export function eventJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(eventSchema), undefined, 2)}\n`;
}
