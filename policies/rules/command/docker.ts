import { run } from "#lib/command-examples.ts";
import type { Rule } from "#lib/rule.ts";
import { HOLDING } from "#lib/scripts/places.ts";
import { findingsInScripts } from "#lib/scripts/reading.ts";
import { containersStartedBy } from "#lib/started-containers.ts";
import { flawsOf } from "./flaws.ts";

export const rule: Rule = {
  id: "command.docker",
  title: "No command makes, enters or changes a container in a way that the rules on containers refuse.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.23", "CIS Docker 1.6.0, 5.24", "CIS Docker 1.6.0, 5.5", "OWASP ASI05"],
  why: "A container that a shell command makes is in no preview, and no rule on containers sees it.",
  fix: "Declare the container as a resource; leave out the option, or the root user, of an exec.",
  waivable: "by-configuration",
  types: [...HOLDING],
  check: (resource, context) =>
    findingsInScripts(resource, (reading) => containersStartedBy(reading).flatMap((one) => flawsOf(one, context))),
  examples: {
    good: [
      run("A plain container", "docker run --rm --read-only --cap-drop ALL example true"),
      run("An option of the program in it", "docker run --rm example tool --privileged -v /:/host"),
      run("A limit", "docker update --pids-limit 64 example"),
      run("A command in a container", "docker exec -u 20001 example true"),
    ],
    bad: [
      run("Privileged", "docker run --privileged example true"),
      run("The Docker socket", "docker run -v /var/run/docker.sock:/docker.sock example true"),
      run("The whole host, by mount", "docker run --mount type=bind,src=/,dst=/host example true"),
      run("The host's processes", "sudo docker run -it --rm --pid=host example sh"),
      run("Over ssh", `ssh -p 22 deploy@192.0.2.10 "docker create --network host example"`),
      run("Another program", "podman container run --cap-add SYS_ADMIN example true"),
      run("A port on every address", "docker run -d -p 8080:80 example"),
      run("Privileged, into a running container", "docker exec --privileged example sh"),
      run("As root, into a running container", "docker exec -it -u root example sh"),
      run("A limit taken away", "docker update --pids-limit -1 example"),
    ],
  },
};
