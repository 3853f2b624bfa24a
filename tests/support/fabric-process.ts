import { text } from "node:stream/consumers";
import type { MachineFact } from "#lab/fabric/fabric.ts";
import { openFabric } from "#lab/azure/incus-fabric.ts";

// A process of its own that makes a machine, so that a test can kill it under way. What it is doing, it says on a line.
const machine = JSON.parse(await text(process.stdin)) as MachineFact;
const fabric = await openFabric();
await fabric.createMachine(machine, {
  signal: new AbortController().signal,
  tell: (detail) => {
    console.log(detail);
  },
});
