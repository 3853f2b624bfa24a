import type { Problem } from "../lib/problems.ts";
import { optionProblems } from "./container-options.ts";
import { valueProblems } from "./container-values.ts";
import { isPinned } from "./image-lock.ts";
import type { JoinedContainer } from "./posture.ts";
import { waiverProblems } from "./waiver.ts";

/** Everything about one container that can be judged without knowing its machine. */
export function containerProblems(name: string, container: JoinedContainer): Problem[] {
  const problems: Problem[] = [];
  const report = (field: string, found: string, expected: string): void => {
    problems.push({ property: `${name}.${field}`, found, expected });
  };
  const positive = (field: "memory" | "cpus" | "pids", unit: string): void => {
    const value = container[field];
    if (!(value > 0)) report(field, String(value), `more than 0 ${unit}`);
  };
  positive("memory", "MiB");
  positive("cpus", "CPUs");
  positive("pids", "processes");
  if (!isPinned(container.image)) {
    report("image", container.image, "repository@sha256:<64 hex digits>, or the id sha256:<64 hex digits>");
  }
  if (container.agent === true && container.cgroupParent === undefined) {
    report("cgroupParent", "nothing", "a cgroup that carries the PID limit");
  }
  if ((container.publishes ?? []).length > 0 && container.publishAddress === undefined) {
    report("publishAddress", "nothing", "the address to publish on");
  }
  if (container.user.uid === 0 && !(container.waivers ?? []).some(({ id }) => id === "container.user")) {
    report("user", "0 (root)", "another user, or a waiver container.user");
  }
  const ids = (container.waivers ?? []).map((waiver) => waiver.id);
  for (const [index, waiver] of (container.waivers ?? []).entries()) {
    for (const problem of waiverProblems(waiver)) {
      report(`waivers.${waiver.id}`, problem, "reason, owner and expiry date");
    }
    if (ids.indexOf(waiver.id) !== index) report(`waivers.${waiver.id}`, "twice", "one waiver a rule");
  }
  return [...optionProblems(name, container), ...problems, ...valueProblems(name, container)];
}
