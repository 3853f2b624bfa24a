import { fromStruct, openSecrets, sealSecrets, toStruct } from "@garrison/helpers/pulumi/values.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { commandProvider } from "#plugins/command/provider.ts";
import { create } from "#provider/resource-rpcs.ts";
import { urnOf } from "#tests/provider/calls.ts";

// What the official plugin does with secrets: docs/reference/lab-plugin-command.md.
const secret = "correct-horse";

test("only the secret input is secret, and not what the command prints of it", async () => {
  const { secrets, plain } = await made({ create: "cat; echo said >&2", stdin: secret, logging: "none" });
  expect(secrets).toEqual(["stdin"]);
  expect(plain).toMatchObject({ stdout: secret, stderr: "said" });
});

test("lines are logged as they are, unless logging is none", async () => {
  expect((await made({ create: "cat", stdin: secret })).logged).toEqual([secret]);
  expect((await made({ create: "cat", stdin: secret, logging: "none" })).logged).toEqual([]);
});

test("a failure says the command and all that was printed, whatever logging says", async () => {
  const failing = made({ create: "cat; echo and more >&2; exit 3", stdin: `${secret}\n`, logging: "none" });
  await expect(failing).rejects.toThrow(
    `the create command ended with exit code 3: cat; echo and more >&2; exit 3\n${secret}\nand more\n`,
  );
});

test("a failure says the command too where that is the secret", async () => {
  await expect(made({ create: `false ${secret}`, stdin: "" }, "create")).rejects.toThrow(
    `exit code 1: false ${secret}`,
  );
});

test("a line of 64 KiB that is logged fails where the official plugin waits for ever", async () => {
  const line = (bytes: number) => `head -c ${String(bytes)} /dev/zero | tr '\\0' x`;
  await expect(made({ create: line(65_536), stdin: secret })).rejects.toThrow("a line of 64 KiB or more");
  expect((await made({ create: line(65_535), stdin: secret })).plain.stdout).toHaveLength(65_535);
  expect((await made({ create: line(65_536), stdin: secret, logging: "none" })).plain.stdout).toHaveLength(65_536);
});

/** Creates a command of which one input is secret. */
async function made(inputs: Properties, hidden = "stdin") {
  const logged: string[] = [];
  const request = new messages.CreateRequest().setUrn(urnOf("command:local:Command"));
  request.setProperties(toStruct(sealSecrets(inputs, [[hidden]])));
  const response = await create(commandProvider, request, (secrets) => ({
    urn: urnOf("command:local:Command"),
    name: "it",
    settings: undefined,
    signal: new AbortController().signal,
    secrets,
    log: (line) => logged.push(line),
  }));
  const { plain, secrets } = openSecrets(fromStruct(response.getProperties()));
  return { plain, secrets: secrets.map(([name]) => String(name)), logged };
}
