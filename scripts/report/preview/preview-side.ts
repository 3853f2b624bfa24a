import { label, waiversOf as waivedBy, labelsOf } from "#policies/lib/labels.ts";
import type { Resource, Stack } from "#policies/lib/resource.ts";
import { LABELLED } from "#policies/lib/types.ts";
import { countsOf } from "../counts.ts";
import { findingsOf, open, rulesOf } from "../judge.ts";
import { commandsOf, knownAs, mountsOf, networksOf, powersOf, runsOf, storesOf } from "../resource-facts.ts";
import { SIDE_VERSION } from "../side.ts";
import type { Part, Side } from "../side.ts";
import { judgedIn, nameIn, readPreview } from "./preview-file.ts";
import type { Preview } from "./preview-file.ts";
import { credentialsIn, openingsIn, pathsIn } from "./reach-of-preview.ts";

/**
 * What any Pulumi program would declare, from the engine's own JSON, with what the policies know of Docker, Azure and
 * Cloudflare.
 *
 * @param asOf the day on which waivers are looked at, as YYYY-MM-DD
 * @throws {ProblemReport} where the text is no such JSON
 */
export function previewSide(text: string, title: string, asOf: string): Side {
  const preview = readPreview(text, title);
  const opened = open(judgedIn(preview));
  const { stack } = opened;
  const stateOf = ({ urn }: Resource) => preview.resources.get(urn);
  return {
    version: SIDE_VERSION,
    stack: [...preview.resources.keys()][0]?.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "stack",
    source: "preview",
    paths: pathsIn(stack),
    proxied: [],
    openings: openingsIn(stack),
    credentials: credentialsIn(stack),
    powers: powersOf(stack),
    secrets: [],
    stores: storesOf(stack, (one) => stateOf(one)?.retainOnDelete === true),
    mounts: mountsOf(stack),
    runs: runsOf(
      stack,
      (one) => stateOf(one)?.replaceOnChanges ?? [],
      (image) => image,
    ),
    networks: networksOf(stack),
    commands: commandsOf(stack),
    waivers: waiversOf(stack),
    findings: findingsOf(opened, asOf),
    rules: rulesOf(),
    switchedOff: [],
    steps: stepsOf(preview),
    counts: countsOf([...preview.resources.values()].map(({ type }) => type)),
  };
}

/** Resources whose loss is a loss of data: by the words of their types, of any provider. */
const HOLDS_DATA =
  /volume|disk|database|storage|bucket|vault|filesystem|fileshare|virtualmachine|flexibleserver|cosmos|redis|backup|snapshot|d1|workerskv|r2/i;

/** Docker's own volumes are told by their names. */
const TOLD = "docker:index/volume:Volume";

function stepsOf({ steps }: Preview): Part<"steps">[] {
  return steps.flatMap(({ op, urn, replaceReasons }) => {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const lost = op === "replace" || op === "delete";
    if (!lost || type === TOLD || !HOLDS_DATA.test(type.split(":").slice(1).join(":"))) return [];
    return [{ op, type, name: nameIn(urn), because: [...(replaceReasons ?? [])].sort() }];
  });
}

/** By label; reason, owner and day where a component of ours hands them over. */
function waiversOf(stack: Stack): Part<"waivers">[] {
  return LABELLED.flatMap((type) => stack.ofType(type)).flatMap((resource) => {
    if (!labelsOf(resource).has(label.waivers)) return [];
    const records = resource.parent?.properties.objects("waivers") ?? [];
    return waivedBy(resource).map((rule) => {
      const record = records.find((one) => one.text("id") === rule);
      const said = (field: string): string => record?.text(field) ?? "";
      const adds = record?.texts("add").map(({ value }) => value) ?? [];
      return {
        of: knownAs(resource),
        rule,
        adds,
        reason: said("reason"),
        owner: said("owner"),
        expires: said("expires"),
      };
    });
  });
}
