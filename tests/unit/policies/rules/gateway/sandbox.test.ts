import { describe, expect, test } from "vitest";

import { rule } from "#policies/rules/gateway/sandbox.ts";
import { onConfiguration, onUpload } from "./configured.ts";

const docker = { network: "none", capDrop: ["ALL"], readOnlyRoot: true };
const sandbox = (own: Readonly<Record<string, unknown>>, inDocker: Readonly<Record<string, unknown>> = {}) =>
  onConfiguration(rule, {
    agents: { defaults: { sandbox: { mode: "all", docker: { ...docker, ...inDocker }, ...own } } },
  });

test.each([
  [{}, {}],
  [{ mode: "ALL" }, { capDrop: ["cap_all"], network: "None", readOnlyRoot: "true" }],
  [{ workspaceAccess: "ro" }, { user: "1000:1000", binds: ["/srv/data:/data:ro", "/etc/localtime:/etc/localtime:ro"] }],
])("accepts %j %j", (own, inDocker) => {
  expect(sandbox(own, inDocker)).toEqual([]);
});

test.each([
  [{ mode: "off" }, {}, 'mode: "off"'],
  [{ mode: "non-main" }, {}, 'mode: "non-main"'],
  [{ mode: undefined }, {}, "mode: not set"],
  [{ workspaceAccess: "rw" }, {}, 'workspaceAccess: "rw"'],
  [{ browser: { allowHostControl: true } }, {}, "browser.allowHostControl: true"],
  [{ browser: { binds: ["/:/host"] } }, {}, 'browser.binds.0: "/"'],
  [{}, { network: "bridge" }, 'docker.network: "bridge"'],
  [{}, { network: undefined }, "docker.network: not set"],
  [{}, { capDrop: [] }, "docker.capDrop: []"],
  [{}, { capDrop: ["NET_RAW"] }, 'docker.capDrop: ["NET_RAW"]'],
  [{}, { capDrop: undefined }, "docker.capDrop: not set"],
  [{}, { readOnlyRoot: false }, "docker.readOnlyRoot: false"],
  [{}, { user: "0:0" }, 'docker.user: "0:0"'],
  [{}, { user: "root" }, 'docker.user: "root"'],
  [{}, { seccompProfile: "Unconfined" }, 'docker.seccompProfile: "Unconfined"'],
  [{}, { apparmorProfile: "unconfined" }, 'docker.apparmorProfile: "unconfined"'],
  [{}, { binds: ["/var/run/docker.sock:/s"] }, 'docker.binds.0: "/var/run/docker.sock"'],
  [{}, { binds: ["/etc:/e:ro"] }, 'docker.binds.0: "/etc"'],
  [{}, { dangerouslyAllowReservedContainerTargets: true }, "docker.dangerouslyAllowReservedContainerTargets: true"],
  [{}, { dangerouslyAllowContainerNamespaceJoin: "true" }, 'docker.dangerouslyAllowContainerNamespaceJoin: "true"'],
])("finds %j %j", (own, inDocker, expected) => {
  const lines = sandbox(own, inDocker);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`configuration.agents.defaults.sandbox.${expected}`);
});

describe("a single agent", () => {
  const single = (own: unknown) =>
    onConfiguration(rule, { agents: { defaults: { sandbox: { mode: "all", docker } }, list: [{ sandbox: own }] } });

  test.each([[undefined], [{}], [{ scope: "agent" }], [{ docker: { memory: "1g" } }]])("may say nothing: %j", (own) => {
    expect(single(own)).toEqual([]);
  });

  test.each([
    [{ mode: "off" }],
    [{ docker: { network: "bridge" } }],
    [{ docker: { capDrop: [] } }],
    [{ docker: { binds: ["/:/h"] } }],
  ])("may not depart: %j", (own) => {
    expect(single(own)).toEqual([expect.stringContaining("configuration.agents.list.0.sandbox.")]);
  });
});

test("a configuration without a word on sandboxes has none", () => {
  expect(onUpload(rule, "{}")).toHaveLength(4);
});
