import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { cloudInit, CUSTOM_DATA_LIMIT } from "#components/host/bundle/cloud-init.ts";
import { hostScript } from "#components/host/bundle/host-script.ts";
import { planBundle } from "#components/host/bundle/plan-bundle.ts";
import { aHost } from "./a-host.ts";

const key = { privateKey: "-----BEGIN\nprivate\n-----END\n", publicKey: "ecdsa-sha2-nistp256 AAAA" };
const bundle = planBundle(aHost());

interface Config {
  readonly ssh_keys: Record<string, string>;
  readonly users: unknown[];
  readonly write_files: readonly { readonly content: string; readonly permissions: string }[];
}

const scriptIn = (userData: string): string =>
  gunzipSync(Buffer.from((parse(userData) as Config).write_files[0]?.content ?? "", "base64")).toString();

test("a machine is born by the very script that is sent over ssh", () => {
  const { userData, complete } = cloudInit(bundle, key);
  expect(complete).toBe(true);
  expect(userData.startsWith("#cloud-config\n")).toBe(true);
  expect(scriptIn(userData)).toBe(hostScript(bundle));
  expect(parse(userData)).toMatchObject({
    users: [{ name: "root", lock_passwd: false }],
    ssh_deletekeys: true,
    ssh_keys: { ecdsa_private: key.privateKey, ecdsa_public: key.publicKey },
    write_files: [{ permissions: "0600" }],
  });
});

test("what does not fit waits for ssh, and the way in is there", () => {
  const noise = Array.from({ length: 20_000 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296).join("");
  const big = planBundle(aHost({ files: [{ path: "/etc/big", content: noise }], units: [] }));
  const { userData, complete } = cloudInit(big, key);
  expect(complete).toBe(false);
  expect(Buffer.from(userData).toString("base64").length).toBeLessThanOrEqual(CUSTOM_DATA_LIMIT);
  const script = scriptIn(userData);
  for (const path of [
    "/etc/ssh/sshd_config.d/10-garrison.conf",
    "/etc/ssh/authorized_keys.d/ops",
    "/etc/sudoers.d/90-garrison-ops",
    "/etc/garrison/rules.d/garrison-host.nft",
  ]) {
    expect(script).toContain(`entry ${path} `);
  }
  expect(script).not.toMatch(/^entry \/etc\/(big|docker|nginx)/m);
});

test.each([
  ["a plain file of the machine", { path: "/etc/app/token", content: "made-up-violet-otter", secret: true }],
  [
    "a small one among large ones",
    { path: "/etc/app/second", content: "made-up-violet-otter", secret: true, mode: "0600" },
  ],
])("what is marked secret is never in custom data, whatever it is packed in: %s", (_, file) => {
  const { userData, complete } = cloudInit(planBundle(aHost({ files: [file], units: [] })), key);
  expect(complete).toBe(false);
  const script = scriptIn(userData);
  for (const form of [file.content, Buffer.from(file.content).toString("base64"), file.path])
    expect((userData + script).includes(form), form).toBe(false);
  // The way in is there, and without the mark the file would be too.
  expect(script).toContain("entry /etc/sudoers.d/90-garrison-ops ");
  const open = cloudInit(planBundle(aHost({ files: [{ ...file, secret: false }], units: [] })), key);
  expect(scriptIn(open.userData)).toContain(Buffer.from(file.content).toString("base64"));
});

test("too little room for the way in is refused with both numbers", () => {
  expect(() => cloudInit(bundle, key, 1000)).toThrow(/found \d+ characters.*expected at most 1000/);
});
