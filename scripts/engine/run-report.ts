import { nameOf } from "./events.ts";
import type { EngineEvent } from "./events.ts";

/** What a run of the engine did and said, gathered from its events. */
export interface RunReport {
  /** Steps that a preview wants, by operation; empty when nothing would change. */
  readonly planned: Readonly<Record<string, number>>;
  /** Steps that changed something, by operation; empty when nothing changed. */
  readonly changes: Readonly<Record<string, number>>;
  /** Errors, in the order in which they came, each once. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Violations of mandatory policies. */
  readonly violations: readonly string[];
}

/** Where a run is, for people who wait. */
type RunPhase = "preview" | "change";

const quiet = new Set(["same", "refresh", "read"]);
const shownTypes = /^docker:index\/(container|network):/;

/** Gathers events into a report and tells how far the run is. */
export class RunObserver {
  #planned: Readonly<Record<string, number>> = {};
  #changes: Readonly<Record<string, number>> = {};
  readonly #errors = new Set<string>();
  readonly #warnings = new Set<string>();
  readonly #violations = new Set<string>();
  readonly #finished = new Set<string>();
  readonly #running = new Set<string>();
  #phase: RunPhase;
  #steps: number;

  /** @param steps what an earlier preview counted; without it the run begins with a preview of its own */
  constructor(steps?: number) {
    this.#phase = steps === undefined ? "preview" : "change";
    this.#steps = steps ?? 0;
  }

  /** Takes an event in; returns whether {@link describe} may read differently now. */
  take(event: EngineEvent): boolean {
    if (event.diagnosticEvent !== undefined) this.#diagnose(event.diagnosticEvent);
    if (event.policyEvent !== undefined) this.#judge(event.policyEvent);
    if (event.resourcePreEvent !== undefined) this.#begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.#end(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent !== undefined) this.#running.delete(event.resOpFailedEvent.metadata.urn);
    if (event.summaryEvent !== undefined) this.#summarise(event.summaryEvent);
    return event.resourcePreEvent !== undefined || event.resOutputsEvent !== undefined;
  }

  /** One short text: how many steps are done, and what is being worked on. */
  describe(): string {
    if (this.#phase === "preview") return `looking at ${String(this.#finished.size)} resources`;
    const now = [...this.#running].map(nameOf).slice(-3).join(", ");
    const count = `${String(this.#finished.size)} of ${String(Math.max(this.#steps, this.#finished.size))} steps`;
    return now === "" ? count : `${count}: ${now}`;
  }

  report(): RunReport {
    return {
      planned: this.#planned,
      changes: this.#changes,
      errors: [...this.#errors],
      warnings: [...this.#warnings],
      violations: [...this.#violations],
    };
  }

  #begin({ op, urn, type }: { op: string; urn: string; type: string }): void {
    if (this.#phase === "change" && !quiet.has(op) && shownTypes.test(type)) this.#running.add(urn);
  }

  #end({ op, urn }: { op: string; urn: string }): void {
    this.#running.delete(urn);
    if (this.#phase === "preview" || !quiet.has(op)) this.#finished.add(urn);
  }

  #diagnose({ message, severity, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    if (ephemeral === true) return;
    const text = urn === undefined || urn === "" ? message.trim() : `${nameOf(urn)}: ${message.trim()}`;
    if (severity === "error") this.#errors.add(text);
    if (severity === "warning") this.#warnings.add(text);
  }

  #judge({ enforcementLevel, message, policyName, resourceUrn }: NonNullable<EngineEvent["policyEvent"]>): void {
    const where = resourceUrn === undefined || resourceUrn === "" ? "" : ` (${nameOf(resourceUrn)})`;
    const text = `${policyName}${where}: ${message.trim()}`;
    if (enforcementLevel === "mandatory") this.#violations.add(text);
    else this.#warnings.add(text);
  }

  #summarise({ isPreview, resourceChanges, result }: NonNullable<EngineEvent["summaryEvent"]>): void {
    const changes = Object.fromEntries(
      Object.entries(resourceChanges ?? {}).filter(([op, count]) => !quiet.has(op) && count > 0),
    );
    if (isPreview !== true) {
      this.#changes = changes;
      return;
    }
    this.#planned = changes;
    this.#steps = Object.values(changes).reduce((sum, count) => sum + count, 0);
    this.#finished.clear();
    if (result !== "failed") this.#phase = "change";
  }
}
