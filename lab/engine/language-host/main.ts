/**
 * The language host of the lab's engine: runs TypeScript programs, policy packs and Node plugins for the Pulumi
 * command line where the official host cannot be had. The engine starts it and reads its port from the first line.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import runtime from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { parseHostArguments } from "./arguments.ts";
import { killAllChildren } from "./children.ts";
import { languageService } from "./service.ts";

const parentCheckMs = 500;
const messageLimit = 400 * 1024 * 1024;

const server = new Server({
  "grpc.max_receive_message_length": messageLimit,
  "grpc.max_send_message_length": messageLimit,
});
server.addService(runtime.LanguageRuntimeService, languageService(parseHostArguments(process.argv.slice(2))));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write(`pulumi-language-nodejs: cannot listen: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
});

process.on("SIGINT", leave);
process.on("SIGTERM", leave);
// A killed engine cannot say goodbye; whoever adopts us then is not the parent we were started by.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) leave();
}, parentCheckMs).unref();

function leave(): never {
  killAllChildren();
  process.exit(0);
}
