import { describe, expect, test } from "vitest";
import { secrecyOf, taintedOutputs } from "../../../plugins/command/secrecy.ts";

describe("outputs", () => {
  test.each([
    [["stdin"], ["stdout", "stderr"]],
    [
      ["connection", "environment"],
      ["stdout", "stderr"],
    ],
    [["connection"], []],
    [["stdout", "stderr"], []],
    [[], []],
  ])("secret inputs %j make %j secret", (inputs, outputs) => {
    expect(taintedOutputs(new Set(inputs))).toEqual(outputs);
  });
});

describe("redaction", () => {
  const inputs = {
    create: "deploy --target web",
    stdin: '{"password":"correct-horse","target":"web"}',
    environment: { TOKEN: "battery-staple", PLAIN: "visible-word" },
  };
  const secrecy = secrecyOf(inputs, [["stdin"], ["environment", "TOKEN"]]);

  test("hides every word that comes from a secret, even from inside of one", () => {
    expect(secrecy.redact("login failed for correct-horse")).toBe("login failed for [secret]");
    expect(secrecy.redact("TOKEN=battery-staple;")).toBe("TOKEN=[secret];");
  });

  test("keeps the words of the open command, of open inputs, and short ones", () => {
    expect(secrecy.redact("cannot deploy target web: visible-word")).toBe("cannot deploy target web: visible-word");
  });

  test("knows which inputs are hidden", () => {
    expect([secrecy.tainted, secrecy.hides("stdin"), secrecy.hides("create")]).toEqual([true, true, false]);
  });

  test("a connection is no secret that a command is fed", () => {
    const open = secrecyOf({ ...inputs, connection: { password: "visible-word" } }, [["connection"]]);
    expect(open.tainted).toBe(false);
    expect(open.redact("visible-word")).toBe("visible-word");
  });
});
