import { posix } from "node:path";

import { containerCommandOf } from "./container-commands.ts";
import type { Reading } from "./scripts/reading.ts";
import { readAnywhere, readOptions, words } from "./shell/options.ts";
import type { Call } from "./shell/script.ts";

const COMPOSE_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const COMPOSE_STARTS = words("up start run create restart scale watch");
const COMPOSE_OPTIONS = words("f file p project-name profile env-file project-directory parallel ansi progress");

/** The programs by which a command starts containers that its text does not show. */
export function startedUnseenBy(call: Call, reading: Reading): string[] {
  const isKnown = (file: string): boolean => isShown(file, call, reading);
  const command = containerCommandOf(call);
  if (command !== undefined) {
    const { program, verb, options, operands } = command;
    if (verb === "compose")
      return composed(call, operands, options, reading) ? [] : startsOf(operands, `${program} compose`);
    if (verb === "stack deploy" || verb === "stack up") {
      return (options.get("compose-file") ?? []).every(isKnown) && options.has("compose-file")
        ? []
        : [`${program} ${verb}`];
    }
    if (/^(kube play|play kube|kube apply)$/.test(verb)) return [`${program} ${verb}`];
    return [];
  }
  return elsewhere(call);
}

/** Whether the files of a compose command are in the text. */
function composed(
  call: Call,
  operands: readonly string[],
  options: ReadonlyMap<string, readonly string[]>,
  reading: Reading,
): boolean {
  const files = options.get("file") ?? call.environment.get("COMPOSE_FILE")?.split(":") ?? [];
  const directory = options.get("project-directory")?.at(-1) ?? call.directory;
  if (files.length > 0)
    return files.every((file) => isShown(file, call, reading)) && !reading.compose.some(({ includes }) => includes);
  return COMPOSE_NAMES.some((name) =>
    isShown(directory === undefined ? name : posix.join(directory, name), call, reading),
  );
}

function startsOf(operands: readonly string[], program: string): string[] {
  const { next } = readOptions(operands, { valued: COMPOSE_OPTIONS });
  const verb = operands[next] ?? "";
  return COMPOSE_STARTS.has(verb) ? [`${program} ${verb}`] : [];
}

function isShown(file: string, { stdin, directory }: Call, { script, compose }: Reading): boolean {
  if (file === "-" || file === "/dev/stdin") return stdin.text !== undefined && compose.length > 0;
  const full = file.startsWith("/") ? posix.normalize(file) : posix.join(directory ?? ".", file);
  return script.files.some(({ path }) => path === full);
}

const KUBE = words(
  "n namespace context kubeconfig cluster user server s f filename k kustomize l selector o output image port env overrides restart v token as",
);

function elsewhere({ name, argv }: Call): string[] {
  switch (name) {
    case "kubectl":
    case "oc":
    case "k3s":
    case "microk8s":
    case "microk8s.kubectl":
    case "minikube": {
      const { operands } = readAnywhere(argv, { valued: KUBE }, 1);
      const verb = operands.find((word) => word !== "kubectl") ?? "";
      const isRun = verb === "run" || verb === "debug";
      const isPlain =
        verb === "create" &&
        operands.length > 2 &&
        !/^(deployment|deploy|job|cronjob|pod)/.test(operands.at(operands.indexOf(verb) + 1) ?? "");
      const isDry = argv.some((word) => /^--dry-run(=|$)/.test(word));
      return !isDry && (isRun || (/^(apply|create|replace)$/.test(verb) && !isPlain)) ? [`kubectl ${verb}`] : [];
    }
    case "helm":
    case "helmfile": {
      const { operands } = readAnywhere(
        argv,
        { valued: words("n namespace f values version repo set kube-context kubeconfig timeout set-string set-file") },
        1,
      );
      return /^(install|upgrade|apply|sync)$/.test(operands[0] ?? "") &&
        !argv.some((word) => word.startsWith("--dry-run"))
        ? [`${name} ${operands[0] ?? ""}`]
        : [];
    }
    case "runc":
    case "crun":
    case "youki":
    case "runsc": {
      const verb = argv.find((word, index) => index > 0 && /^(run|create)$/.test(word));
      return verb === undefined ? [] : [`${name} ${verb}`];
    }
    case "crictl": {
      const verb = argv.find((word, index) => index > 0 && /^(run|runp|create)$/.test(word));
      return verb === undefined ? [] : [`crictl ${verb}`];
    }
    case "nomad":
      return argv[1] === "run" || (argv[1] === "job" && argv[2] === "run") ? ["nomad job run"] : [];
    case "kompose":
      return argv[1] === "up" ? ["kompose up"] : [];
    case "skaffold":
    case "tilt":
    case "garden":
      return /^(run|dev|up|deploy)$/.test(argv[1] ?? "") ? [`${name} ${argv[1] ?? ""}`] : [];
    default:
      return [];
  }
}
