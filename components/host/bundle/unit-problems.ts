import type { Problem } from "#components/lib/problems.ts";
import { waiverProblems } from "#components/container/waiver.ts";
import type { HostUnit } from "./host-spec.ts";
import { EXPOSURE } from "./render/units.ts";

/** The section that a unit of a kind must have beside `[Unit]`, and what in it makes it do something. */
const KINDS = {
  service: { needs: /^ExecStart$/, example: "ExecStart" },
  timer: { needs: /^On(Calendar|BootSec|StartupSec|ActiveSec|UnitActiveSec|UnitInactiveSec)$/, example: "OnCalendar" },
  path: { needs: /^(Path(Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty)$/, example: "DirectoryNotEmpty" },
} as const;

/** What can be said of a unit without systemd; `systemd-analyze verify` judges the rest on the machine. */
export function unitProblems(unit: HostUnit): Problem[] {
  const property = `units.${unit.name}`;
  const kind = /^[\w@:-]+\.(service|timer|path)$/.exec(unit.name)?.[1] as keyof typeof KINDS | undefined;
  if (kind === undefined) {
    return [{ property, found: JSON.stringify(unit.name), expected: "a name that ends in .service, .timer or .path" }];
  }
  const problems: Problem[] = [];
  const add = (field: string, found: string, expected: string): void => {
    problems.push({ property: `${property}${field}`, found, expected });
  };
  const { needs, example } = KINDS[kind];
  const main = unit[kind];
  if (main === undefined || !Object.keys(main).some((key) => needs.test(key)))
    add(`.${kind}`, "nothing to do", `${example} or its like`);
  for (const other of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    if (other !== kind && unit[other] !== undefined)
      add(`.${other}`, `a section of a ${other}`, `no such section in a ${kind}`);
  }
  if (unit.unit.Description === undefined) add(".unit", "no Description", "one line that says what it is for");
  for (const [section, settings] of Object.entries({
    unit: unit.unit,
    service: unit.service,
    timer: unit.timer,
    path: unit.path,
    install: unit.install,
  })) {
    for (const [key, value] of Object.entries(settings ?? {})) {
      if (!/^[A-Z][A-Za-z0-9]*$/.test(key))
        add(`.${section}`, JSON.stringify(key), "the name of a setting, as systemd writes it");
      for (const one of [value].flat()) {
        if (/[\n\r\0]/.test(one) || one.endsWith("\\"))
          add(`.${section}.${key}`, "more than one line", "one line; a list for a setting that is given several times");
        if (key.startsWith("Exec") && !/^[-@:+!|]*\//.test(one))
          add(`.${section}.${key}`, JSON.stringify(one), "an absolute path first");
        if (key.startsWith("Exec") && /^[-@:|]*[+!]/.test(one))
          add(`.${section}.${key}`, JSON.stringify(one), "a command without + or !: they leave the sandbox");
      }
    }
  }
  if (unit.waiver !== undefined) {
    for (const sentence of waiverProblems({ id: "container.user", ...unit.waiver }))
      add(".waiver", sentence, "a reason, an owner and a date");
    if (!Number.isInteger(unit.waiver.exposure) || unit.waiver.exposure <= EXPOSURE || unit.waiver.exposure > 100) {
      add(".waiver.exposure", String(unit.waiver.exposure), `more than ${String(EXPOSURE)} and at most 100, in tenths`);
    }
  }
  return problems;
}
