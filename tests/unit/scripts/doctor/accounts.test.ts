import { expect, test } from "vitest";
import { judgeAccounts } from "#scripts/doctor/accounts.ts";

const passwd = "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n";

test("an account with a container's number is noted, with the containers", () => {
  const containers = [
    { container: "lab-wazuh-indexer", uid: 1000 },
    { container: "lab-llm-guard", uid: 1000 },
    { container: "lab-socket-proxy", uid: 0 },
    { container: "lab-valkey", uid: 20_012 },
  ];
  const { verdict, found } = judgeAccounts(passwd, containers);
  expect(verdict).toBe("note");
  expect(found).toMatch(/^alice has the number 1000 of lab-llm-guard, lab-wazuh-indexer: /);
  expect(judgeAccounts(passwd, containers.slice(2)).verdict).toBe("ok");
});
