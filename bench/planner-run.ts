import { planMachine } from "../components/machine/plan-machine.ts";
import { reachability } from "../components/network/reachability.ts";
import { manyContainers } from "./planner-machine.ts";

// One plan in a process of its own: node bench/planner-run.ts <containers>. Prints what it took, without Node's start.
const input = manyContainers(Number(process.argv[2]));
const { flows, allowed, services } = input.definition;
const [first] = flows.filter(({ from, to }) => from !== "proxy" && to !== "proxy");
if (first === undefined) throw new Error("no flow");

const used = process.cpuUsage();
const begun = performance.now();
const { networks, settings } = planMachine(input);
const { publish, resolvers } = settings;
const reach = reachability({ services, networks, flows, allowed, publish, resolvers });
const answer = reach.ask(first.from, first.to, { number: 8080, protocol: "tcp" });
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(used);

if (!answer.reachable) throw new Error(answer.reason);
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1_000_000 }));
