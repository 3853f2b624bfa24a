import { expect, test } from "vitest";
import { uncheckedKeys } from "#policies/lib/host-keys.ts";
import { passwordLoginsIn } from "#policies/lib/password-logins.ts";
import { commandsOfUnit } from "#policies/lib/scripts/file-kinds.ts";

const many = " ".repeat(150);

test("more blanks than anybody types hide nothing", () => {
  expect(uncheckedKeys(`StrictHostKeyChecking${many}no`)).toEqual(["StrictHostKeyChecking=no"]);
  expect(passwordLoginsIn(`users:\n${many}plain_text_passwd${many}: x\n`)).toEqual(["a password of a user"]);
  expect(commandsOfUnit("/etc/systemd/system/a.service", `${many}ExecStart${many}=${many}/bin/sh -c x\n`)).toBe(
    "/bin/sh -c x",
  );
});
