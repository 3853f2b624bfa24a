import { isInternet } from "../addresses.ts";
import { readAnywhere, words } from "../shell/options.ts";
import type { Call } from "../shell/script.ts";

/** Options of Azure's command line by which a service is open, with the values that open it. */
const OPENING: readonly (readonly [options: string, value: RegExp])[] = [
  [
    "allow-blob-public-access allow-shared-key-access admin-enabled anonymous-pull-enabled enable-non-ssl-port",
    /^true$/i,
  ],
  ["public-network-access", /^enabled$/i],
  ["default-action", /^allow$/i],
  ["https-only enable-purge-protection enable-rbac-authorization", /^false$/i],
  ["min-tls-version minimum-tls-version minimal-tls-version", /^(?:tls)?1[._][01]$/i],
  ["public-access", /^(?:blob|container|all|0\.0\.0\.0(?:-255\.255\.255\.255)?)$/i],
];
const ROLES = /^(?:owner|contributor|user access administrator|role based access control administrator)$/i;
const WEB = /^(?:80|443)$/;

const GRAMMAR = {
  valued: words(
    "g n resource-group name nsg-name priority source-address-prefixes destination-port-ranges access direction protocol " +
      "role assignee assignee-object-id scope port start-ip-address end-ip-address subscription location l " +
      OPENING.map(([options]) => options).join(" "),
  ),
};

/** How a command opens something in Azure, or hands it to somebody whole. */
export function openedInCloudBy({ name, argv }: Call): string[] {
  if (name !== "az" || !/^(?:create|update|add|open-port|assign|set)$/.test(argv.find(isVerb) ?? "")) return [];
  const { options } = readAnywhere(argv, GRAMMAR, 1);
  const last = (option: string) => options.get(option)?.at(-1)?.trim() ?? "";
  const opening = OPENING.flatMap(([names, weak]) =>
    names
      .split(" ")
      .filter((option) => weak.test(last(option)))
      .map((option) => `az with --${option} ${last(option)}`),
  );
  const role = ROLES.test(last("role")) ? [`az with the role ${last("role")}`] : [];
  const line = argv.slice(1, 4).join(" ");
  const isRule = line.startsWith("network nsg rule");
  const ports = last("destination-port-ranges");
  const rule =
    isRule &&
    isInternet(last("source-address-prefixes")) &&
    !/^deny$/i.test(last("access")) &&
    !isOutbound(last("direction"))
      ? [...(WEB.test(ports) ? [] : [`az with port ${ports === "" ? "*" : ports} open to everybody`])]
      : [];
  const port =
    argv.includes("open-port") && !WEB.test(last("port")) ? [`az with port ${last("port")} open to everybody`] : [];
  const range = [last("start-ip-address"), last("end-ip-address")];
  const span = range[0] !== "" && isInternet(range.join("-")) ? [`az with ${range.join(" to ")} let in`] : [];
  return [...opening, ...role, ...rule, ...port, ...span];
}

function isVerb(word: string): boolean {
  return /^(?:create|update|add|open-port|assign|set|show|list|delete)$/.test(word);
}

function isOutbound(direction: string): boolean {
  return /^outbound$/i.test(direction);
}
