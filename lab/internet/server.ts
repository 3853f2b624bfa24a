/**
 * The program behind the addresses of the lab internet. Runs in its network namespace:
 * `node server.ts --internet-of=<directory> --version=<text>`; the version only tells an older one from a newer one.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { destinations, metadataServices, tcpPorts, udpPorts, webAddresses, webPorts } from "./addresses.ts";
import type { NamedAddress } from "./addresses.ts";
import { readAuthority, siteCertificates } from "./authority.ts";
import { ConnectionLog } from "./connection-log.ts";
import { hasVersion6, isVersion6 } from "./layout.ts";
import { answerByName, echoDatagrams } from "./listeners.ts";
import { answerFor } from "./sites/answer.ts";
import { metadataAnswer } from "./sites/metadata.ts";
import { serveHttp, serveHttps } from "./web.ts";

/** `nobody` and `nogroup`. */
const nobody = 65_534;

const { values } = parseArgs({ options: { "internet-of": { type: "string" }, version: { type: "string" } } });
const directory = values["internet-of"];
if (directory === undefined) throw new Error("--internet-of=<directory> is missing");
const authority = await readAuthority(directory);
if (authority === undefined) throw new Error(`${directory} holds no authority for the sites' certificates`);

const certify = await siteCertificates(authority);
const log = new ConnectionLog(join(directory, "connections.jsonl"));
const version6 = hasVersion6();
const usable = ({ address }: NamedAddress) => version6 || !isVersion6(address);
const web = webAddresses.filter(usable);
const others = destinations.filter(usable);
const isMetadata = ({ address }: NamedAddress) => metadataServices.some((service) => service.address === address);

await Promise.all([
  ...web.map((place) => serveHttp(place, answerFor, log)),
  ...web.map((place) => serveHttps(place, answerFor, certify, log)),
  ...others.filter(isMetadata).map((place) => serveHttp(place, () => metadataAnswer(place.name), log)),
  ...[...web, ...others].flatMap((place) =>
    tcpPorts.filter((port) => !servesSites(place, port)).map((port) => answerByName(place, port, log)),
  ),
  ...others.flatMap((place) => udpPorts.map((port) => echoDatagrams(place, port, log))),
]);

// Model-chosen code talks to this program: it shall not do so with root.
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}

function servesSites(place: NamedAddress, port: number): boolean {
  if (isMetadata(place)) return port === webPorts.http;
  return webAddresses.includes(place) && (port === webPorts.http || port === webPorts.https);
}
