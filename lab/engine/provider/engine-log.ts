/** Lines that the engine shows beside a resource. */
import grpc from "@grpc/grpc-js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";

type Severity = "debug" | "info" | "warning" | "error";
type Log = (urn: string, message: string, options?: { severity?: Severity; transient?: boolean }) => void;

/** Best effort: a line that cannot be delivered must not fail a deployment. */
export function engineLog(address: string): Log {
  let client: engineServices.EngineClient | undefined;
  return (urn, message, options = {}) => {
    client ??= new engineServices.EngineClient(address, grpc.credentials.createInsecure());
    const request = new engineMessages.LogRequest();
    request.setUrn(urn);
    request.setMessage(message);
    request.setSeverity(severities[options.severity ?? "info"]);
    request.setEphemeral(options.transient ?? false);
    client.log(request, () => undefined);
  };
}

const severities: Readonly<Record<Severity, engineMessages.LogSeverity>> = {
  debug: engineMessages.LogSeverity.DEBUG,
  info: engineMessages.LogSeverity.INFO,
  warning: engineMessages.LogSeverity.WARNING,
  error: engineMessages.LogSeverity.ERROR,
};
