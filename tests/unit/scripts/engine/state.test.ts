import { describe, expect, test } from "vitest";
import { keptSecrets } from "#scripts/engine/kept-secrets.ts";
import { findOrphans } from "#scripts/engine/orphans.ts";
import type { LabelledObject } from "#scripts/engine/orphans.ts";
import { checkMissing, checkOrphans } from "#scripts/doctor/estate.ts";
import { dockerIds, parseExport, parseState, stackOutputs, stateAuthor } from "#scripts/engine/state.ts";
import type { EngineState, StateResource } from "#scripts/engine/state.ts";

const mark = { __garrisonLab: "docker@5.2.0" };

function resource(type: string, id: string | undefined, outputs: Record<string, unknown> = {}): StateResource {
  return {
    urn: `urn:pulumi:office::garrison::${type}::thing-${id ?? "none"}`,
    type,
    outputs,
    ...(id !== undefined && { id }),
  };
}

function stateOf(...resources: StateResource[]): EngineState {
  return { exists: true, resources, pending: [] };
}

describe("the state", () => {
  test("is read from the engine's own file, pending operations included", () => {
    const latest = {
      resources: [resource("docker:index/container:Container", "c1")],
      pending_operations: [{ type: "creating", resource: resource("docker:index/network:Network", undefined) }],
    };
    const state = parseState(JSON.stringify({ version: 3, checkpoint: { stack: "office", latest } }), "office.json");
    expect(state.resources).toHaveLength(1);
    expect(state.pending).toEqual([{ type: "creating", urn: expect.stringContaining("Network") as string }]);
  });

  test("of a new stack is empty, and a damaged one is told with its file", () => {
    expect(parseState(`{"version":3,"checkpoint":{"stack":"office"}}`, "f")).toEqual({
      exists: true,
      resources: [],
      pending: [],
    });
    expect(() => parseState(`{"version":3`, "office.json")).toThrow(/cannot be read/);
  });

  test("that was exported with its secrets has them in their places", () => {
    const secret = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    const inputs = { create: "sh", stdin: secret("two\nlines"), triggers: [secret({ deep: secret("er") })] };
    const state = parseExport(
      JSON.stringify({ version: 3, deployment: { resources: [{ urn: "u", type: "t", inputs }] } }),
    );
    expect(state.resources[0]?.inputs).toEqual({ create: "sh", stdin: "two\nlines", triggers: [{ deep: "er" }] });
  });

  test("names the secrets that stay with the data, and what they are made of", () => {
    const named = (urn: string, type: string): StateResource => ({ urn, type });
    const base = "urn:pulumi:office::garrison::garrison:stack:Machine";
    const kept = [
      named(`${base}$garrison:secrets:RotatingSecret::token`, "garrison:secrets:RotatingSecret"),
      named(
        `${base}$garrison:secrets:RotatingSecret$tls:index/privateKey:PrivateKey::a`,
        "tls:index/privateKey:PrivateKey",
      ),
    ];
    const others = [
      named(base, "garrison:stack:Machine"),
      named(
        `${base}$garrison:files:HostFiles$command:local:Command::garrison:secrets:RotatingSecret`,
        "command:local:Command",
      ),
    ];
    expect(keptSecrets(stateOf(...others, ...kept))).toEqual(kept.map(({ urn }) => urn));
  });

  test("tells which plugins wrote it", () => {
    const provider = resource("pulumi:providers:docker", "p");
    const ours = resource("docker:index/container:Container", "c1", mark);
    const theirs = resource("random:index/randomPassword:RandomPassword", "r1");
    expect(stateAuthor(stateOf(provider))).toBe("nobody");
    const begun = resource("docker:index/network:Network", undefined);
    expect(stateAuthor(stateOf(provider, ours, begun))).toBe("lab");
    expect(stateAuthor(stateOf(provider, theirs))).toBe("official");
    expect(stateAuthor(stateOf(ours, theirs))).toBe("both");
  });

  test("hands out the stack's outputs", () => {
    expect(stackOutputs(stateOf(resource("pulumi:pulumi:Stack", undefined, { scale: 0.5 })))).toEqual({ scale: 0.5 });
    expect(stackOutputs(stateOf())).toEqual({});
  });
});

describe("what a killed run left", () => {
  const objects: LabelledObject[] = [
    { kind: "container", id: "c1", name: "x-known" },
    { kind: "container", id: "c2", name: "x-unknown" },
    { kind: "network", id: "n2", name: "x-net" },
    { kind: "volume", id: "x-data", name: "x-data" },
  ];
  const state = stateOf(
    resource("docker:index/container:Container", "c1"),
    resource("docker:index/container:Container", "c9"),
    resource("command:local:Command", "c2"),
  );

  test("is every container and network that the state does not know; never a volume, which is kept on purpose", () => {
    expect(findOrphans(objects, dockerIds(state)).map(({ name }) => name)).toEqual(["x-unknown", "x-net"]);
    expect(findOrphans([], dockerIds(state))).toEqual([]);
  });

  test("is reported by the doctor, as is what the state knows and nobody has", () => {
    expect(checkOrphans(objects, state)).toMatchObject({ verdict: "wrong", found: "x-unknown, x-net" });
    expect(checkMissing(objects, state)).toMatchObject({ verdict: "wrong", found: "thing-c9" });
    expect(checkOrphans([], stateOf())).toMatchObject({ verdict: "ok" });
    expect(checkMissing([], stateOf())).toMatchObject({ verdict: "ok" });
  });
});
