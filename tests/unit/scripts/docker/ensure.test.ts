import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureDocker, whatOnlyAPersonCanDo } from "#scripts/docker/ensure.ts";
import { dockerAddress } from "#helpers/docker/ping.ts";
import { ProblemReport, renderReport } from "#helpers/terminal/report.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a daemon that DOCKER_HOST names", () => {
  it("is taken when it answers", async () => {
    const server = createServer((_, response) => response.end(JSON.stringify({ Version: "29.1.0" })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `tcp://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    vi.stubEnv("DOCKER_HOST", address);
    expect(await ensureDocker()).toEqual({ address, version: "29.1.0", denied: false });
    server.close();
  });

  it("is never replaced by one on this machine: the message names it, and preview as the way out", async () => {
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    const error = await ensureDocker().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemReport);
    const text = renderReport(error as ProblemReport);
    expect(text).toContain("tcp://127.0.0.1:1");
    expect(text).toContain("ECONNREFUSED");
    expect(text).toContain("npm run preview works without a daemon");
  });

  it("is the local socket when the variable is empty", () => {
    expect(dockerAddress({ DOCKER_HOST: "" })).toBe("unix:///var/run/docker.sock");
  });
});

describe("what only a person can do", () => {
  const local = { address: "unix:///var/run/docker.sock", reason: "no answer", denied: false };

  it("is to let a user talk to a daemon that is there", () => {
    expect(whatOnlyAPersonCanDo({ ...local, denied: true })).toContain("usermod -aG docker");
  });

  it("is to start a daemon that DOCKER_HOST names", () => {
    expect(whatOnlyAPersonCanDo({ ...local, address: "ssh://elsewhere.example" })).toContain("unset DOCKER_HOST");
  });

  it("is nothing for root, and starting the daemon for everybody else", () => {
    const getuid = vi.spyOn(process, "getuid");
    getuid.mockReturnValue(0);
    expect(whatOnlyAPersonCanDo(local)).toBeUndefined();
    getuid.mockReturnValue(1000);
    expect(whatOnlyAPersonCanDo(local)).toContain("sudo systemctl start docker");
    getuid.mockRestore();
  });
});
