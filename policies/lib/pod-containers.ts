import { documents } from "./compose-containers.ts";
import { fields, list } from "./json-values.ts";
import type { Fields } from "./json-values.ts";
import { readAnywhere, words } from "./shell/options.ts";
import type { Call, Script } from "./shell/script.ts";
import type { Started } from "./started-containers.ts";
import { type } from "./types.ts";

const WORKLOAD =
  /^[ \t\r{"'-]*kind["']?\s*:\s*["']?(?:Pod|Deployment|DaemonSet|StatefulSet|ReplicaSet|Job|CronJob|List)\b/m;
const CLIENT = /^(?:kubectl|oc|k3s|microk8s(?:\.kubectl)?|minikube)$/;
const OPTIONS = words(
  "n namespace context kubeconfig image overrides profile clusterrole role user group serviceaccount f filename c container target env l port",
);
/** Whoever is on the network. */
const ANYBODY = /^system:(?:anonymous|unauthenticated|authenticated|serviceaccounts)$/;

/** The pods that a script describes, in files and on the command line, and what a cluster is told to grant. */
export function podsIn({ calls, files }: Script): Started[] {
  const clients = calls.filter(({ name }) => CLIENT.test(name));
  const texts = [...files.map(({ text }) => text), ...clients.map(({ stdin }) => stdin.text ?? "")];
  return [
    ...texts.filter((text) => WORKLOAD.test(text)).flatMap((text) => documents(text).flatMap(podsOf)),
    ...clients.flatMap(byClient),
  ];
}

function byClient({ argv }: Call): Started[] {
  const { options, operands } = readAnywhere(argv, { valued: OPTIONS }, 1);
  const verb = operands.find((word) => word !== "kubectl") ?? "";
  const values = (name: string) => options.get(name) ?? [];
  const what = `kubectl ${verb}`;
  const flaw = (found: string): Started => ({ what, flaw: { found, expected: "no such right" } });
  switch (verb) {
    case "run":
      return [
        ...values("overrides").flatMap((text) => documents(text).flatMap(podsOf)),
        ...(options.has("privileged") && !/^(?:false|0|f)$/i.test(values("privileged").at(-1) ?? "")
          ? [flaw("--privileged")]
          : []),
      ];
    case "debug":
      return [
        ...operands.filter((word) => word.startsWith("node/")).map((word) => flaw(`${word}, whose files it mounts`)),
        ...values("profile")
          .filter((profile) => profile === "sysadmin")
          .map((profile) => flaw(`--profile ${profile}`)),
      ];
    case "create":
      return [...values("user"), ...values("group")].filter((name) => ANYBODY.test(name)).map((name) => flaw(name));
    default:
      return [];
  }
}

function podsOf(document: Fields): Started[] {
  if (Array.isArray(document.items)) return document.items.map(fields).flatMap(podsOf);
  const own = fields(document.spec);
  const spec = [own, inTemplate(own), inTemplate(fields(fields(own.jobTemplate).spec))].find((one) =>
    Array.isArray(one.containers),
  );
  if (spec === undefined) return [];
  const containers = [...list(spec.initContainers), ...list(spec.containers), ...list(spec.ephemeralContainers)];
  return containers.map(fields).map((one) => ({
    what: `the container ${String(one.name)} of a pod`,
    made: { type: type.container, values: containerOf(one, spec) },
  }));
}

function inTemplate(spec: Fields): Fields {
  return fields(fields(spec.template).spec);
}

/** In the words of docker:index/container:Container. */
function containerOf(given: Fields, spec: Fields): Fields {
  const context = { ...fields(spec.securityContext), ...fields(given.securityContext) };
  const added = list(fields(context.capabilities).add).map(String);
  const mounts = list(given.volumeMounts).map(fields);
  const host = (name: string) => (spec[name] === true ? "host" : undefined);
  const isUnconfined = (name: string) => fields(context[name]).type === "Unconfined";
  return {
    privileged: context.privileged === true,
    capabilities: { drops: ["ALL"], adds: added },
    networkMode: host("hostNetwork"),
    pidMode: host("hostPID"),
    ipcMode: host("hostIPC"),
    securityOpts: [
      ...(isUnconfined("seccompProfile") ? ["seccomp=unconfined"] : []),
      ...(isUnconfined("appArmorProfile") ? ["apparmor=unconfined"] : []),
    ],
    volumes: list(spec.volumes)
      .map(fields)
      .flatMap((volume) => {
        const { path } = fields(volume.hostPath);
        const used = mounts.filter(({ name }) => name === volume.name);
        if (typeof path !== "string" || used.length === 0) return [];
        return [{ hostPath: path, containerPath: "/", readOnly: used.every(({ readOnly }) => readOnly === true) }];
      }),
  };
}
