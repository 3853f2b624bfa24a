import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { manyResources } from "./policies-graph.ts";
import type { AskedResource } from "./policies-graph.ts";

// One pack, started as the engine starts it and asked as the engine asks, without the engine around it:
// node bench/policies-run.ts <pack> <containers>. Prints what it took, as JSON.

const [pack = "", containers = ""] = process.argv.slice(2);
// As many at once as the engine asks by default on two processors.
const AT_ONCE = 8;
const TICKS_PER_SECOND = 100;

const resources = manyResources(Number(containers));
const begun = performance.now();
const child = start(resolve(pack));
const port = await firstLine(child);
const started = { seconds: (performance.now() - begun) / 1000, cpuSeconds: cpuOf(child) };
const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
  "grpc.max_send_message_length": -1,
  "grpc.max_receive_message_length": -1,
});

const one = await measure(async () => {
  const answers: AnalyzeResponse[] = [];
  for (let index = 0; index < resources.length; index += AT_ONCE) {
    answers.push(...(await Promise.all(resources.slice(index, index + AT_ONCE).map(ask))));
  }
  return answers;
});
const all = await measure(() => askAll(resources));
const memoryMiB = Math.round(statusOf(child, "VmHWM") / 1024);
child.kill();

console.log(
  JSON.stringify({
    started,
    judged: { seconds: one.seconds + all.seconds, cpuSeconds: one.cpuSeconds + all.cpuSeconds },
    resources: resources.length,
    findings: [...one.result, all.result].reduce((sum, answer) => sum + answer.getDiagnosticsList().length, 0),
    memoryMiB,
  }),
);
process.exit(0);

function start(directory: string): ChildProcess {
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return spawn(process.execPath, [runner, "127.0.0.1:0", directory], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function firstLine(process: ChildProcess): Promise<string> {
  return new Promise((ready, failed) => {
    process.stdout?.once("data", (text: Buffer) => {
      ready(text.toString().trim());
    });
    process.once("exit", (code) => {
      failed(new Error(`the pack ended with ${String(code)} before it was ready`));
    });
  });
}

async function measure<T>(work: () => Promise<T>) {
  const usedBefore = cpuOf(child);
  const from = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - from) / 1000, cpuSeconds: cpuOf(child) - usedBefore };
}

function ask({ type, name, properties }: AskedResource): Promise<AnalyzeResponse> {
  const request = new messages.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(urnOf(type, name));
  request.setProperties(structOf(properties));
  request.setOptions(new messages.AnalyzerResourceOptions());
  return answer((done) => client.analyze(request, done));
}

function askAll(asked: readonly AskedResource[]): Promise<AnalyzeResponse> {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(
    asked.map(({ type, name, properties, parent }) => {
      const resource = new messages.AnalyzerResource();
      resource.setType(type);
      resource.setName(name);
      resource.setUrn(urnOf(type, name));
      resource.setProperties(structOf(properties));
      resource.setOptions(new messages.AnalyzerResourceOptions());
      if (parent !== undefined) resource.setParent(urnOf("garrison:container:HardenedContainer", parent));
      return resource;
    }),
  );
  return answer((done) => client.analyzeStack(request, done));
}

function answer(call: (done: (error: Error | null, response: AnalyzeResponse) => void) => void) {
  return new Promise<AnalyzeResponse>((done, failed) => {
    call((error, response) => {
      if (error === null) done(response);
      else failed(error);
    });
  });
}

function structOf(properties: object): structs.Struct {
  return structs.Struct.fromJavaScript(properties as Parameters<typeof structs.Struct.fromJavaScript>[0]);
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:bench::garrison::${type}::${name}`;
}

/** Processor seconds of a process since its start; fields 14 and 15 of proc(5) `stat`, counted after the name. */
function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(join("/proc", String(pid), "stat"), "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A size of proc(5) `status`, in kB. */
function statusOf({ pid }: ChildProcess, name: string): number {
  const status = readFileSync(join("/proc", String(pid), "status"), "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
}
