import { commandType } from "#lib/command-texts.ts";
import { run } from "#lib/command-examples.ts";
import { isUnseenRequest } from "#lib/container-requests.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { readingsOf } from "#lib/scripts/reading.ts";
import type { Call, Script } from "#lib/shell/script.ts";
import { containerCommandOf } from "#lib/container-commands.ts";
import { startedUnseenBy } from "#lib/started-unseen.ts";
import { powerOfFile } from "../../../containment/planted-files.ts";

const COPYING: readonly string[] = [commandType.copyToRemote, commandType.copyFile];
const COMPOSE = "services:\n  example:\n    image: example\n";

export const rule: Rule = {
  id: "command.unseen",
  title: "What a command starts from a file is named, because the rules do not see it.",
  severity: "low",
  level: "advisory",
  references: ["CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "Containers from a compose file, a manifest or a chart are in no preview, so nothing here says that they are harmless.",
  fix: "Declare the containers as resources, or give the file's text in the program, where it is judged.",
  waivable: "by-label",
  types: [...HOLDING],
  check: (resource) => {
    const unseen = readingsOf(resource).flatMap((reading) => {
      const { script, path } = reading;
      const what = script.calls.flatMap((call) => [
        ...startedUnseenBy(call, reading),
        ...(isUnseenRequest(call, script) ? ["a request to a container daemon"] : []),
      ]);
      const scripts = [...new Set(script.unseen)].map((one) => `the script ${one}`);
      const profiles = script.calls.flatMap((call) => profilesOf(call, script));
      return [
        ...what,
        ...scripts,
        ...profiles,
        ...(script.isCut ? ["a text that is too long or too deep to be read"] : []),
      ].map((one) => ({
        path,
        one,
      }));
    });
    const [first] = unseen;
    if (first === undefined) return placedUnseen(resource);
    const names = [...new Set(unseen.map(({ one }) => one))];
    return [
      {
        property: first.path,
        found: `${names.join(", ")}, ${names.every(isScript) ? "which was not judged" : "whose containers were not judged"}`,
        expected: names.every(isScript) ? "a text that the program shows" : "containers that the program declares",
      },
    ];
  },
  examples: {
    good: [
      run(
        "A file whose text is in the command",
        `cat > /srv/compose.yaml <<EOF\n${COMPOSE}EOF\ncd /srv && docker compose up -d`,
      ),
      run("Nothing is started", "docker compose -f /srv/compose.yaml config --quiet"),
    ],
    bad: [
      run("A compose file", "cd /srv && docker compose up -d"),
      run("A stack", "docker stack deploy -c compose.yaml example"),
      run("A chart", "helm upgrade --install example ./chart"),
      run(
        "A script that is copied and run",
        "scp deploy.sh deploy@192.0.2.10:/tmp/ && ssh deploy@192.0.2.10 sh /tmp/deploy.sh",
      ),
      run("A manifest", "kubectl apply -f /srv/manifest.yaml"),
      run(
        "A request to the daemon",
        "curl --unix-socket /run/docker.sock -d @/srv/body.json http://d/containers/create",
      ),
    ],
  },
};

/** A file for a place that decides who is root, whose text the program does not show. */
function placedUnseen(resource: Resource): Finding[] {
  if (!COPYING.includes(resource.type) || readingsOf(resource).length > 0) return [];
  const target = resource.properties.text("remotePath") ?? "";
  const power = target === "" ? undefined : powerOfFile(target);
  if (power === undefined) return [];
  const found = `${target}: ${power}, by a file that nobody sees here`;
  return [{ property: "remotePath", found, expected: "a text that the program shows" }];
}

/** The seccomp profiles of containers that are in files which the text does not show. */
function profilesOf(call: Call, { files }: Script): string[] {
  const options = containerCommandOf(call)?.options.get("security-opt") ?? [];
  return options.flatMap((option) => {
    const path = /^seccomp[=:](.*)$/i.exec(option)?.[1]?.trim() ?? "";
    if (!/^[~./]/.test(path) || files.some((file) => file.path === path || file.path.endsWith(`/${path}`))) return [];
    return [`the seccomp profile ${path}`];
  });
}

function isScript(name: string): boolean {
  return /^the (?:script|seccomp profile) /.test(name);
}
