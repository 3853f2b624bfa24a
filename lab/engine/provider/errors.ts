/** The failures of a provider, and how the engine is told about them. */
import grpc from "@grpc/grpc-js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { ProblemReport, reportLine } from "@garrison/helpers/terminal/report.ts";
import { toStruct, type Properties } from "@garrison/helpers/pulumi/values.ts";

/** The resource exists but is not as it should be: the engine keeps its id, and the next up repairs it. */
export class InitFailed extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(id: string, outputs: Properties, reason: string) {
    super(reason);
    this.name = "InitFailed";
    this.id = id;
    this.outputs = outputs;
  }
}

/** The run was cancelled by the user. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/** The engine ended without a word: nobody will record what is made now. */
export class EngineGone extends Error {
  constructor() {
    super("the engine is gone");
    this.name = "EngineGone";
  }
}

/** The operation took longer than the resource's own timeout. */
export class TimedOut extends Error {
  constructor(seconds: number) {
    super(`not done after ${seconds} s, the resource's own timeout (customTimeouts)`);
    this.name = "TimedOut";
  }
}

/**
 * The failure as the engine understands it. Never carries a stack: it would end in the user's terminal.
 * @param sealed the outputs of a failed initialisation with their secrets sealed
 */
export function toServiceError(error: unknown, sealed?: Properties): Partial<grpc.ServiceError> {
  const message = textOf(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitFailed) {
    metadata.add("grpc-status-details-bin", Buffer.from(initFailedStatus(error, sealed ?? {}).serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, message, metadata };
}

function textOf(error: unknown): string {
  if (error instanceof ProblemReport) return reportLine(error);
  return error instanceof Error ? error.message : String(error);
}

function initFailedStatus(error: InitFailed, sealed: Properties): statuses.Status {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(sealed));
  detail.setReasonsList([error.message]);
  const packed = new anys.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(packed);
  return status;
}
