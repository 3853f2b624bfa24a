import { fromStruct, openSecrets, sealSecrets, toStruct, unknownValue } from "@garrison/helpers/pulumi/values.ts";
import { problem } from "@garrison/helpers/terminal/report.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { describe, expect, it } from "vitest";
import type { Context, ProviderDefinition } from "#provider/definition.ts";
import { InitFailed, toServiceError } from "#provider/errors.ts";
import { create, read, remove, update } from "#provider/resource-rpcs.ts";
import type { ProviderSchema } from "#provider/schema.ts";
import { asked, urnOf } from "./calls.ts";

const token = "probe:index/thing:Thing";
const schema: ProviderSchema = {
  provider: "probe",
  version: "1.0.0",
  providerInputs: {},
  types: { "probe:index/Part:Part": { properties: { pin: { type: "string", secret: true } }, required: ["pin"] } },
  resources: {
    [token]: {
      inputs: {
        name: { type: "string", willReplaceOnChanges: true },
        size: { type: "integer", default: 3 },
        parts: { type: "array", items: { $ref: "#/types/probe:index/Part:Part" } },
        rare: { type: "string" },
      },
      requiredInputs: [],
      outputs: { key: { type: "string", secret: true }, address: { type: "string" } },
      required: ["address", "key", "name"],
    },
  },
};

const probe: ProviderDefinition<undefined> = {
  name: "probe",
  version: "1.0.0",
  schema,
  resources: {
    [token]: {
      nameProperty: "name",
      unsupported: { rare: "nobody needs it" },
      create: ({ size }) =>
        size === 13
          ? Promise.reject(new InitFailed("id-13", { key: "k13" }, "unlucky"))
          : Promise.resolve({ id: "id-1", outputs: { key: "k", address: "here" } }),
      update: () => Promise.resolve({ address: "there" }),
      delete: () => Promise.resolve(),
    },
  },
  configure: () => undefined,
};
const mark = { __garrisonLab: "probe@1.0.0" };
const context = () => ({}) as Context<undefined>;
const opened = (message: { getProperties(): Parameters<typeof fromStruct>[0] }) =>
  openSecrets(fromStruct(message.getProperties()));

describe("check", () => {
  it("fills in names and defaults, and keeps a name that it made before", () => {
    const first = asked(probe, token).checkedInputs({});
    expect(first).toMatchObject({ size: 3, __defaults: ["size", "name"] });
    expect(first.name).toMatch(/^it-[0-9a-f]{7}$/);
    const kept = asked(probe, token).checkedInputs({}, { name: "it-0000000", __defaults: ["name"] });
    expect(kept.name).toBe("it-0000000");
    const dropped = asked(probe, token).checkedInputs({}, { name: "written", __defaults: [] });
    expect(dropped.name).not.toBe("written");
  });

  it("reports every failure at once, never with the value", () => {
    const failures = asked(probe, token).check({ size: "hunter2", parts: [{}], rare: "x", other: 1 });
    expect(failures).toEqual([
      { property: "other", reason: "probe.Thing has no property other; known are: name, parts, rare, size" },
      { property: "parts[0].pin", reason: "probe.Thing.parts[0].pin is missing; it is required" },
      { property: "rare", reason: "probe.Thing.rare is not implemented by the lab plugin: nobody needs it" },
      { property: "size", reason: "probe.Thing.size is a text; expected a whole number" },
    ]);
  });

  it("passes unknown values of any type, and seals nested secrets", () => {
    expect(asked(probe, token).check({ size: unknownValue })).toEqual([]);
    const inputs = asked(probe, token).checkedInputs({ parts: [{ pin: "1234" }] });
    expect(openSecrets(inputs).secrets).toEqual([["parts", 0, "pin"]]);
  });
});

describe("create", () => {
  const asking = (inputs: Record<string, unknown>, preview = false) => {
    const request = new messages.CreateRequest().setUrn(urnOf(token)).setPreview(preview);
    return create(probe, request.setProperties(toStruct(inputs)), context);
  };

  it("marks the state and seals secret outputs and inputs", async () => {
    const response = await asking(sealSecrets({ name: "n", size: 1, __defaults: ["size"] }, [["size"]]));
    expect(response.getId()).toBe("id-1");
    expect(opened(response).plain).toEqual({ name: "n", size: 1, key: "k", address: "here", ...mark });
    expect(opened(response).secrets).toEqual(expect.arrayContaining([["size"], ["key"]]));
  });

  it("knows in a preview what it can know, and calls no hook", async () => {
    const { plain } = opened(await asking({ name: "n", size: 13 }, true));
    expect(plain).toEqual({ name: "n", size: 13, key: unknownValue, address: unknownValue, ...mark });
  });

  it("keeps the id and seals the outputs of a resource that failed half-way", async () => {
    const failure = await asking({ name: "n", size: 13 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ id: "id-13", message: "unlucky" });
    const { outputs } = failure as InitFailed;
    expect(openSecrets(outputs)).toMatchObject({ plain: { key: "k13", ...mark }, secrets: [["key"]] });
    expect(toServiceError(failure, outputs).metadata?.get("grpc-status-details-bin")).toHaveLength(1);
  });
});

describe("what the engine is told of a failure", () => {
  it("is all of a report, on one line", () => {
    const report = problem("Incus refuses", { property: "bridge", found: "taken", expected: "free", fix: "ip link" });
    expect(toServiceError(report).message).toBe("Incus refuses: bridge: taken; type: ip link");
  });

  it("is the message of any other error, without its stack", () => {
    expect(toServiceError(new Error("unlucky")).message).toBe("unlucky");
  });
});

describe("update", () => {
  it("forgets inputs that are no longer set, and keeps computed outputs", async () => {
    const request = new messages.UpdateRequest().setUrn(urnOf(token)).setId("id-1");
    request.setOlds(toStruct({ name: "n", size: 1, rare: "x", key: "k", address: "here", ...mark }));
    request.setOldInputs(toStruct({ name: "n", size: 1, rare: "x" })).setNews(toStruct({ name: "n", size: 2 }));
    const { plain } = opened(await update(probe, request, context));
    expect(plain).toEqual({ name: "n", size: 2, key: "k", address: "there", ...mark });
  });
});

describe("a state that the official plugin wrote", () => {
  const foreign = toStruct({ name: "n" });

  it("is refused by diff, read, update and delete", async () => {
    const refusal = "this state was written by the official probe plugin";
    const reading = new messages.ReadRequest().setUrn(urnOf(token)).setProperties(foreign).setInputs(foreign);
    await expect(read(probe, reading, context)).rejects.toThrow(refusal);
    const updating = new messages.UpdateRequest().setUrn(urnOf(token)).setOlds(foreign).setNews(foreign);
    await expect(update(probe, updating, context)).rejects.toThrow(refusal);
    const deleting = new messages.DeleteRequest().setUrn(urnOf(token)).setProperties(foreign);
    await expect(remove(probe, deleting, context)).rejects.toThrow(refusal);
  });

  it("is told by the mark alone", async () => {
    const deleting = new messages.DeleteRequest().setUrn(urnOf(token)).setProperties(toStruct({ name: "n", ...mark }));
    await expect(remove(probe, deleting, context)).resolves.toBeUndefined();
  });
});
