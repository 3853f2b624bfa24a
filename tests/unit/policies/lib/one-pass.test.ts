import { createRequire } from "node:module";
import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test, vi } from "vitest";

import { inOnePass } from "#policies/lib/one-pass.ts";
import type { Policy } from "#policies/lib/one-pass.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { packOf } from "#policies/lib/to-policy.ts";
import { policiesOf } from "#policies/pack.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { urnOf } from "../support.ts";

type Handler = (
  call: object,
  done: (error: Error | null | undefined, response: InstanceType<typeof messages.AnalyzeResponse>) => void,
) => void;
type MakeHandler = (name: string, version: string, level: string, policies: readonly Policy[]) => Handler;

/** What the SDK's server answers the engine with. It exports the functions, without a type. */
const sdk = createRequire(import.meta.url)("@pulumi/policy/server") as {
  makeAnalyzeRpcFun: MakeHandler;
  makeAnalyzeStackRpcFun: MakeHandler;
};

test("the SDK answers the same about examples of every rule, the first time and after", async () => {
  const [plain, onePass] = [
    server([...policiesOf(packOf(rules), "/pack")]),
    server(policiesOf(packOf(rules), "/pack")),
  ];
  let found = 0;
  for (const { resources } of rules.flatMap(({ examples }) => examples.bad.slice(0, 2))) {
    const expected = await plain.judge(resources);
    expect(await onePass.judge(resources)).toEqual(expected);
    found += expected.length;
  }
  expect(found).toBeGreaterThan(rules.length);
});

test("only those policies are asked by the SDK that were never asked, or that have something to say", async () => {
  const { first, quiet, loud } = threePolicies();
  const policies = inOnePass(first, [quiet, loud]);
  const { judge } = server(policies);
  expect(await judge([thing])).toEqual(["loud: resource", "loud: stack"]);
  const handedOut = spyOnList(policies);
  expect(await judge([thing])).toEqual(["loud: resource", "loud: stack"]);
  expect(handedOut).toEqual(["first", "loud", "first", "loud"]);
  expect(quiet.validateResource).toHaveBeenCalledTimes(2);
});

test("whoever asks nothing is given every policy as it is", () => {
  const { first, quiet, loud } = threePolicies();
  const policies = inOnePass(first, [quiet, loud]);
  expect(policies.map(({ name }) => name)).toEqual(["first", "quiet", "loud"]);
  expect([...policies].slice(1)).toEqual([quiet, loud]);
});

test("a policy that is switched off is never run", async () => {
  const { first, quiet } = threePolicies();
  const { judge } = server(inOnePass(first, [{ ...quiet, enforcementLevel: "disabled" }]));
  await judge([thing]);
  await judge([thing]);
  expect(quiet.validateResource).not.toHaveBeenCalled();
});

test("each policy reads its own configuration", () => {
  const { first } = threePolicies();
  const reported: string[] = [];
  const telling = (name: string): ResourceValidationPolicy => ({
    ...policy(name),
    validateResource: (args, report) => {
      report(JSON.stringify(args.getConfig()));
    },
  });
  const policies = inOnePass(first, [telling("one"), telling("other")]);
  const askAsTheSdk = () => {
    for (const { name, validateResource } of policies as ResourceValidationPolicy[]) {
      const args = { getConfig: () => ({ of: name }) } as ResourceValidationArgs;
      if (typeof validateResource === "function") void validateResource(args, (message) => reported.push(message));
    }
  };
  askAsTheSdk();
  askAsTheSdk();
  expect(reported).toEqual(['{"of":"one"}', '{"of":"other"}', '{"of":"one"}', '{"of":"other"}']);
});

test("a policy that fails is named by the SDK, also when it is not the first time", async () => {
  const { first, quiet, loud } = threePolicies();
  let fails = false;
  const failing: ResourceValidationPolicy = {
    ...policy("failing"),
    validateResource: () => {
      if (fails) throw new Error("no such thing");
    },
  };
  const { judge } = server(inOnePass(first, [quiet, failing, loud]));
  await judge([thing]);
  fails = true;
  await expect(judge([thing])).rejects.toThrow(/policy 'failing'[^]*no such thing/);
});

const thing: ExampleResource = { type: "example:index:Thing", name: "thing", properties: { size: 1 } };

const policy = (name: string) => ({ name, description: `Is ${name}.`, enforcementLevel: "mandatory" as const });

function threePolicies() {
  const says = (text: string) => (_: unknown, report: ReportViolation) => {
    report(text);
  };
  const both = { validateResource: () => undefined, validateStack: () => undefined };
  return {
    first: { ...policy("first"), ...both },
    quiet: { ...policy("quiet"), validateResource: vi.fn<() => void>(), validateStack: vi.fn<() => void>() },
    loud: { ...policy("loud"), validateResource: says("resource"), validateStack: says("stack") },
  } satisfies Record<string, ResourceValidationPolicy & StackValidationPolicy>;
}

/** The names that the list hands out from now on. */
function spyOnList(policies: Policy[]): string[] {
  const names: string[] = [];
  const iterate = policies[Symbol.iterator].bind(policies);
  policies[Symbol.iterator] = function* () {
    for (const one of iterate()) {
      names.push(one.name);
      yield one;
    }
    return undefined;
  };
  return names;
}

/** The SDK with these policies, asked as the engine does: about each resource, then about all. */
function server(policies: Policy[]) {
  const [one, all] = [sdk.makeAnalyzeRpcFun, sdk.makeAnalyzeStackRpcFun].map((make) =>
    make("pack", "1.0.0", "mandatory", policies),
  );
  const judge = async (resources: readonly ExampleResource[]): Promise<string[]> => {
    const single = await Promise.all(resources.map((resource) => answer(one, resourceMessage(resource))));
    return [...single.flat(), ...(await answer(all, stackMessage(resources)))];
  };
  return { judge };
}

function answer(handler: Handler | undefined, request: object): Promise<string[]> {
  return new Promise((resolve, reject) => {
    handler?.({ request }, (error, response) => {
      if (error !== null && error !== undefined) reject(error);
      else resolve(response.getDiagnosticsList().map((one) => said(one)));
    });
  });
}

function said(diagnostic: InstanceType<typeof messages.AnalyzeDiagnostic>): string {
  const text = diagnostic.getMessage().replace(`${diagnostic.getDescription()}\n`, "");
  return `${diagnostic.getPolicyname()}: ${text}${diagnostic.getUrn()}`;
}

function resourceMessage(resource: ExampleResource) {
  const request = new messages.AnalyzeRequest();
  describe(request, resource);
  return request;
}

function stackMessage(resources: readonly ExampleResource[]) {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const one = new messages.AnalyzerResource();
      describe(one, resource);
      const parent = resources.find(({ name }) => name === resource.parent);
      if (parent !== undefined) one.setParent(urnOf(parent));
      return one;
    }),
  );
  return request;
}

function describe(
  message: InstanceType<typeof messages.AnalyzeRequest | typeof messages.AnalyzerResource>,
  resource: ExampleResource,
): void {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  const properties = JSON.parse(JSON.stringify(resource.properties)) as Record<string, structs.JavaScriptValue>;
  message.setProperties(structs.Struct.fromJavaScript(properties));
  message.setOptions(new messages.AnalyzerResourceOptions());
}
