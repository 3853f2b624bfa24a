import { describe, expect, test } from "vitest";
import { entry } from "#components/host/bundle/bundle.ts";
import { hostScript } from "#components/host/bundle/host-script.ts";
import { graphDifference, graphOf } from "#tests/support/graph.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const urn = (type: string, name: string): string => `urn:pulumi:office::garrison::Parent$${type}::${name}`;

function preview(...states: readonly object[]): string {
  return JSON.stringify({ steps: states.map((newState) => ({ op: "create", newState })) });
}

const key = (reference: string): string => (reference === `r.example/page@${DIGEST}` ? "page" : "unknown");

describe("a graph", () => {
  test("marks images, secrets and unknown values, and splits texts into lines", () => {
    const state = {
      urn: urn("t:C", "page"),
      parent: urn("t:P", "machine"),
      provider: `${urn("pulumi:providers:docker", "host")}::some-id`,
      dependencies: [urn("t:C", "z"), urn("t:C", "a")],
      retainOnDelete: true,
      protect: false,
      inputs: {
        text: "one\ntwo",
        image: `r.example/page@${DIGEST}`,
        password: "[secret]",
        triggers: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
        __internal: {},
        memory: 64,
      },
    };
    expect(graphOf(preview(state), key)).toEqual({
      "t:C page": {
        parent: "t:P machine",
        provider: "pulumi:providers:docker host",
        dependsOn: ["t:C a", "t:C z"],
        retainOnDelete: true,
        inputs: {
          image: "<image page>",
          memory: 64,
          password: "<secret>",
          text: ["one", "two"],
          triggers: ["<unknown>"],
        },
      },
    });
  });

  test("has programs as hashes, and the files of a bundle as they will lie on the machine", () => {
    const file = entry("/etc/page", "one\ntwo\n", { mode: "600" });
    const bundle = { host: "page", packages: [], users: [], entries: [file], enabled: [], confirmSeconds: 30 };
    const state = { urn: urn("t:C", "page"), inputs: { stdin: hostScript(bundle) } };
    const lines = (graphOf(preview(state), key)["t:C page"]?.inputs as { stdin: string[] }).stdin;
    expect(lines).toEqual([
      expect.stringMatching(/^<host\/bundle\/deliver\.sh [0-9a-f]{12}>$/),
      expect.stringMatching(/^deliver <program [0-9a-f]{12}> 'host page 30$/),
      expect.stringMatching(/^entry \/etc\/page [0-9a-f]{64} 600 root:root none free open -$/),
      ...["  one", "  two", "  "],
      expect.stringMatching(/^end [0-9a-f]{64}$/),
      "' host",
      "",
    ]);
  });

  test("is in the order of its keys, and has each once", () => {
    const [b, a] = [{ urn: urn("t:C", "b") }, { urn: urn("t:C", "a") }];
    expect(Object.keys(graphOf(preview(b, a), key))).toEqual(["t:C a", "t:C b"]);
    expect(() => graphOf(preview(a, a), key)).toThrow("two resources with the same type and name");
  });

  test("is one of an empty stack", () => {
    const json = JSON.stringify({ steps: [{ op: "update", newState: { urn: urn("t:C", "a") } }] });
    expect(() => graphOf(json, key)).toThrow("update in the preview of an empty stack");
  });
});

describe("the difference of two graphs", () => {
  const before = { a: { inputs: { memory: 1, image: "x" } }, b: { inputs: {} } };

  test("names what came, what went, and each property that changed", () => {
    const after = { a: { retainOnDelete: true, inputs: { memory: 2, image: "x" } }, c: {} };
    expect(graphDifference(before, after)).toEqual([
      "~ a: inputs.memory: 1 -> 2",
      "~ a: retainOnDelete: nothing -> true",
      "- b",
      "+ c",
    ]);
  });

  test("of the same graph is empty", () => {
    expect(graphDifference(before, structuredClone(before))).toEqual([]);
  });
});
