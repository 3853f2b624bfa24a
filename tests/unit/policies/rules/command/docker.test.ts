import { expect, test } from "vitest";

import { publishedPort } from "#policies/lib/command-container.ts";
import { rule } from "#policies/rules/command/docker.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const command = (create: string, type = "command:local:Command") => [{ type, name: "x", properties: { create } }];
const found = (text: string) => findings(rule, command(text)).map((line) => line.replace("create: ", ""));

test.each([
  ["docker run --privileged a", "docker run with privileged of true"],
  ["docker run --privileged=true a", "docker run with privileged of true"],
  ["docker -H tcp://x run --privileged a", "docker run with privileged of true"],
  ["DOCKER_HOST=x sudo -E /usr/bin/docker container create --privileged a", "docker create with privileged of true"],
  ["nerdctl run --rm -d --name a --pid host a", 'nerdctl run with pidMode of "host"'],
  ["docker run --net=host a", 'docker run with networkMode of "host"'],
  ["docker run --network container:b a", 'docker run with networkMode of "container:b"'],
  ["docker run --userns=host a", 'docker run with usernsMode of "host"'],
  ["docker run -itv /etc:/host:ro a", 'docker run with volumes.0.hostPath of "/etc": the host\'s configuration'],
  [
    "docker run -v/:/host a",
    'docker run with volumes.0.hostPath of "/": a parent of /run/docker.sock, the Docker socket',
  ],
  ["docker run --volumes-from b:ro a", 'docker run with volumes.0.fromContainer of "b"'],
  ["docker run -v /srv/a:/a:rw,rshared a", 'docker run with mounts.0.bindOptions.propagation of "rshared"'],
  ["docker run --cap-add=SYS_ADMIN a", 'docker run with capabilities.adds.0 of "SYS_ADMIN"'],
  ["docker run --security-opt seccomp=unconfined a", "docker run with securityOpts.0 of seccomp, unconfined"],
  ["docker run --device /dev/sda:/dev/x a", 'docker run with devices.0.hostPath of "/dev/sda"'],
  ["docker run --gpus all a", 'docker run with gpus of "all"'],
  ["docker run --group-add docker a", 'docker run with groupAdds.0 of "docker"'],
  ["docker run -P a", "docker run with publishAllPorts of true"],
  ["docker run -p 8080:80 a", "docker run with ports.0.ip of not set, every address"],
  ["docker run -p [::]:8080:80 a", 'docker run with ports.0.ip of "[::]", every address'],
  ["docker run -e DOCKER_HOST=tcp://x:1 a", "docker run with envs.0 of DOCKER_HOST, the address of a daemon"],
  [
    "docker run --sysctl net.ipv4.ip_forward=1 a",
    'docker run with sysctls.net.ipv4.ip_forward of net.ipv4.ip_forward of "1"',
  ],
  ["x=$(docker run --privileged a)", "docker run with privileged of true"],
  ["docker run \\\n  --rm \\\n  --privileged \\\n  a", "docker run with privileged of true"],
  ["docker exec --privileged b sh", "docker exec with --privileged"],
  ["docker exec -u 0:0 b sh", "docker exec with the user 0:0"],
  ["docker exec --user=root b sh", "docker exec with the user root"],
  ["docker update --pids-limit 0 b", "docker update with --pids-limit 0"],
  ["docker update --memory 1g --memory-swap -1 b", "docker update with --memory-swap -1"],
])("%j", (text, expected) => {
  expect(found(text)).toContain(expected);
});

test.each([
  "docker run --rm a true",
  "docker run --privileged=false a",
  "docker run a --privileged",
  "docker run --name --privileged a",
  "docker run -v data:/data -v /srv/app:/app:ro a",
  "docker run -v /data a",
  "docker run -p 127.0.0.1:8080:80 a",
  "docker run --user 20001 --network app a",
  "docker ps --filter name=privileged",
  "# docker run --privileged a",
  "docker update --pids-limit 64 --memory-swap 128m b",
  "docker exec -u 1000 b true",
  "docker-compose run --privileged a",
  "mydocker run --privileged a",
])("%j passes", (text) => {
  expect(found(text)).toEqual([]);
});

test("every text of a command is read, of a remote one too", () => {
  const text = "docker run --privileged a";
  for (const name of ["create", "update", "delete", "stdin"]) {
    const resource = { type: "command:remote:Command", name: "x", properties: { [name]: text } };
    expect(findings(rule, [resource])).toEqual([`${name}: docker run with privileged of true`]);
  }
});

test("an address, a port and a protocol are told apart", () => {
  expect(publishedPort("80")).toEqual({ ip: undefined, external: undefined, internal: "80" });
  expect(publishedPort("8080:80/udp")).toEqual({ external: "8080", internal: "80" });
  expect(publishedPort("127.0.0.1::80")).toEqual({ ip: "127.0.0.1", external: "", internal: "80" });
  expect(publishedPort("[::1]:8080:80")).toEqual({ ip: "[::1]", external: "8080", internal: "80" });
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, command(UNKNOWN))).toEqual({ verdicts: [], unknown: ["create"] });
});
