export { record } from "#scripts/report/plan/recording-monitor.ts";
export type { Outputs, Registration } from "#scripts/report/plan/recording-monitor.ts";
