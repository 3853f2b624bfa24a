import { expect, test } from "vitest";
import { advice } from "#scripts/engine/advice.ts";
import { commandFor, doctorFor, pulumiLine } from "#scripts/engine/choice.ts";

const again = "npm run up -- --estate trial";
const image = `127.0.0.1:5000/garrison/valkey@sha256:${"0".repeat(64)}`;

test.each([
  ["write /x: no space left on device", "df -h"],
  ["Bind for 127.64.0.1:1514 failed: port is already allocated", "ss -ltnp"],
  ["Unable to start container: listen tcp4 127.64.0.1:1514: bind: address already in use", "ss -ltnp"],
  ['the container name "/x" is already in use by container "abc"', "docker ps -a"],
  // Docker 20.10, then from 23 on.
  ["Unable to create container: Error response from daemon: Unknown runtime specified runsc", "the runtime runsc ("],
  ["Error response from daemon: unknown or invalid runtime name: runsc", "the runtime runsc ("],
  ["Setting VolumeOptions.Subpath requires docker version 1.45 or higher", "update Docker"],
  ["docker.Container.gwPriority needs API 1.48; the daemon at unix:///x speaks 1.41", "update Docker"],
  [
    "no resource plugin 'pulumi-resource-docker' found in the workspace at version v5.2.0 or on your $PATH",
    "pulumi plugin install resource docker 5.2.0, then",
  ],
  // The official plugin, with and without a reason, and the lab's.
  [`Unable to create container with image ${image}: unable to find or pull image ${image}`, `docker pull ${image})`],
  [`unable to pull image ${image}: error pulling image ${image}: connection refused`, `docker pull ${image})`],
  [`cannot pull ${image}: manifest unknown`, `docker pull ${image})`],
  ["garrison: office-valkey is not running (docker logs office-valkey says why)", "docker logs office-valkey)"],
  ["Unable to start container: exec: no such file", "npm run status"],
  ["container failed to be in healthy state", "npm run status"],
  ["something else on unix:///var/run/docker.sock", "put it right"],
])("an error ends in what to type and in the command that completes: %s", (text, expected) => {
  expect(advice(text, again)).toContain(expected);
  expect(advice(text, again)).toMatch(/, then npm run up -- --estate trial$/);
});

test.each([
  "no Docker daemon answers at unix:///var/run/docker.sock",
  "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  'error during connect: Get "http://docker.example.com/v1.41/version": EOF',
  "read unix @->/var/run/docker.sock: read: connection reset by peer",
])("a daemon that went is started by the same command: %s", (text) => {
  expect(advice(text, again)).toBe(
    "npm run up -- --estate trial (starts the daemon where it may); npm run doctor -- --estate trial tells more",
  );
});

test("what is to be typed is about the same estate", () => {
  expect(doctorFor("npm run up")).toBe("npm run doctor");
  expect(doctorFor("npm run down -- --estate trial --volumes")).toBe("npm run doctor -- --estate trial");
  expect(doctorFor("npm run down -- --volumes")).toBe("npm run doctor");
  expect(doctorFor("npm run lab -- deploy gpu")).toBe("npm run doctor");
  expect(commandFor({ name: "office", stack: "office" }, "up")).toBe("npm run up");
  expect(commandFor({ name: "trial", stack: "gpu" }, "down", "--volumes")).toBe(
    "npm run down -- --stack gpu --estate trial --volumes",
  );
  expect(pulumiLine({ name: "office", stack: "office" }, "cancel --yes")).toBe("npm run pulumi -- cancel --yes");
  expect(pulumiLine({ name: "trial", stack: "gpu" }, "cancel --yes")).toBe(
    "GARRISON_ESTATE=trial npm run pulumi -- cancel --yes -s gpu",
  );
});
